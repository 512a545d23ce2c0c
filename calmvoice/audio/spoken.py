"""Which words could be heard when: the last seconds of what was handed to the loudspeaker. Pure."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace

from calmvoice.audio.playlist import Piece
from calmvoice.sound import SPEAKER_RATE, Clip

KEPT_SECONDS = 15.0  # a phrase is known at most a few seconds after it was said


@dataclass(frozen=True, eq=False)
class _Stretch:
    clip: Clip
    first: int
    last: int
    start: float

    @property
    def end(self) -> float:
        return self.start + (self.last - self.first) / SPEAKER_RATE

    def sample(self, steady: float) -> int:
        """The clip's sample that was heard at a steady time."""
        return self.first + round((steady - self.start) * SPEAKER_RATE)


class SpokenLog:
    """Remembers which part of which clip was heard at which steady time."""

    def __init__(self) -> None:
        self._stretches: deque[_Stretch] = deque()

    def add(self, heard_at: float, pieces: Sequence[Piece]) -> None:
        """Note a block whose first sample is heard at steady time ``heard_at``."""
        for piece in pieces:
            start = heard_at + piece.offset / SPEAKER_RATE
            self._stretches.append(_Stretch(piece.clip, piece.first, piece.last, start))
        while self._stretches and self._stretches[0].end < heard_at - KEPT_SECONDS:
            self._stretches.popleft()

    def cut(self, steady: float) -> None:
        """Forget what would have been heard after this time: it was hushed."""
        while self._stretches and self._stretches[-1].end > steady:
            stretch = self._stretches.pop()
            if stretch.start < steady:
                self._stretches.append(replace(stretch, last=stretch.sample(steady)))
                break

    def copy(self) -> SpokenLog:
        """Return a log that nobody else changes."""
        log = SpokenLog()
        log._stretches = self._stretches.copy()
        return log

    def between(self, start: float, end: float) -> tuple[str, ...]:
        """Return the texts heard at any moment from ``start`` to ``end``, in order, once each."""
        texts: dict[tuple[int, int], str] = {}
        for stretch in self._stretches:
            if stretch.end < start or stretch.start > end:
                continue
            first = max(stretch.first, stretch.sample(start))
            last = min(stretch.last, stretch.sample(end) + 1)
            for cue in stretch.clip.cues:
                if cue.start < last and cue.end > first:
                    texts[id(stretch.clip), cue.start] = cue.text
        return tuple(texts.values())
