"""Between sound and what the network is given: the product's own spectrum, and ways to and fro.

Augmentation works on log-mel energies, where sounds add up; the network is given cepstra, as
Vosk gives them, and its first layer turns them back into energies evenly spread.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from calmvoice.ears.spectrum import COSINES

Frames = npt.NDArray[np.float32]


def to_cepstra(log_mel: Frames) -> Frames:
    """Return the cepstra of log-mel energies, ``(n, 40)`` each."""
    return np.asarray(log_mel @ COSINES.T, np.float32)


def energies_to_norm(mean: Frames, deviation: Frames) -> tuple[Frames, Frames]:
    """Return weights and bias that make of cepstra energies of mean 0 and deviation 1."""
    back = np.linalg.inv(COSINES.astype(np.float64))
    return (back / deviation[:, None]).astype(np.float32), (-mean / deviation).astype(np.float32)
