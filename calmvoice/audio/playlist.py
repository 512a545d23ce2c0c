"""Which samples of a ticket come next: clips in a row, their breaks, the end. Pure.

Rules:
1. ``position`` counts every sample handed out since the first clip, silence included.
2. Where the next clip is not there yet, silence is handed out.
3. The end is known when the ticket is sealed and its last clip has been handed out; it lies where
   that clip ended, even if silence was handed out after it.
4. A break that was handed out is passed; ``finish`` looks for one that lies ahead.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from calmvoice.audio.limiter import Limiter
from calmvoice.errors import SoundError
from calmvoice.sound import SPEAKER_RATE, Clip, Samples


@dataclass(frozen=True, eq=False)
class Piece:
    """Part of a clip that was handed out: its samples ``first`` to ``last`` (exclusive).

    ``offset`` is where they begin in the block that was asked for.
    """

    clip: Clip
    first: int
    last: int
    offset: int


@dataclass(eq=False)
class _Entry:
    clip: Clip
    limiter: Limiter
    at: int
    stop: int


class Playlist:
    """The clips of one ticket."""

    def __init__(self, gain_db: float = 0.0) -> None:
        self.position = 0
        self.breaks_passed = 0
        self.begun = False
        self._gain_db = gain_db
        self._queue: deque[_Entry] = deque()
        self._sealed = False
        self._clips_end = 0

    @property
    def end(self) -> int | None:
        """The position at which the ticket ended, if all of it has been handed out."""
        return self._clips_end if self._sealed and not self._queue else None

    def append(self, clip: Clip) -> None:
        """Add a clip; ignored once sealed. Measures its peaks: not for an audio callback."""
        self.accept(clip, self.measure(clip))

    def measure(self, clip: Clip) -> Limiter:
        """Do the slow part of ``append``, which needs no lock; raises ``SoundError``."""
        if clip.sound.rate != SPEAKER_RATE:
            raise SoundError(
                f"a clip of {clip.sound.rate} Hz, only {SPEAKER_RATE} Hz can be played",
                "Resample it before it is made into a clip.",
            )
        return Limiter(clip.sound.samples, self._gain_db)

    def accept(self, clip: Clip, limiter: Limiter) -> None:
        """Do the quick part of ``append``."""
        if not self._sealed:
            self.begun = True
            self._queue.append(_Entry(clip, limiter, 0, len(clip.sound.samples)))

    def seal(self) -> None:
        """Take no more clips."""
        self._sealed = True

    def finish(self) -> None:
        """Seal, and end at the next break that has not been handed out, if there is one."""
        self._sealed = True
        for place, entry in enumerate(self._queue):
            ahead = [at for at in entry.clip.breaks if entry.at < at <= entry.stop]
            if ahead:
                entry.stop = ahead[0]
                while len(self._queue) > place + 1:
                    self._queue.pop()
                return

    def fill(self, out: Samples) -> list[Piece]:
        """Write the next ``len(out)`` samples and return what they are."""
        pieces = self._advance(len(out), out)
        done = pieces[-1].offset + pieces[-1].last - pieces[-1].first if pieces else 0
        out[done:] = 0.0
        return pieces

    def skip(self, count: int) -> None:
        """Go on by ``count`` samples that nobody hears."""
        self._advance(count, None)

    def _advance(self, count: int, out: Samples | None) -> list[Piece]:
        pieces: list[Piece] = []
        done = 0
        while self._queue:
            entry = self._queue[0]
            first, last = entry.at, min(entry.stop, entry.at + count - done)
            if last > first:
                if out is not None:
                    entry.limiter.write(out[done : done + last - first], first)
                pieces.append(Piece(entry.clip, first, last, done))
                self.breaks_passed += sum(first < at <= last for at in entry.clip.breaks)
                entry.at = last
                done += last - first
                self._clips_end = self.position + done
            if entry.at < entry.stop:
                break
            self._queue.popleft()
        self.position += count
        return pieces
