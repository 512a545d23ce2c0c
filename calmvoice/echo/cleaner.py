"""The microphone without CalmVoice's own voice: what was played when is taken out of it.

Rules:
1. While nothing sounds, and nothing has for as long as an echo lasts, the microphone is passed on
   untouched: it costs nothing and loses nothing.
2. The microphone's chunks follow one another without a seam while something sounds, however their
   times jitter: an echo that moves has to be learnt again. The clock is followed in silence, and
   only when it is surely elsewhere.
3. While our voice is new to the canceller, all that is heard with it is ours: our own first words
   were once taken for a command. That is two seconds, once.
4. Nothing is lost or doubled: what waits for the rest of a frame comes with the next chunk.
"""

from __future__ import annotations

import math
from typing import Protocol

import numpy as np

from calmvoice.echo.canceller import EchoCanceller
from calmvoice.echo.echo_path import TAIL_SECONDS
from calmvoice.echo.ledger import Ledger
from calmvoice.sound import MICROPHONE_RATE, PcmSamples, Samples

SLIP_SECONDS = 0.05  # further off than times jitter (10 ms): sound was lost, or a device changed
FOLLOW_SECONDS = 0.01  # a drift of 50 ppm is followed every 200 s; single times are off by as much
SMOOTHING = 0.05  # of each chunk's difference: 2 s


class Playing(Protocol):
    """Knows what CalmVoice played; every speaker does."""

    def played(self, start: float, count: int) -> Samples:
        """Return ``count`` samples at 16 kHz that sounded from steady time ``start`` on."""


class EchoCleaner:
    """Cleans one microphone of one loudspeaker; on the microphone's thread."""

    def __init__(self, canceller: EchoCanceller, playing: Playing) -> None:
        self._canceller, self._playing = canceller, playing
        self._next: int | None = None  # where the next chunk begins, in samples of steady time
        self._off = 0.0  # how much later than counted the chunks are measured to begin, smoothed
        self._echo_left = 0  # samples for which what has sounded may still be heard
        self._heard: PcmSamples = np.empty(0, np.int16)  # what the canceller keeps, as it came
        self._ledger = Ledger()
        self._new_from, self._new_until = math.inf, -math.inf  # steady time

    def clean(self, samples: PcmSamples, captured_at: float) -> tuple[PcmSamples, float]:
        """Take a chunk and the steady time of its last sample; return both of what is clean."""
        count = len(samples)
        begin = self._place(round(captured_at * MICROPHONE_RATE) - count)
        self._next = begin + count
        reference = self._playing.played(begin / MICROPHONE_RATE, count)
        if reference.any():
            self._echo_left = round(TAIL_SECONDS * MICROPHONE_RATE) + count
        if self._echo_left == 0:
            self._ledger.note(captured_at, samples, samples, ours=False)
            return samples, captured_at
        clean = self._canceller.cancel(samples, reference)
        self._echo_left = max(0, self._echo_left - count)
        if self._echo_left == 0:
            clean = np.concatenate([clean, self._canceller.flush()])
        captured_at -= self._canceller.kept / MICROPHONE_RATE
        heard = np.concatenate([self._heard, samples])
        self._heard = heard[len(clean) :]
        ours, sure = bool(reference.any()), self._canceller.sure
        self._ledger.note(captured_at, heard[: len(clean)], clean, ours=ours, sure=sure)
        if ours and self._canceller.is_new:
            self._new_from = min(self._new_from, captured_at - len(clean) / MICROPHONE_RATE)
            self._new_until = captured_at
        if self._canceller.moved:
            self._ledger.doubt(captured_at)
        return clean, captured_at

    def is_ours(self, start: float, end: float) -> bool:
        """Return whether what was heard between these times was mostly our own voice."""
        if end > self._new_from and start < self._new_until:
            return True
        return self._ledger.is_ours(start, end)

    def is_other(self, start: float, end: float) -> bool:
        """Return whether what was heard between these times was surely not our own voice."""
        return self._ledger.is_other(start, end)

    def _place(self, measured: int) -> int:
        """Return where a chunk begins that was measured to begin there."""
        if self._next is None or abs(measured - self._next) > SLIP_SECONDS * MICROPHONE_RATE:
            self._off = 0.0
            return measured
        self._off += SMOOTHING * (measured - self._next - self._off)
        if self._echo_left > 0 or abs(self._off) < FOLLOW_SECONDS * MICROPHONE_RATE:
            return self._next
        step, self._off = round(self._off), 0.0
        return self._next + step
