"""A gain that keeps every peak under the ceiling: pure arithmetic on samples.

Rule: the result of a sample depends on the clip and its position only, never on the block it is
asked for in, so that any block size plays the same sound.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from calmvoice.sound import Samples

CEILING_DB = -1.0  # dBFS; headroom for what a sound card's own filters add between samples
FRAME = 240  # samples: 5 ms at 48 kHz
REACH = 8  # frames: the gain begins to fall 80 ms before a peak and is back 80 ms after it

_CEILING = 10 ** (CEILING_DB / 20) * 0.9999  # the last digit is lost to float32


class Limiter:
    """Multiplies a clip by one gain, less around the peaks that would pass the ceiling."""

    def __init__(self, samples: Samples, gain_db: float) -> None:
        """Measure the clip: 20 ms for five minutes of sound, so not in an audio callback."""
        self._samples = samples
        self._gain = np.float32(10 ** (gain_db / 20))
        peak = float(max(samples.max(), -samples.min())) if len(samples) else 0.0
        self._knots = _knots(samples, float(self._gain)) if peak * self._gain > _CEILING else None

    def write(self, out: Samples, first: int) -> None:
        """Fill ``out`` with the clip's samples from ``first`` on; they must all be in the clip."""
        source = self._samples[first : first + len(out)]
        if self._knots is None:
            np.multiply(source, self._gain, out=out)
            return
        low, high = first // FRAME, (first + len(out)) // FRAME + 2
        knots = self._knots[low:high]
        places = np.arange(low, low + len(knots)) * FRAME
        gains = np.interp(np.arange(first, first + len(out)), places, knots)
        np.multiply(source, gains, out=out, casting="same_kind")


def _knots(samples: Samples, gain: float) -> npt.NDArray[np.float64]:
    """Return the gain at every frame's border; straight lines between them never pass the ceiling.

    The minimum over ``REACH`` frames on both sides, then the mean over as many: each mean is
    taken over minima that all include this frame, so it cannot be above what the frame needs.
    """
    frames = np.arange(0, len(samples), FRAME)
    highest, deepest = (np.maximum.reduceat(samples, frames), np.minimum.reduceat(samples, frames))
    peaks = np.maximum(highest, -deepest).astype(np.float64)
    needed = np.minimum(gain, _CEILING / np.maximum(peaks, 1e-9))
    windows = np.lib.stride_tricks.sliding_window_view
    lowest = windows(np.pad(needed, 2 * REACH, mode="edge"), 2 * REACH + 1).min(axis=1)
    smooth = windows(lowest, 2 * REACH + 1).mean(axis=1)
    edged = np.pad(smooth, 1, mode="edge")
    knots: npt.NDArray[np.float64] = np.minimum(edged[:-1], edged[1:])
    return knots
