"""The watchdog's beat: sent by the session's own thread, and only while the ears are well too.

Rules: nothing but the session's thread beats, so a thread that hangs is silence; a microphone that
works but has brought nothing for a while is a hang as well, one that is known to be gone is not.
"""

from __future__ import annotations

import threading
from typing import Protocol

from calmvoice.attendants import Attendant
from calmvoice.ports import Clock
from calmvoice.shell import Status
from calmvoice.sound import PcmSamples

DEAF_SECONDS = 15.0  # chunks come every 0.1 s; a Pi that decodes a long sentence may fall behind
LONGEST_BETWEEN_BEATS = 5.0


class Told(Protocol):
    """Takes states for systemd, as ``Notifier``."""

    def send(self, state: str) -> None:
        """Send a state; never waits."""

    def close(self) -> None:
        """Let go of it."""


class Watch(Attendant):
    """Says that the program is ready, then that it is alive, then that it ends."""

    def __init__(self, told: Told, clock: Clock, watchdog_seconds: float) -> None:
        """Begin; ``watchdog_seconds`` is 0 where nothing waits for beats."""
        self._told, self._clock = told, clock
        self._between = min(LONGEST_BETWEEN_BEATS, watchdog_seconds / 3)
        self._ready = False
        self._beaten_at = float("-inf")
        self._lock = threading.Lock()
        self._microphone_works = self._is_off = False
        self._heard_at = float("-inf")

    def beat(self) -> None:
        """Called by the session's thread at each turn of its inbox."""
        now = self._clock.now().steady
        if not self._ready:
            self._ready = True
            self._told.send("READY=1")
        if self._between and now - self._beaten_at >= self._between and not self._is_deaf(now):
            self._beaten_at = now
            self._told.send("WATCHDOG=1")

    def show_status(self, status: Status) -> None:
        """Expect nothing of a microphone that was switched off, and give it time to come back."""
        with self._lock:
            if self._is_off and not status.is_deaf:
                self._heard_at = self._clock.now().steady
            self._is_off = status.is_deaf

    def show_microphone(self, works: bool) -> None:
        """Note whether sound is expected from now on."""
        with self._lock:
            self._microphone_works = works
            self._heard_at = self._clock.now().steady

    def take(self, samples: PcmSamples, captured_at: float) -> None:  # noqa: ARG002 - that it came
        """Note that the microphone and the ears work."""
        with self._lock:
            self._heard_at = self._clock.now().steady

    def close(self) -> None:
        """Say that the end is meant."""
        self._told.send("STOPPING=1")
        self._told.close()

    def _is_deaf(self, now: float) -> bool:
        with self._lock:
            expected = self._microphone_works and not self._is_off
            return expected and now - self._heard_at > DEAF_SECONDS
