"""The last few seconds of microphone audio, in memory only.

Rules: addressed by absolute sample position (0 is the first sample ever fed); never written
anywhere, not even to a swap disk; ``clear`` overwrites it with zeros.
"""

from __future__ import annotations

import numpy as np

from calmvoice.process_memory import keep_out_of_swap
from calmvoice.sound import PcmSamples


class Ring:
    """A fixed buffer of int16 samples; older ones are overwritten by newer ones."""

    def __init__(self, size: int) -> None:
        self._data: PcmSamples = np.zeros(size, np.int16)
        keep_out_of_swap(self._data)
        self.end = 0  # position after the newest sample
        self._kept_from = 0

    @property
    def start(self) -> int:
        """Position of the oldest sample still held."""
        return max(self._kept_from, self.end - len(self._data))

    def append(self, samples: PcmSamples) -> None:
        """Add samples, of which more than the buffer's size may be given."""
        size = len(self._data)
        newest = samples[-size:]
        positions = np.arange(self.end + len(samples) - len(newest), self.end + len(samples))
        self._data[positions % size] = newest
        self.end += len(samples)

    def read(self, start: int, end: int | None = None) -> PcmSamples:
        """Return a copy of ``start`` (or the oldest held) to ``end`` (exclusive, or the newest)."""
        first = max(start, self.start)
        last = self.end if end is None else min(end, self.end)
        return self._data[np.arange(first, max(first, last)) % len(self._data)]

    def clear(self) -> None:
        """Forget all audio; positions go on counting."""
        self._data[:] = 0
        self._kept_from = self.end
