"""What the loudspeaker played when: its last seconds, sample by sample. Pure.

Rules:
1. The blocks of one stream follow one another without a seam, however the times that the device
   gives for them jitter: the first block places the run, the others are counted.
2. What is asked for depends on the moment only, not on how the question is cut.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

import numpy as np

from calmvoice.sound import MICROPHONE_RATE, SPEAKER_RATE, Samples

KEPT_SECONDS = 8.0  # the microphone's queue holds 5 s; then a chunk and the room
SLIP_SECONDS = 0.05  # further off than a device's times jitter: the device has had a gap
LATE_SECONDS = 1.0  # further back than a stream that follows another can begin
STEP = SPEAKER_RATE // MICROPHONE_RATE
REACH = 72  # samples at 48 kHz on each side: 1.5 ms; 60 dB down from 8.4 kHz on


def _low_pass() -> Samples:
    places = np.arange(-REACH, REACH + 1)
    taps = np.sinc(places * (2 * 7_400 / SPEAKER_RATE)) * np.kaiser(len(places), 6.0)
    scaled: Samples = (taps / taps.sum()).astype(np.float32)
    return scaled


_TAPS = _low_pass()


class _Block:
    """Samples and the place of the first, in samples of 48 kHz since steady time 0."""

    def __init__(self, first: int, samples: Samples) -> None:
        self.first, self.samples = first, samples

    @property
    def last(self) -> int:
        return self.first + len(self.samples)


class PlayedLog:
    """Remembers the samples of the last seconds at the places where they were heard."""

    def __init__(self) -> None:
        self._blocks: deque[_Block] = deque()
        self._next: int | None = None

    def add(self, heard_at: float, samples: Samples) -> None:
        """Note the next block, whose first sample is heard at about ``heard_at``; it is copied."""
        first = round(heard_at * SPEAKER_RATE)
        if self._next is not None and abs(first - self._next) < SLIP_SECONDS * SPEAKER_RATE:
            first = self._next
        self._next = first + len(samples)
        self._blocks.append(_Block(first, samples.copy()))
        while self._blocks[0].last < first - KEPT_SECONDS * SPEAKER_RATE:
            self._blocks.popleft()

    def cut(self, steady: float) -> None:
        """Forget what would have been heard after this time: it was hushed."""
        end = round(steady * SPEAKER_RATE)
        while self._blocks and self._blocks[-1].last > end:
            block = self._blocks.pop()
            if block.first < end:
                self._blocks.append(_Block(block.first, block.samples[: end - block.first]))
                break
        self._next = None

    def copy(self) -> PlayedLog:
        """Return a log that nobody else changes."""
        log = PlayedLog()
        log._blocks = self._blocks.copy()
        return log

    def at(self, start: float, count: int) -> Samples:
        """Return ``count`` samples at 16 kHz from steady time ``start`` on."""
        first = round(start * MICROPHONE_RATE) * STEP - REACH
        span = np.zeros(max(0, count - 1) * STEP + 1 + 2 * REACH, np.float32)
        sounded = False
        for low, high, samples in self._between(first, first + len(span)):
            span[low:high] += samples
            sounded = True
        if not sounded or count == 0:
            return np.zeros(count, np.float32)
        windows = np.lib.stride_tricks.sliding_window_view(span, len(_TAPS))[::STEP]
        played: Samples = windows @ _TAPS
        return played

    def _between(self, first: int, last: int) -> Iterator[tuple[int, int, Samples]]:
        for block in reversed(self._blocks):  # asked for is what was heard lately
            if block.last < first - LATE_SECONDS * SPEAKER_RATE:
                break
            low, high = max(first, block.first), min(last, block.last)
            if low < high:
                part = block.samples[low - block.first : high - block.first]
                yield low - first, high - first, part
