"""The chime: melodic and soft, and a low one for ears that have lost the top."""

from __future__ import annotations

import numpy as np

from calmvoice.chime import LOW_NOTES_HZ, NOTES_HZ, chime
from calmvoice.sound import SPEAKER_RATE, Samples


def share_above(samples: Samples, hertz: float) -> float:
    """Return how much of the energy lies above a frequency."""
    power = np.abs(np.fft.rfft(samples)) ** 2
    place = np.fft.rfftfreq(len(samples), 1 / SPEAKER_RATE)
    return float(power[place > hertz].sum() / power.sum())


def test_the_low_one_lies_an_octave_deeper_and_is_as_loud() -> None:
    usual, low = chime().sound.samples, chime(low=True).sound.samples
    assert [round(high / deep, 2) for high, deep in zip(NOTES_HZ, LOW_NOTES_HZ, strict=True)] == [
        2.0, 2.0, 2.0,
    ]  # fmt: skip
    assert float(np.abs(usual).max()) == float(np.abs(low).max())
    assert share_above(low, 800) < 0.01 < share_above(usual, 500)
    assert share_above(low, 250) > 0.1, "nothing for a small loudspeaker to carry"


def test_neither_startles() -> None:
    for samples in (chime().sound.samples, chime(low=True).sound.samples):
        first = np.abs(samples[: SPEAKER_RATE // 100]).max()
        assert first < 0.5 * np.abs(samples).max()
        assert np.abs(samples[-10:]).max() < 1e-3
