"""The same words on another day: log-mel energies changed as voices, rooms and machines do.

Energies are natural logarithms, ``(n, 40)``, so a gain is added, and sounds add up as powers.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from calmvoice.ears.spectrum import BANDS

Frames = npt.NDArray[np.float32]
NEPERS_PER_DECIBEL = np.log(10.0) / 10.0
QUIET = (5, 60)  # frames put before and after


def changed(log_mel: Frames, noises: Sequence[Frames], rng: np.random.Generator) -> Frames:
    """Return one utterance as it might sound otherwise; its length stays."""
    if rng.random() < 0.5:
        log_mel = _other_throat(log_mel, rng)
    log_mel = log_mel + rng.uniform(-3.5, 2.0)
    if rng.random() < 0.6:
        log_mel = log_mel + _colour(rng)
    if noises and rng.random() < 0.7:
        log_mel = _in_noise(log_mel, noises, rng)
    if rng.random() < 0.7:
        log_mel = _with_holes(log_mel, rng)
    return np.asarray(log_mel, np.float32)


def quiet_beside(
    log_mel: Frames, noises: Sequence[Frames], room: int, rng: np.random.Generator
) -> tuple[Frames, Frames]:
    """Return frames of noise to put before and after an utterance, up to ``room`` in all."""
    sides = []
    for _ in range(2):
        frames = min(int(rng.integers(*QUIET)), room)
        room -= frames
        noise = _cut(noises, frames, rng)
        level = log_mel.min(axis=0).mean() + rng.uniform(-1.0, 2.0)
        sides.append(noise - noise.mean() + min(level, log_mel.mean() - 1.0) if frames else noise)
    return sides[0], sides[1]


def loudness(log_mel: Frames) -> npt.NDArray[np.float32]:
    """Return 1 for each frame that is too loud for a pause, 0 where there may be one.

    The bound lies two fifths of the way from the utterance's quiet to its loud; where these are
    near to each other nothing is said.
    """
    level = log_mel.mean(axis=1)
    low, high = np.percentile(level, (10, 95))
    if high - low <= 1.5:
        return np.zeros(len(level), np.float32)
    return np.asarray(np.clip((level - low - 0.4 * (high - low)) * 4.0, 0.0, 1.0), np.float32)


def _other_throat(log_mel: Frames, rng: np.random.Generator) -> Frames:
    """Stretch the spectrum by up to a tenth."""
    place = np.clip(np.arange(BANDS) * rng.uniform(0.9, 1.1), 0, BANDS - 1)
    low = np.floor(place).astype(int)
    share = (place - low).astype(np.float32)
    high = np.minimum(low + 1, BANDS - 1)
    return np.asarray(log_mel[:, low] * (1 - share) + log_mel[:, high] * share, np.float32)


def _colour(rng: np.random.Generator) -> Frames:
    """Return what another microphone adds to each band."""
    corners = np.sort(rng.choice(BANDS, 5, replace=False))
    return np.interp(np.arange(BANDS), corners, rng.normal(0, 0.6, 5)).astype(np.float32)


def _in_noise(log_mel: Frames, noises: Sequence[Frames], rng: np.random.Generator) -> Frames:
    """Add noise at 0 to 25 dB under the louder half of the speech."""
    noise = _cut(noises, len(log_mel), rng)
    loud = np.argsort(log_mel.mean(axis=1))[len(log_mel) // 2 :]
    speech_level, noise_level = (np.log(np.mean(np.exp(x))) for x in (log_mel[loud], noise))
    below = rng.uniform(0.0, 25.0) * NEPERS_PER_DECIBEL
    return np.asarray(np.logaddexp(log_mel, noise + (speech_level - noise_level - below)))


def _with_holes(log_mel: Frames, rng: np.random.Generator) -> Frames:
    """Take out two bundles of bands, and a moment of each three seconds (SpecAugment)."""
    holed, mean = log_mel.copy(), log_mel.mean()
    for _ in range(2):
        first = rng.integers(BANDS)
        holed[:, first : first + rng.integers(8)] = mean
    for _ in range(max(1, len(log_mel) // 300)):
        first = rng.integers(len(log_mel))
        holed[first : first + rng.integers(1, 15)] = mean
    return holed


def _cut(noises: Sequence[Frames], frames: int, rng: np.random.Generator) -> Frames:
    """Return a piece of one of the noises, from anywhere in it, repeated if it is too short."""
    noise = noises[int(rng.integers(len(noises)))]
    first = int(rng.integers(max(1, len(noise) - frames)))
    return np.resize(noise[first : first + frames], (frames, BANDS)).astype(np.float32)


def noise_alone(noises: Sequence[Frames], frames: int, rng: np.random.Generator) -> Frames:
    """Return noise with no word in it, at any level."""
    noise = _cut(noises, frames, rng)
    return np.asarray(noise - noise.mean() + rng.uniform(4.0, 12.0), np.float32)
