"""What every loudspeaker of ours has: a desk that tickets are handed to, and a thread at it."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod

from calmvoice.audio.desk import Desk
from calmvoice.ports import Clock
from calmvoice.sound import Clip, Samples

CLOSE_LIMIT = 1.5  # seconds


class DeskSpeaker(ABC):
    """The ``Speaker`` port but for playing, which ``_run`` does until ``_closing`` is set."""

    def __init__(self, clock: Clock, thread_name: str) -> None:
        """Prepare the thread; the subclass starts it when it is ready."""
        self._clock = clock
        self._desk = Desk(clock)
        self._closing = False
        self._thread = threading.Thread(target=self._run, name=thread_name, daemon=True)

    @abstractmethod
    def _run(self) -> None:
        """Play what is on the desk and report the ends, until closing."""

    def start(self, ticket: int, gain_db: float = 0.0) -> None:
        """Begin a ticket; whatever plays is hushed first."""
        self._desk.start(ticket, gain_db)

    def append(self, ticket: int, clip: Clip) -> None:
        """Add the next clip; raises ``SoundError`` if it is not at ``SPEAKER_RATE``."""
        self._desk.append(ticket, clip)

    def seal(self, ticket: int) -> None:
        """Say that no clip will follow."""
        self._desk.seal(ticket)

    def finish(self, ticket: int) -> None:
        """Play on to the next break (or the end), then report the end."""
        self._desk.finish(ticket)

    def hush(self) -> None:
        """Be silent within milliseconds; nothing is reported."""
        self._desk.hush()

    def spoken(self, start: float, end: float) -> tuple[str, ...]:
        """Return the texts audible at any moment of steady time ``start`` to ``end``."""
        return self._desk.spoken(start, end)

    def played(self, start: float, count: int) -> Samples:
        """Return what sounded from steady time ``start`` on, at ``MICROPHONE_RATE``."""
        return self._desk.played(start, count)

    def close(self) -> None:
        """Let go of the device within two seconds, whatever state it is in."""
        self._desk.hush()
        with self._desk.changed:
            self._closing = True
            self._desk.changed.notify_all()
        if threading.current_thread() is not self._thread:
            self._thread.join(CLOSE_LIMIT)
