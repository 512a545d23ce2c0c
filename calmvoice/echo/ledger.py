"""How much of the last seconds was our own voice: what the canceller took out, by moments. Pure.

Rules:
1. A moment is ours if much was taken out of it, else somebody else's.
2. That says something only where the canceller has learnt the room: it must have taken most out
   of what sounded while we last spoke. Before that, nothing is somebody else's.
3. Nor where the canceller did not know its way: it had lost it, or the echo had just moved.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace

import numpy as np

from calmvoice.sound import MICROPHONE_RATE, PcmSamples

KEPT_SECONDS = 15.0  # a phrase is known at most a few seconds after it was said
OURS_SECONDS = 10.0  # of our own voice: a room that changes is noticed after half of it
# Taken out of our own words 9 to 29 dB; out of a person 10 dB over the echo 0.4, as loud as it 3.
OURS_DB = 4.0
MOVED_SECONDS = 1.0  # before an echo that moved is found again: 0.1 to 0.5 s
LEARNT_DB = 9.0  # a canceller that has learnt takes 12 to 25 dB out, one that has not 0 to 7
LEARNT_SHARE = 0.5  # of the moments that are loudest: people talk over us seldom
ENOUGH_SECONDS = 5.0  # of our own voice, before anything is believed


@dataclass(frozen=True)
class _Moment:
    end: float
    seconds: float
    heard: float  # energies
    left: float
    sure: bool


class Ledger:
    """Remembers how loud the microphone was before and after our voice was taken out."""

    def __init__(self) -> None:
        self._moments: deque[_Moment] = deque()
        self._ours: deque[_Moment] = deque()
        self._ours_seconds = 0.0

    def note(
        self, end: float, heard: PcmSamples, left: PcmSamples, *, ours: bool, sure: bool = True
    ) -> None:
        """Note a moment up to the steady time ``end``.

        ``ours`` is whether we sounded in it, ``sure`` whether the canceller knew its way.
        """
        moment = _Moment(end, len(heard) / MICROPHONE_RATE, _energy(heard), _energy(left), sure)
        self._moments.append(moment)
        while self._moments[0].end < end - KEPT_SECONDS:
            self._moments.popleft()
        if ours:
            self._ours.append(moment)
            self._ours_seconds += moment.seconds
            while self._ours_seconds > OURS_SECONDS:
                self._ours_seconds -= self._ours.popleft().seconds

    def doubt(self, end: float) -> None:
        """Let the last moments before this time be nobody else's."""
        since = end - MOVED_SECONDS
        kept = (replace(m, sure=False) if m.end > since else m for m in self._moments)
        self._moments = deque(kept)

    def is_ours(self, start: float, end: float) -> bool:
        """Return whether most of what was heard then was taken out: whatever was understood."""
        return _is_taken_out(self._then(start, end))

    def is_other(self, start: float, end: float) -> bool:
        """Return whether what was heard then was surely somebody else, not our own voice."""
        then = self._then(start, end)
        if not then or not all(m.sure for m in then) or not self._has_learnt(start):
            return False
        return not _is_taken_out(then)

    def _then(self, start: float, end: float) -> list[_Moment]:
        return [m for m in self._moments if m.end > start and m.end - m.seconds < end]

    def _has_learnt(self, before: float) -> bool:
        """Judge by the louder half of the moments before: in the others there is only the room."""
        past = [m for m in self._ours if m.end <= before]
        if sum(m.seconds for m in past) < ENOUGH_SECONDS:
            return False
        loud = sorted(past, key=lambda m: m.heard)[len(past) // 2 :]
        removed = [m.left <= m.heard * 10 ** (-LEARNT_DB / 10) for m in loud]
        return sum(removed) >= LEARNT_SHARE * len(removed)


def _is_taken_out(moments: list[_Moment]) -> bool:
    heard, left = sum(m.heard for m in moments), sum(m.left for m in moments)
    return left < heard * 10 ** (-OURS_DB / 10)


def _energy(samples: PcmSamples) -> float:
    return float(np.square(samples, dtype=np.float64).sum()) + 1.0
