"""Tells other programs to be softer while CalmVoice speaks, from a thread that may hang alone.

Rules: the bridge never waits for it; between two sentences nothing is restored; what a killed run
left soft is restored first.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Protocol

from calmvoice.attendants import Attendant
from calmvoice.errors import SoundError
from calmvoice.shell import Status

log = logging.getLogger(__name__)

LINGER_SECONDS = 2.5  # longer than the quiet between two sentences
LOOK_SECONDS = 1.0  # a video's next part begins as loud as it was
CLOSE_SECONDS = 0.8


class Others(Protocol):
    """Other programs' sound. Calls may take long; they raise ``SoundError``."""

    def soften(self) -> None:
        """Make softer what is not yet."""

    def restore(self) -> None:
        """Set everything as it was before; nothing to do is no error."""


class Ducker(Attendant):
    """Softens and restores on a thread of its own."""

    def __init__(
        self,
        others: Others,
        linger_seconds: float = LINGER_SECONDS,
        look_seconds: float = LOOK_SECONDS,
    ) -> None:
        self._others = others
        self._linger_seconds, self._look_seconds = linger_seconds, look_seconds
        self._changed = threading.Condition()
        self._speaking = False
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="ducker", daemon=True)

    def begin(self) -> None:
        """Restore what a run before left soft, then wait for something to be said."""
        self._thread.start()

    def before_speaking(self) -> None:
        """Make the others softer, soon."""
        self._say(True)

    def show_status(self, status: Status) -> None:
        """Let them be as before when all has been said."""
        self._say(status.is_speaking)

    def close(self) -> None:
        """Restore them; a sound server that hangs is left to the next start."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        if self._thread.is_alive():
            self._thread.join(CLOSE_SECONDS)

    def _say(self, speaking: bool) -> None:
        with self._changed:
            self._speaking = speaking
            self._changed.notify_all()

    def _run(self) -> None:
        self._try(self._others.restore)
        while self._reached(True, None):
            self._try(self._others.soften)
            while not self._has_ended():
                self._try(self._others.soften)
            self._try(self._others.restore)

    def _has_ended(self) -> bool:
        """Wait until it is time to look again; return whether all has been said for a while."""
        if self._reached(False, self._look_seconds):
            return not self._reached(True, self._linger_seconds)
        return self._closing

    def _reached(self, speaking: bool, seconds: float | None) -> bool:
        """Wait for speech or its end, at most so long; false if it did not come, or at the end."""
        with self._changed:
            self._changed.wait_for(lambda: self._closing or self._speaking == speaking, seconds)
            return not self._closing and self._speaking == speaking

    def _try(self, do: Callable[[], None]) -> None:
        try:
            do()
        except SoundError as error:
            log.info("other programs: %s", error)
