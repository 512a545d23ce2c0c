"""Whether it is worth listening: a gate that is shut while nothing rises above the room's floor.

Rules: it decides by level alone and errs towards open, because a phrase that was not listened to
is lost; what came just before it opened is replayed from the ring, so nothing is clipped.
A trained detector was tried: one has no wheels for a Raspberry Pi, the other costs more than the
recogniser (5 % of a core against 3 %).
"""

from __future__ import annotations

import math
from collections import deque

import numpy as np

from calmvoice.sound import PcmSamples

RISE_DB = 4.0  # over the floor; blocks of steady noise differ by 0.2 dB (800 samples each)
FLOOR_BUCKETS = 10  # the floor is the quietest block of the last ten seconds...
BUCKET_BLOCKS = 20  # ...kept as the minimum of each second
HOLD_BLOCKS = 30  # 1.5 s after the last rise: the recogniser's finals come after 0.8 to 1.0 s
REPLAY_SECONDS = 0.6  # before the first rise: a soft beginning lies under it


class Gate:
    """Fed with blocks of 50 ms; open from the first rise until ``HOLD_BLOCKS`` after the last."""

    def __init__(self) -> None:
        self._minima: deque[float] = deque(maxlen=FLOOR_BUCKETS)
        self._bucket: list[float] = []
        self._held = HOLD_BLOCKS

    def feed(self, block: PcmSamples) -> bool:
        """Take the next block; return whether to listen to it."""
        level = _level_db(block)
        floor = min((*self._minima, *self._bucket), default=level)
        self._held = HOLD_BLOCKS if level > floor + RISE_DB else max(0, self._held - 1)
        self._bucket.append(level)
        if len(self._bucket) == BUCKET_BLOCKS:
            self._minima.append(min(self._bucket))
            self._bucket = []
        return self._held > 0


def _level_db(block: PcmSamples) -> float:
    """Return the level in dB over one step of the converter; 0 for less."""
    values = block.astype(np.float32)
    return 10.0 * math.log10(max(float(values @ values) / max(len(block), 1), 1.0))
