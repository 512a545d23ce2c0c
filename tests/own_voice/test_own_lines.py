"""Which part of a line a recording stands for: the time is always said, by the voice."""

from __future__ import annotations

from datetime import timezone

import numpy as np
import pytest

from calmvoice import language, roles
from calmvoice.breathing import Pattern
from calmvoice.errors import LanguageError, VoiceError
from calmvoice.meanings import Meaning
from calmvoice.own_voice.choosing import line_named, lines, overheard
from calmvoice.own_voice.lines import SpokenLine
from calmvoice.ports import Heard
from calmvoice.prompter import Prompter, Wording
from calmvoice.roles import AGREED_FIELDS
from calmvoice.session.script import Breaths, Kind, Line
from calmvoice.sound import SPEAKER_RATE, Clip, Cue, PcmSamples, Sound, silence

PACK = language.load("en")
AGREED = {**dict.fromkeys(AGREED_FIELDS, ""), "signal": "red kite", "ritual": "a hug"}
TWENTY_TO_EIGHT = 19 * 3600.0 + 40 * 60.0
OURS = Sound(np.full(SPEAKER_RATE, 0.5, np.float32))


class Studio:
    """A voice that hums, and knows what it was asked to say."""

    def clip(self, text: str, depth: int = 0) -> Clip:
        sound = Sound(np.full(4800, 0.1, np.float32))
        return Clip(sound, (Cue(text, 0, 4800),))


def fail(error: VoiceError) -> None:
    raise error


def heard(line: Line, recorded: str, pack: language.PhrasePack = PACK) -> list[str]:
    """What is said for a line of which this name is recorded, "*" before what is ours."""
    wording = Wording(pack, pack.speller(12), AGREED, timezone.utc)

    def find(name: str, words: str) -> Sound | None:
        assert "{" not in words or "{t}" in words or "{n}" in words
        return OURS if name == recorded else None

    clips = Prompter(wording, dict.fromkeys(Kind, Pattern()), Studio(), fail, find).clips((line,))
    return [f"{'*' if clip.sound is OURS else ''}{cue.text}" for clip in clips for cue in clip.cues]


def test_a_recorded_bridge_is_followed_by_the_time() -> None:
    assert heard(Line("bridge.default", 20, TWENTY_TO_EIGHT), "bridge.default") == [
        "*Red kite. One of us is full right now. Nobody is leaving.",
        "Twenty minutes apart, then back here at twenty to eight.",
    ]


def test_every_bridge_and_every_line_that_needs_the_time_says_it_whatever_is_recorded() -> None:
    timed = [role for role in PACK.lines if role.startswith("bridge.") or role in roles.NEED_TIME]
    assert len(timed) > 20
    for role in timed:
        said = heard(Line(role, 20, TWENTY_TO_EIGHT), role)
        ours = [text for text in said if text.startswith("*")]
        assert len(ours) == 1
        assert any("wenty to eight" in text for text in said if text not in ours), said


def test_the_time_stays_where_it_stood() -> None:
    line = Line("return.call", t=TWENTY_TO_EIGHT)
    assert heard(line, "return.call") == [
        "It's twenty to eight.",
        "*The pause is over. Come back to the table.",
    ]
    line = Line("more_time.announce", 10, TWENTY_TO_EIGHT)
    assert heard(line, "more_time.announce") == [
        "One of us needs ten more.",
        "*We still meet.",
        "The new time is twenty to eight.",
    ]


def test_a_bridge_that_is_one_sentence_with_the_time_is_said_after_ones_own_words() -> None:
    pack = PACK.with_own({"bridge.own": "I need a break until {t}."})
    assert heard(Line("bridge.own", 20, TWENTY_TO_EIGHT), "bridge.own", pack) == [
        "*I need a break until twenty to eight.",
        "I need a break until twenty to eight.",
    ]


def test_a_time_of_several_sentences_is_said_with_its_whole_line() -> None:
    line = SpokenLine("bridge.own", "Pause. Back {t}.", "Pause. Back at 19.40. In the evening.")
    assert (line.before, line.after) == ((), ("Pause.", "Back at 19.40.", "In the evening."))


def test_one_line_of_several_is_named_by_its_number() -> None:
    assert heard(Line("settling.body"), "settling.body.2") == [
        "Let your shoulders drop.",
        "*Unclench your teeth.",
    ]
    assert heard(Line("settling.body"), "settling.body") == [
        "Let your shoulders drop.",
        "Unclench your teeth.",
    ]


def test_without_a_recording_all_is_the_voices() -> None:
    line = Line("bridge.default", 20, TWENTY_TO_EIGHT)
    assert not [text for text in heard(line, "bridge.silent") if text.startswith("*")]


def test_a_cue_of_the_breath_can_be_ours() -> None:
    wording = Wording(PACK, PACK.speller(12), AGREED, timezone.utc)

    def find(name: str, words: str) -> Sound | None:
        return OURS if (name, words) == ("breathing.in", "In.") else None

    silent = dict.fromkeys(Kind, Pattern(tone="none"))
    (clip,) = Prompter(wording, silent, Studio(), fail, find).clips((Breaths(0, 2),))
    at = round(10.0 * SPEAKER_RATE)
    assert float(clip.sound.samples[at + 20_000]) == 0.5
    out = round(4.0 * SPEAKER_RATE)
    assert float(clip.sound.samples[out + 100]) == pytest.approx(0.1)


def test_the_lines_to_record_are_those_that_can_be_spoken() -> None:
    wording = Wording(PACK, PACK.speller(12), AGREED, timezone.utc)
    names = [line.name for line in lines(wording, 20, TWENTY_TO_EIGHT)]
    assert {"bridge.default", "settling.body.2", "breathing.in", "return.call"} <= set(names)
    assert "bridge.event" not in names  # nothing was agreed on
    assert not [name for name in names if name.startswith(("screen.", "ask.", "page."))]
    with pytest.raises(LanguageError, match=r"near it: bridge\.default"):
        line_named("bridge.defalt", lines(wording, 20, TWENTY_TO_EIGHT))
    with pytest.raises(LanguageError, match=r"several lines: settling\.body\.1, settling\.body\.2"):
        line_named("settling.body", lines(wording, 20, TWENTY_TO_EIGHT))


class Attentive:
    """Ears that hear two commands in anything."""

    def expect(self, phrases: object) -> None:
        pass

    def clear(self) -> None:
        pass

    def feed(self, samples: PcmSamples, *, own_voice: bool = False) -> list[Heard]:
        return [Heard(meaning, 0, 1, 1) for meaning in (Meaning.SIGNAL, Meaning.STOP)]


def test_a_command_that_is_not_in_the_words_is_named() -> None:
    line = SpokenLine("bridge.own", "Red kite. Back at {t}.", "Red kite. Back at eight.")
    said = {Meaning.SIGNAL: ("red kite",), Meaning.STOP: ("stop",), Meaning.YES: ("yes",)}
    assert overheard(Attentive(), said, line, silence(1.0)) == (Meaning.STOP,)
