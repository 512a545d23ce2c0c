"""The spectrum as the speech model was trained on: 40 cepstra a frame, 100 frames a second.

Rules: the same numbers as Kaldi's MFCC with the model's ``conf/mfcc.conf`` (no dither, no energy);
samples enter at int16 scale.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from calmvoice.sound import MICROPHONE_RATE, PcmSamples

FRAME, STEP, FFT = 400, 160, 512  # samples: 25 ms every 10 ms
BANDS = 40
LOWEST, HIGHEST = 20.0, 7600.0  # Hz
PREEMPHASIS = 0.97
LIFTER = 22.0
Frames = npt.NDArray[np.float32]


def _mel(frequency: npt.ArrayLike) -> npt.NDArray[np.float64]:
    return np.asarray(1127.0 * np.log(1.0 + np.asarray(frequency, np.float64) / 700.0))


def _bands() -> Frames:
    """Return the weights of the power spectrum's bins in each band."""
    bins = _mel(MICROPHONE_RATE / FFT * np.arange(FFT // 2 + 1))
    edges = np.linspace(_mel(LOWEST), _mel(HIGHEST), BANDS + 2)
    low, middle, high = edges[:-2, None], edges[1:-1, None], edges[2:, None]
    slopes = np.minimum((bins - low) / (middle - low), (high - bins) / (high - middle))
    return np.maximum(slopes, 0.0).astype(np.float32)


def _cosines() -> Frames:
    """Return the matrix that makes liftered cepstra of band energies."""
    n = np.arange(BANDS)
    cosines = np.sqrt(2 / BANDS) * np.cos(np.pi / BANDS * (n + 0.5) * n[:, None])
    cosines[0] = np.sqrt(1 / BANDS)
    lifter = 1 + LIFTER / 2 * np.sin(np.pi * n / LIFTER)
    return np.asarray(lifter[:, None] * cosines, np.float32)


_BANDS, COSINES = _bands(), _cosines()
_WINDOW = ((0.5 - 0.5 * np.cos(2 * np.pi * np.arange(FRAME) / (FRAME - 1))) ** 0.85).astype("f4")


def energies(samples: PcmSamples) -> Frames:
    """Return the logarithm of each band's power, shape ``(n, 40)``; empty below 25 ms."""
    if len(samples) < FRAME:
        return np.zeros((0, BANDS), np.float32)
    views = np.lib.stride_tricks.sliding_window_view(samples.astype(np.float32), FRAME)[::STEP]
    frames = views - views.mean(axis=1, keepdims=True)
    before = np.concatenate([frames[:, :1], frames[:, :-1]], axis=1)
    spectrum = np.fft.rfft((frames - PREEMPHASIS * before) * _WINDOW, FFT)
    power = (spectrum.real**2 + spectrum.imag**2).astype(np.float32)
    return np.asarray(np.log(np.maximum(power @ _BANDS.T, np.finfo(np.float32).eps)), np.float32)


def cepstra(samples: PcmSamples) -> Frames:
    """Return one row of 40 a frame, shape ``(n, 40)``; empty below 25 ms."""
    return np.asarray(energies(samples) @ COSINES.T, np.float32)
