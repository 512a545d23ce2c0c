"""The voice that comes down: pitch, pace and loudness measured on sentences that are really spoken.

Praat measures the pitch, pyloudnorm the loudness: neither is the product's own code.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import parselmouth
import pyloudnorm
import pytest

from calmvoice import language, wiring, wiring_rules
from calmvoice.errors import VoiceError
from calmvoice.patterns import NAMED
from calmvoice.session.rules import Rules
from calmvoice.session.script import Breaths, Kind, Line
from calmvoice.settings import Breathing, Guidance, Settings
from calmvoice.sound import SPEAKER_RATE, Clip, Cue, Sound
from calmvoice.voice.descent import DEEPEST, LOWERINGS, SLOWEST_WORDS_PER_MINUTE, lowered
from calmvoice.voice.levels import audible
from calmvoice.voice.pace import count_words
from calmvoice.voice.pico_voice import PicoVoice
from calmvoice.voice.pyttsx3_voice import Pyttsx3Voice
from calmvoice.voice.studio import Studio

LINES = (
    "If you're practising your next line, put it down.",
    "A pause isn't a no.",
    "Find five things you can see.",
    "Something cool on your wrists, or something warm in your hands.",
    "Press your feet into the floor, and feel it press back.",
)


@pytest.fixture(scope="module")
def studios(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Studio]:
    folder = tmp_path_factory.mktemp("voice")
    return {
        "pyttsx3": Studio(Pyttsx3Voice(), folder),
        "pico": Studio(PicoVoice(), folder),
    }


def semitones(clips: Sequence[Clip]) -> float:
    """The mean over the clips of the median pitch, in semitones over 100 Hz."""
    medians = []
    for clip in clips:
        pitch = parselmouth.Sound(clip.sound.samples.astype(np.float64), SPEAKER_RATE).to_pitch_ac(
            pitch_floor=75.0, pitch_ceiling=400.0
        )
        hertz = pitch.selected_array["frequency"]
        medians.append(12 * np.log2(np.median(hertz[hertz > 0]) / 100))
    return float(np.mean(medians))


def words_per_minute(clips: Sequence[Clip]) -> float:
    cues = [cue for clip in clips for cue in clip.cues]
    samples = sum(cue.end - cue.start for cue in cues)
    return 60 * SPEAKER_RATE * sum(count_words(cue.text) for cue in cues) / samples


def lufs(clips: Sequence[Clip]) -> float:
    meter = pyloudnorm.Meter(SPEAKER_RATE)
    return float(np.mean([meter.integrated_loudness(clip.sound.samples) for clip in clips]))


@pytest.mark.parametrize("engine", ["pyttsx3", "pico"])
def test_pitch_pace_and_loudness_come_down_step_by_step(
    studios: dict[str, Studio], engine: str
) -> None:
    spoken = [[studios[engine].clip(line, depth) for line in LINES] for depth in range(DEEPEST + 1)]
    pitch = [semitones(clips) for clips in spoken]
    pace = [words_per_minute(clips) for clips in spoken]
    loudness = [lufs(clips) for clips in spoken]
    for figures, least in ((pitch, 0.15), (pace, 0.8), (loudness, 1.0)):
        assert all(a - b > least for a, b in pairwise(figures)), (pitch, pace, loudness)
    assert 0.8 < pitch[0] - pitch[-1] < 1.5, pitch
    assert 0.92 < pace[-1] / pace[0] < 0.96, pace
    assert loudness[0] - loudness[-1] == pytest.approx(4.5, abs=0.5), loudness
    for clip in spoken[-1]:
        assert words_per_minute([clip]) >= SLOWEST_WORDS_PER_MINUTE - 1, clip.cues[0].text


def test_depth_nothing_is_the_clip_itself_and_deeper_than_there_is_the_deepest(
    studios: dict[str, Studio],
) -> None:
    usual = studios["pyttsx3"].clip(LINES[0])
    assert lowered(usual, 0) is usual
    deepest = lowered(usual, DEEPEST)
    np.testing.assert_array_equal(lowered(usual, 9).sound.samples, deepest.sound.samples)


def test_the_words_are_where_the_cue_says(studios: dict[str, Studio]) -> None:
    clip = studios["pyttsx3"].clip(LINES[2], DEEPEST)
    (cue,) = clip.cues
    first, end = audible(clip.sound)
    assert abs(first - cue.start) < 0.005 * SPEAKER_RATE
    assert abs(end - cue.end) < 0.01 * SPEAKER_RATE
    assert cue.end <= len(clip.sound.samples)


def test_nothing_is_rendered_or_kept_for_it(tmp_path: Path) -> None:
    studio = Studio(Pyttsx3Voice(), tmp_path)
    studio.clip("In.")
    kept = sorted(tmp_path.iterdir())
    for depth in range(DEEPEST + 1):
        studio.clip("In.", depth)
    assert sorted(tmp_path.iterdir()) == kept
    assert len(kept) == 1


def test_a_sentence_that_is_slow_already_is_not_made_slower() -> None:
    seconds = 4 * 60 / SLOWEST_WORDS_PER_MINUTE  # four words at the slowest pace
    count = round(seconds * SPEAKER_RATE)
    slow = Clip(Sound(np.full(count, 0.1, np.float32)), (Cue("One two three four.", 0, count),))
    for depth in range(DEEPEST + 1):
        assert len(lowered(slow, depth).sound.samples) == pytest.approx(count, abs=2)
    softer = float(np.median(np.abs(lowered(slow, DEEPEST).sound.samples)))
    assert softer == pytest.approx(0.1 * 10 ** (LOWERINGS[-1].gain_db / 20), rel=0.02)


@pytest.mark.parametrize("pattern", [*NAMED, "sigh"])
def test_no_cue_runs_into_another_however_far_the_voice_is_down(
    studios: dict[str, Studio], pattern: str
) -> None:
    kind = Kind.SIGH if pattern == "sigh" else Kind.USUAL
    breathing = {"cues": "counted", "holds": True}
    if kind is Kind.USUAL:
        breathing["pattern"] = pattern
    settings = Settings(breathing=Breathing.model_validate(breathing), guidance=Guidance())
    prompter = wiring.prompter(settings, language.load("en"), studios["pyttsx3"], _fail)
    for depth in range(DEEPEST + 1):
        (clip,) = prompter.clips((Breaths(0, 3, warn_last=kind is Kind.USUAL, kind=kind),), depth)
        for one, after in pairwise(clip.cues):
            assert one.end <= after.start, f"{one.text} runs into {after.text} at depth {depth}"
        said = {cue.text for cue in clip.cues}
        needed = {"Breathe in.", "A little more on top."} if kind is Kind.SIGH else {"In.", "Two."}
        assert needed <= said


def test_a_line_is_played_in_the_depth_that_is_asked_for(studios: dict[str, Studio]) -> None:
    settings = Settings()
    prompter = wiring.prompter(settings, wiring.pack(settings), studios["pyttsx3"], _fail)
    assert Rules().deepest_voice == wiring_rules.rules(settings).deepest_voice == DEEPEST
    low, high = (next(prompter.clips((Line("settling.waiting"),), depth)) for depth in (3, 0))
    assert semitones([high]) - semitones([low]) > 0.8
    np.testing.assert_array_equal(
        low.sound.samples, studios["pyttsx3"].clip("A pause isn't a no.", 3).sound.samples
    )


def _fail(error: VoiceError) -> None:
    raise error
