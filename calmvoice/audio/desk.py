"""The ticket that plays, shared by the callers' threads and whoever draws its samples.

Rules:
1. Everything is guarded by ``changed``; whoever waits for something to do waits on it.
2. ``serial`` grows with every start and every hush: a stream opened for an older serial gets
   silence, so the end of something hushed can never be mistaken for the present ticket's.
3. ``due`` is the steady time at which the next sample not yet drawn will be (or would have been)
   heard: a device draws with the time its DAC gives, a clock draws until ``due`` is now.
4. ``unheard`` is true while the ticket goes by without a device.
5. Nothing of a caller's is called from here.
"""

from __future__ import annotations

import threading

from calmvoice.audio.played import PlayedLog
from calmvoice.audio.playlist import Playlist
from calmvoice.audio.spoken import SpokenLog
from calmvoice.ports import Clock
from calmvoice.sound import SPEAKER_RATE, Clip, Samples


class Desk:
    """Knows what plays; does not know what it plays on."""

    def __init__(self, clock: Clock) -> None:
        self.changed = threading.Condition()
        self.serial = 0
        self.due = 0.0
        self._clock = clock
        self._ticket: int | None = None
        self._playlist = Playlist()
        self._log = SpokenLog()
        self._played = PlayedLog()
        self.unheard = False

    @property
    def playing(self) -> bool:
        """Whether there is a ticket with something in it whose end has not been heard."""
        return self._ticket is not None and (self._playlist.begun or self._playlist.end is not None)

    def start(self, ticket: int, gain_db: float) -> None:
        """Begin a ticket; the one before it is hushed."""
        with self.changed:
            self.hush()
            self._ticket = ticket
            self._playlist = Playlist(gain_db)
            self.unheard = False

    def append(self, ticket: int, clip: Clip) -> None:
        """Add a clip to the ticket, if it is the one that plays."""
        with self.changed:
            if ticket != self._ticket:
                return
            playlist = self._playlist
        limiter = playlist.measure(clip)
        with self.changed:
            if playlist is not self._playlist:
                return
            if not playlist.begun:
                self.due = self._clock.now().steady
            playlist.accept(clip, limiter)
            self.changed.notify_all()

    def seal(self, ticket: int) -> None:
        """Let the ticket end after its last clip."""
        with self.changed:
            if ticket == self._ticket:
                self._playlist.seal()
                self.changed.notify_all()

    def finish(self, ticket: int) -> None:
        """Let the ticket end at its next break."""
        with self.changed:
            if ticket == self._ticket:
                self._playlist.finish()
                self.changed.notify_all()

    def hush(self) -> None:
        """Let go of the ticket: who draws for it gets silence from now on."""
        with self.changed:
            now = self._clock.now().steady
            self.serial += 1
            self._ticket = None
            self._playlist = Playlist()
            self._log.cut(now)
            self._played.cut(now)
            self.due = now
            self.changed.notify_all()

    def spoken(self, start: float, end: float) -> tuple[str, ...]:
        """Return the texts that were audible in this interval of steady time."""
        with self.changed:
            log = self._log.copy()
        return log.between(start, end)

    def played(self, start: float, count: int) -> Samples:
        """Return what was heard from steady time ``start`` on, at 16 kHz."""
        with self.changed:
            log = self._played.copy()
        return log.at(start, count)

    def draw(self, serial: int, out: Samples, heard_at: float) -> None:
        """Fill a block whose first sample will be heard at steady time ``heard_at``."""
        with self.changed:
            if serial != self.serial or self._ticket is None:
                out[:] = 0.0
                return
            if self.unheard:
                self.pass_over(heard_at)
                self.unheard = False
            ending = self._playlist.end is None
            self._log.add(heard_at, self._playlist.fill(out))
            self._played.add(heard_at, out)
            self.due = heard_at + len(out) / SPEAKER_RATE
            if ending and self._playlist.end is not None:
                self.changed.notify_all()

    def pass_over(self, steady: float) -> None:
        """Let go by unheard what would have been heard before this time."""
        with self.changed:
            count = int((steady - self.due) * SPEAKER_RATE)
            if self._ticket is not None and count > 0:
                if not self.unheard:
                    self._log.cut(steady)
                    self._played.cut(steady)
                self.unheard = True
                self._playlist.skip(count)
                self.due += count / SPEAKER_RATE

    @property
    def end_at(self) -> float | None:
        """The steady time at which the last sample will have been heard, when that is known."""
        end = self._playlist.end
        if self._ticket is None or end is None:
            return None
        return self.due - (self._playlist.position - end) / SPEAKER_RATE

    def take_end(self, steady: float) -> tuple[int, int] | None:
        """Return the ticket and its breaks passed, once, when its last sample has been heard."""
        with self.changed:
            end_at = self.end_at
            if self._ticket is None or end_at is None or end_at > steady:
                return None
            ended = (self._ticket, self._playlist.breaks_passed)
            self._ticket = None
            return ended
