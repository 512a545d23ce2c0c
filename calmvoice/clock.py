"""The clocks: the real one, and one that can be moved on."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from datetime import datetime, timedelta

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


class SystemLocalTime:
    """The wall clock on this computer's wall; it follows the time zone and its summer time."""

    def minute_of_day(self, wall: float) -> int:
        """Return the local minute of the day at this Unix time."""
        at = datetime.fromtimestamp(wall)
        return at.hour * 60 + at.minute

    def next_at(self, wall: float, minute_of_day: int) -> float:
        """Return the first Unix time after ``wall`` at which the clock shows this minute."""
        hour, minute = divmod(minute_of_day, 60)
        at = datetime.fromtimestamp(wall).replace(hour=hour, minute=minute, second=0, microsecond=0)
        if at.timestamp() <= wall:
            at += timedelta(days=1)
        return at.timestamp()
