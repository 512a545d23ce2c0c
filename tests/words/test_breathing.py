"""Paced breathing: every cue at its sample, nothing cut, nothing on top of another."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calmvoice.breathing import (
    CueWords,
    Pattern,
    breath_sound,
    places,
    render,
)
from calmvoice.patterns import NAMED, SIGH, Breath
from calmvoice.sound import SPEAKER_RATE, Samples, Sound

WORDS = CueWords(
    "In.",
    "And out.",
    "Last one.",
    "And all the way out.",
    lambda n: f"{n}.",
    "More.",
    "Hold.",
    "Wait.",
)
breaths_of_any_length = st.builds(
    Breath,
    in_seconds=st.floats(2, 8),
    out_seconds=st.floats(6, 12),
    hold_seconds=st.one_of(st.just(0.0), st.floats(2, 7)),
    rest_seconds=st.one_of(st.just(0.0), st.floats(2, 7)),
    more_seconds=st.one_of(st.just(0.0), st.floats(2, 4)),
)
patterns = st.builds(
    Pattern,
    breath=breaths_of_any_length,
    counted=st.booleans(),
    tone=st.sampled_from(["tone", "noise", "none"]),
)


def click(text: str) -> Sound:
    """A sound that is only a mark, of a length that goes with the text."""
    samples = np.zeros(9000 + 400 * len(text), np.float32)
    samples[0] = 0.5
    return Sound(samples)


def marks(samples: Samples) -> list[int]:
    return [int(at) for at in np.flatnonzero(samples > 0.4)]


def test_four_in_six_out_for_five_minutes() -> None:
    clip = render(Pattern(tone="none"), WORDS, 30, True, click)
    assert clip.sound.seconds == 300
    expected = sorted([480_000 * n for n in range(30)] + [480_000 * n + 192_000 for n in range(30)])
    last = 480_000 * 29
    found = marks(clip.sound.samples)
    assert [at for at in found if at in expected] == expected, "a cue is off its sample"
    (warning,) = [cue for cue in clip.cues if cue.text == "Last one."]
    assert warning.end == last - 24_000
    assert clip.cues[-1].text == "And all the way out."


@given(patterns, st.integers(1, 6), st.booleans())
@settings(deadline=None, max_examples=40)
def test_cues_lie_at_their_absolute_sample_and_never_on_each_other(
    pattern: Pattern, breaths: int, warn_last: bool
) -> None:
    laid = places(pattern, WORDS, breaths, warn_last, lambda text: len(click(text).samples))
    for one, after in pairwise(laid):
        assert one.at + len(click(one.text).samples) <= after.at
    ins = [place.at for place in laid if place.text == "In."]
    assert ins == [round(n * pattern.seconds * SPEAKER_RATE) for n in range(breaths)]
    clip = render(pattern, WORDS, breaths, warn_last, click)
    assert clip.breaks[-1] == len(clip.sound.samples)
    assert [cue.start for cue in clip.cues] == [place.at for place in laid]


def test_a_breath_of_odd_length_does_not_drift() -> None:
    pattern = Pattern(Breath(4.00001, 6.000013), tone="none")
    clip = render(pattern, WORDS, 60, False, click)
    expected = [round(n * pattern.seconds * SPEAKER_RATE) for n in range(60)]
    assert [cue.start for cue in clip.cues if cue.text == "In."] == expected


def test_counted_breathing_counts() -> None:
    clip = render(Pattern(counted=True), WORDS, 1, False, click)
    said = [cue.text for cue in clip.cues]
    assert said == ["In.", "2.", "3.", "4.", "And out.", "2.", "3.", "4.", "5.", "6."]
    assert [cue.start for cue in clip.cues[:4]] == [0, 48_000, 96_000, 144_000]


SCHEDULES = {
    "4-6": [("In.", 0), ("And out.", 192_000)],
    "5.5-5.5": [("In.", 0), ("And out.", 264_000)],
    "box": [("In.", 0), ("Hold.", 192_000), ("And out.", 384_000), ("Wait.", 576_000)],
    "4-7-8": [("In.", 0), ("Hold.", 192_000), ("And out.", 528_000)],
    "sigh": [("In.", 0), ("More.", 120_000), ("And out.", 264_000)],
}
LENGTHS = {"4-6": 480_000, "5.5-5.5": 528_000, "box": 768_000, "4-7-8": 912_000, "sigh": 600_000}


@pytest.mark.parametrize("name", SCHEDULES)
def test_each_pattern_keeps_its_schedule_over_twenty_breaths(name: str) -> None:
    breath = SIGH if name == "sigh" else NAMED[name]
    clip = render(Pattern(breath, tone="none"), WORDS, 20, False, click)
    length = LENGTHS[name]
    assert len(clip.sound.samples) == 20 * length
    expected = [(text, at + n * length) for n in range(20) for text, at in SCHEDULES[name]]
    assert [(cue.text, cue.start) for cue in clip.cues] == expected
    assert marks(clip.sound.samples) == [at for _, at in expected], "a cue is off its sample"


def test_a_box_counts_in_every_part() -> None:
    clip = render(Pattern(NAMED["box"], counted=True, tone="none"), WORDS, 2, False, click)
    assert [cue.text for cue in clip.cues[:16]] == [
        *("In.", "2.", "3.", "4.", "Hold.", "2.", "3.", "4."),
        *("And out.", "2.", "3.", "4.", "Wait.", "2.", "3.", "4."),
    ]
    assert [cue.start for cue in clip.cues] == [n * SPEAKER_RATE for n in range(32)]


@pytest.mark.parametrize("tone", ["tone", "noise"])
def test_a_hold_stands_and_a_rest_is_silent(tone: str) -> None:
    sound = breath_sound(Pattern(NAMED["box"], tone="tone" if tone == "tone" else "noise"))
    level = [float(np.std(sound[at : at + 48_000])) for at in range(0, len(sound), 48_000)]
    assert level[5] == pytest.approx(level[6], rel=0.25)  # inside the hold
    assert level[0] < level[3] < level[5] * 1.25
    assert not sound[12 * 48_000 + 100 :].any()
    assert np.max(np.abs(np.diff(np.tile(sound, 2)))) < 0.02, "a click"


def test_a_sigh_swells_twice_and_sinks_once() -> None:
    sound = breath_sound(Pattern(SIGH))
    level = [float(np.std(sound[at : at + 24_000])) for at in range(0, len(sound), 24_000)]
    assert level[4] == pytest.approx(0.7 * level[11], rel=0.2)
    assert np.argmax(level) in (10, 11)
    assert np.all(np.diff(level[11:]) < 0)


def test_only_a_sound_and_only_words_are_the_same_breath() -> None:
    pattern = Pattern(NAMED["4-7-8"], counted=True, spoken=False, tone="none")
    assert pattern.only_sound == Pattern(NAMED["4-7-8"], counted=True, spoken=False)
    assert pattern.only_words == Pattern(NAMED["4-7-8"], counted=True, tone="none")


@pytest.mark.parametrize("tone", ["tone", "noise"])
def test_the_carrier_swells_and_sinks_without_a_click(tone: str) -> None:
    pattern = Pattern(tone="tone" if tone == "tone" else "noise")
    sound = breath_sound(pattern)
    window = SPEAKER_RATE // 2
    levels = [float(np.std(sound[at : at + window])) for at in range(0, len(sound), window)]
    assert np.argmax(levels) in (7, 8)  # at the turn of the breath
    assert levels[0] < 0.2 * max(levels)
    assert levels[-1] < 0.2 * max(levels)
    assert np.max(np.abs(sound)) < 0.07
    assert abs(float(sound[0])) < 1e-3
    assert abs(float(sound[-1])) < 1e-3
    steps = np.abs(np.diff(np.tile(sound, 2)))
    assert np.max(steps) < 0.02


def test_no_carrier_and_no_words_is_silence() -> None:
    clip = render(Pattern(tone="none", spoken=False), WORDS, 3, True, click)
    assert not clip.sound.samples.any()
    assert clip.breaks == (480_000, 960_000, 1_440_000)
