"""The clocks: the real one, and one that can be moved on."""

from __future__ import annotations

import threading
import time
from dataclasses import replace

from calmvoice.ports import Clock, Now


class SystemClock:
    """The computer's clocks; ``asleep`` is known where the system counts it (Linux)."""

    def now(self) -> Now:
        """Return one reading."""
        steady = time.monotonic()
        asleep = 0.0
        if hasattr(time, "CLOCK_BOOTTIME"):
            asleep = max(0.0, time.clock_gettime(time.CLOCK_BOOTTIME) - steady)
        return Now(time.time(), steady, asleep)


class SkippingClock:
    """A clock that can be moved on; wall and steady stay in step, so it never looks like sleep."""

    def __init__(self, clock: Clock) -> None:
        self._clock, self._skipped, self._lock = clock, 0.0, threading.Lock()

    def now(self) -> Now:
        """Return one reading."""
        now = self._clock.now()
        with self._lock:
            return replace(now, wall=now.wall + self._skipped, steady=now.steady + self._skipped)

    def skip(self, seconds: float) -> None:
        """Move the clock on; raises ``ValueError`` for going back."""
        if seconds < 0:
            raise ValueError(f"a clock is moved on, not back: {seconds} s")
        with self._lock:
            self._skipped += seconds
