"""Rooms that ring: simulated impulse responses, the same for the same seed.

The model is Polack's: the direct sound, then noise that decays exponentially, 60 dB in ``rt60``
seconds. The tail holds as much energy as the direct sound, as some two metres from a microphone in
a living room.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from calmvoice.sound import MICROPHONE_RATE

Wave = npt.NDArray[np.float64]
RT60_SECONDS = (0.3, 0.8)  # a furnished room to a bare one
DIRECT_TO_TAIL_DB = 0.0
GAP_SECONDS = 0.0025  # the first wall is some 0.8 m of detour away


def impulse_response(rt60: float, rng: np.random.Generator) -> Wave:
    """Return a room's response at 16 kHz, until it has decayed by 60 dB."""
    gap = round(GAP_SECONDS * MICROPHONE_RATE)
    times = np.arange(round(rt60 * MICROPHONE_RATE)) / MICROPHONE_RATE
    tail = rng.normal(size=len(times)) * 10 ** (-3 * times / rt60)
    tail *= np.sqrt(10 ** (-DIRECT_TO_TAIL_DB / 10) / (tail**2).sum())
    return np.concatenate([[1.0], np.zeros(gap - 1), tail])


def reverberant(sound: Wave, rng: np.random.Generator) -> Wave:
    """Return a sound as heard in a room drawn at random, as long and with the same peak."""
    response = impulse_response(rng.uniform(*RT60_SECONDS), rng)
    size = len(sound) + len(response) - 1
    spectrum = np.fft.rfft(sound, size) * np.fft.rfft(response, size)
    heard = np.fft.irfft(spectrum, size)[: len(sound)]
    return np.asarray(heard * np.abs(sound).max() / max(float(np.abs(heard).max()), 1e-9))
