"""The microphone of a room: opened however long it takes, closed for guests, opened again.

Rules: a thread of its own opens and closes, because a device may take seconds; from the moment it
is switched off nothing that still arrives is heard, and what was heard is forgotten.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Protocol

from calmvoice.errors import SoundError
from calmvoice.ports import Microphone
from calmvoice.sound import PcmSamples

log = logging.getLogger(__name__)

REOPEN_SECONDS = 5.0  # between two looks for a microphone that was not there
CLOSE_LIMIT = 2.5  # seconds; the device itself has two

MakeMicrophone = Callable[[], Microphone]
Tell = Callable[[bool, str], None]
"""Called with whether the microphone works, and what to do if it does not."""


class Listens(Protocol):
    """Takes what a microphone delivers; the listener does."""

    def take(self, samples: PcmSamples, captured_at: float) -> None:
        """Take a chunk and the steady time of its last sample."""

    def pause(self) -> None:
        """Forget what was heard, and let pass what still comes."""

    def resume(self) -> None:
        """Listen again."""


class Hearing:
    """Keeps a microphone open as long as it is wanted."""

    def __init__(self, make: MakeMicrophone, listener: Listens, tell: Tell) -> None:
        self._make, self._listener, self._tell = make, listener, tell
        self._changed = threading.Condition()
        self._wanted, self._ended = True, False
        self._thread = threading.Thread(target=self._run, name="hearing", daemon=True)

    def start(self) -> None:
        """Begin to open it; returns at once."""
        self._thread.start()

    def switch(self, on: bool) -> None:
        """Want it open or closed; when this returns after "off", nothing is heard any more."""
        if on:
            self._listener.resume()
        else:
            self._listener.pause()
        with self._changed:
            self._wanted = on
            self._changed.notify_all()

    def close(self) -> None:
        """Let go of it, for good, and forget what it heard."""
        self._listener.pause()
        with self._changed:
            self._ended = True
            self._changed.notify_all()
        if self._thread.is_alive():
            self._thread.join(CLOSE_LIMIT)

    def _run(self) -> None:
        microphone: Microphone | None = None
        while self._wait_for_a_change(is_open=microphone is not None):
            if microphone is not None:
                microphone.close()
                microphone = None
                self._tell(True, "")  # it is off now, and not lost
                continue
            microphone = self._open()
        if microphone is not None:
            microphone.close()

    def _wait_for_a_change(self, is_open: bool) -> bool:
        """Wait until it must be opened or closed; return False when all is over."""
        with self._changed:
            self._changed.wait_for(lambda: self._ended or self._wanted != is_open)
            return not self._ended

    def _open(self) -> Microphone | None:
        """Open it once; after a failure, wait a little."""
        microphone = self._make()
        try:
            microphone.open(self._listener.take)
        except SoundError as error:
            log.warning("no microphone: %s", error)
            self._tell(False, f"({error}. {error.hint})")
            with self._changed:
                self._changed.wait_for(lambda: self._ended or not self._wanted, REOPEN_SECONDS)
            if not self._wanted:
                self._tell(True, "")
            return None
        self._tell(True, "")
        return microphone
