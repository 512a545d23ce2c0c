"""From roles to words and clips."""

from __future__ import annotations

from datetime import timezone

import numpy as np

from calmvoice import language
from calmvoice.breathing import Pattern
from calmvoice.errors import VoiceError
from calmvoice.patterns import SIGH
from calmvoice.prompter import SENTENCE_GAP_SECONDS, Prompter, Wording
from calmvoice.session.script import Breaths, Chime, Guide, Kind, Line
from calmvoice.sound import SPEAKER_RATE, Clip, Cue, Sound

AGREED = {
    "signal": "red kite",
    "meaning": "We press pause.",
    "event": "food first",
    "bid": "",
    "promise": "",
    "ritual": "a hug",
    "enough": "a hand to hold",
}
TWENTY_TO_EIGHT = 19 * 3600.0 + 40 * 60.0


class Hum:
    """A voice that hums a tenth of a second a word, and has lost the words it is told."""

    def __init__(self, lost: str = "") -> None:
        self.lost = lost
        self.asked: list[str] = []
        self.depths: list[int] = []

    def clip(self, text: str, depth: int = 0) -> Clip:
        self.asked.append(text)
        self.depths.append(depth)
        if self.lost and self.lost in text:
            raise VoiceError(f"cannot say {text!r}", "Try again.")
        count = len(text.split()) * SPEAKER_RATE // 10
        return Clip(Sound(np.full(count, 0.1, np.float32)), (Cue(text, 0, count),))


def prompter(studio: Hum, troubles: list[VoiceError] | None = None) -> Prompter:
    pack = language.load("en")
    wording = Wording(pack, pack.speller(12), AGREED, timezone.utc)
    troubles = [] if troubles is None else troubles
    patterns = {kind: Pattern() for kind in Kind} | {Kind.SIGH: Pattern(SIGH)}
    return Prompter(wording, patterns, studio, troubles.append)


def test_the_bridge_says_the_couples_word_the_minutes_and_the_time() -> None:
    studio = Hum()
    list(prompter(studio).clips((Line("bridge.default", 20, TWENTY_TO_EIGHT),)))
    assert studio.asked == [
        "Red kite.",
        "One of us is full right now.",
        "Nobody is leaving.",
        "Twenty minutes apart, then back here at twenty to eight.",
    ]


def test_the_first_clip_is_there_before_the_last_is_rendered() -> None:
    studio = Hum()
    clips = prompter(studio).clips((Line("bridge.default", 20, TWENTY_TO_EIGHT),))
    next(clips)
    assert studio.asked == ["Red kite."]


def test_what_cannot_be_said_stays_as_silence_and_is_told() -> None:
    troubles: list[VoiceError] = []
    clips = list(prompter(Hum(lost="leaving"), troubles).clips((Line("bridge.default", 20, 0.0),)))
    silent = [clip for clip in clips if clip.cues and not clip.sound.samples.any()]
    assert [clip.cues[0].text for clip in silent] == ["Nobody is leaving."]
    assert silent[0].sound.seconds == 2.5
    assert len(troubles) == 1


def test_every_sentence_without_a_time_is_rendered_ahead() -> None:
    ahead = prompter(Hum()).texts_ahead()
    assert {"Red kite.", "Nobody is leaving.", "In.", "And all the way out."} <= set(ahead)
    assert "Your ritual is a hug, if you both want it." in ahead
    assert "We press pause." in ahead
    assert "If words are too much, this is enough: a hand to hold." in ahead
    assert not [text for text in ahead if text.startswith("Before leaving")]  # nothing was agreed
    assert not [text for text in ahead if "{" in text]
    assert len(ahead) == len(set(ahead))


def test_a_chime_and_breaths_are_clips_too() -> None:
    chime, breaths = prompter(Hum()).clips((Chime(), Breaths(2, 5)))
    assert chime.sound.rate == SPEAKER_RATE
    assert 0.2 < np.max(np.abs(chime.sound.samples)) < 0.3
    assert breaths.sound.seconds == 30
    assert breaths.breaks == (480_000, 960_000, 1_440_000)


def test_each_kind_of_breath_is_its_own() -> None:
    (sighs,) = prompter(Hum()).clips((Breaths(0, 3, warn_last=False, kind=Kind.SIGH),))
    assert sighs.sound.seconds == 3 * SIGH.seconds
    assert [cue.text for cue in sighs.cues[:3]] == [
        "Breathe in.",
        "A little more on top.",
        "Now let it all go, slowly.",
    ]


def test_only_sound_has_no_words_and_only_words_no_sound() -> None:
    (sound,) = prompter(Hum()).clips((Breaths(0, 4, guide=Guide.SOUND),))
    assert sound.cues == ()
    assert np.max(np.abs(sound.sound.samples)) > 0.03
    (words,) = prompter(Hum()).clips((Breaths(0, 4, guide=Guide.WORDS),))
    assert len(words.cues) == 9
    first = words.cues[0]
    assert not words.sound.samples[first.end : words.cues[1].start].any()
    assert sound.breaks == words.breaks


def test_the_voice_that_has_come_down_takes_its_time() -> None:
    studio = Hum()
    line = Line("return.both_here")
    usual = list(prompter(studio).clips((line,)))
    low = list(prompter(studio).clips((line,), depth=2))
    assert studio.depths == [0, 0, 2, 2]
    assert usual[1].sound.seconds == SENTENCE_GAP_SECONDS < low[1].sound.seconds
    (breaths,) = prompter(studio).clips((Breaths(0, 2),), depth=3)
    assert set(studio.depths[4:]) == {3}
    assert breaths.sound.seconds == 20, "the voice comes down, the breath keeps its length"


def test_the_screen_shows_the_time_in_digits() -> None:
    assert prompter(Hum()).wording.shown_time(TWENTY_TO_EIGHT) == "19:40"
