"""Captured sound is brought to 16 kHz without losing its place in time."""

from __future__ import annotations

import numpy as np
import pytest

from calmvoice.audio.capture import Converter, MuteWatch
from calmvoice.sound import MICROPHONE_RATE, to_pcm


@pytest.mark.parametrize("rate", [44_100, 48_000])
@pytest.mark.parametrize("block", [441, 4800])
def test_another_rate_is_resampled_and_its_time_kept(rate: int, block: int) -> None:
    seconds = np.arange(2 * rate) / rate
    tone = to_pcm((0.5 * np.sin(2 * np.pi * 440 * seconds)).astype(np.float32))
    converter, parts, at = Converter(rate), [], 0.0
    for first in range(0, len(tone), block):
        last = min(first + block, len(tone))
        part, at = converter.convert(tone[first:last], 10.0 + last / rate)
        parts.append(part)
    whole = np.concatenate(parts)
    assert at == pytest.approx(10.0 + len(whole) / MICROPHONE_RATE, abs=1e-6)
    times = np.arange(len(whole)) / MICROPHONE_RATE
    expected = 0.5 * np.sin(2 * np.pi * 440 * times) * 32767
    np.testing.assert_allclose(whole[1600:], expected[1600:], atol=40)


def test_sound_at_16_khz_is_passed_on_as_it_is() -> None:
    samples = np.arange(100, dtype=np.int16)
    converted, at = Converter(MICROPHONE_RATE).convert(samples, 3.0)
    assert converted is samples
    assert at == 3.0


def test_five_seconds_of_exact_zeros_mean_muted_and_one_sample_means_not() -> None:
    watch = MuteWatch()
    for _ in range(49):
        watch.feed(np.zeros(1600, np.int16))
    assert not watch.muted
    watch.feed(np.zeros(1600, np.int16))
    assert watch.muted
    watch.feed(np.ones(1, np.int16))
    assert not watch.muted
