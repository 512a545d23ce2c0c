"""The scenes of the ears' benchmark: levels, noise, and where the clip is in them."""

from __future__ import annotations

import numpy as np
import pytest
from recordings import BEFORE_SECONDS, CONDITIONS, audible, half, scene
from reverberation import Wave

from calmvoice.sound import MICROPHONE_RATE

NOISE = np.random.default_rng(5).normal(0, 1000, MICROPHONE_RATE)


def spoken() -> Wave:
    """A second of a hum after 0.2 s of silence, and 0.3 s after it."""
    hum = 8000 * np.sin(np.arange(MICROPHONE_RATE) * 2 * np.pi * 200 / MICROPHONE_RATE)
    quiet = MICROPHONE_RATE // 10
    return np.concatenate([np.zeros(2 * quiet), hum, np.zeros(3 * quiet)])


def heard(condition: str, seed: int = 1) -> Wave:
    return scene(spoken(), condition, [NOISE], np.random.default_rng(seed)).astype(float)


def level(sound: Wave, start: float, end: float) -> float:
    part = sound[round(start * MICROPHONE_RATE) : round(end * MICROPHONE_RATE)]
    return 10 * float(np.log10((part**2).mean()))


def test_somebody_speaks_from_the_first_loud_moment_to_the_last() -> None:
    assert audible(spoken()) == (0.2, 1.2)


@pytest.mark.parametrize("condition", CONDITIONS)
def test_the_clip_begins_after_half_a_second_and_a_seed_gives_one_scene(condition: str) -> None:
    sound = heard(condition)
    assert len(sound) == (0.5 + 1.5 + 1.5) * MICROPHONE_RATE
    assert np.array_equal(sound, heard(condition))
    begin = BEFORE_SECONDS + 0.2
    assert level(sound, begin, begin + 1) > level(sound, 0, begin - 0.01) + 4


@pytest.mark.parametrize(("condition", "ratio"), [("10 dB", 10), ("5 dB", 5)])
def test_noise_is_as_far_under_the_voice_as_it_says(condition: str, ratio: int) -> None:
    voice = level(spoken(), 0.2, 1.2)
    assert voice - level(heard(condition), 0.0, 0.5) == pytest.approx(ratio, abs=0.5)


def test_a_quiet_voice_a_clipped_one_and_one_in_a_room_that_rings() -> None:
    clean = heard("clean")
    assert level(clean, 0.8, 1.6) - level(heard("-26 dB"), 0.8, 1.6) == pytest.approx(26, abs=0.3)
    assert np.mean(np.abs(heard("clipped")[13_000:25_000]) > 32_000) > 0.5
    after = (1.75, 1.85)  # the voice ended at 1.7 s
    assert level(heard("reverberation"), *after) > level(clean, *after) + 20


def test_what_is_looked_at_and_what_is_reported_share_no_second_of_noise() -> None:
    look, held = half(NOISE, "look"), half(NOISE, "held")
    assert np.array_equal(np.concatenate([look, held]), half(NOISE, "all"))
