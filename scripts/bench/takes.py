"""Each take once: folders of recordings hold some of them again, up to twenty times.

The copies are shifted and coded anew, under names of their own. Two takes are one where they
correlate at the best shift; those of other people stay under 0.8 there, copies are above 0.95.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import numpy.typing as npt
from recordings import load
from reverberation import Wave

SAME_TAKE = 0.9
SIZE = 1 << 17  # samples of the transform: 4 s and any shift of them

Spectrum = npt.NDArray[np.complex64]


def distinct(files: Iterable[Path], count: int) -> tuple[Path, ...]:
    """Return the first so many of the files that are no copy of one before."""
    kept: list[Path] = []
    known: list[Spectrum] = []
    for path in files:
        if len(kept) == count:
            break
        take = spectrum(load(path))
        if all(alike(take, other) < SAME_TAKE for other in known):
            kept.append(path)
            known.append(take)
    return tuple(kept)


def spectrum(sound: Wave) -> Spectrum:
    """Return the transform of the first 4 s, of energy 1; ``(SIZE / 2 + 1,)``."""
    part = sound[: SIZE // 2]
    return np.fft.rfft(part / np.sqrt((part**2).sum()), SIZE).astype(np.complex64)


def alike(one: Spectrum, other: Spectrum) -> float:
    """Return how two sounds correlate at the best shift, 0 to 1."""
    return float(np.abs(np.fft.irfft(one * other.conj(), SIZE)).max())
