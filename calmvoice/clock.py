"""The clocks: the real one, one that can be moved on, and the local time of day."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from calmvoice.clock_trust import ClockTrust
from calmvoice.ports import Clock, Now

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


class SystemClock:
    """The computer's clocks.

    Where the system does not count sleep (it does on Linux), every wall time that passed beside
    the steady clock is taken for it.
    """

    def __init__(self) -> None:
        self._trust = ClockTrust()
        self._awake_since = time.time() - time.monotonic()
        try:
            self._boot_id = BOOT_ID.read_text("ascii").strip()
        except (OSError, UnicodeDecodeError):
            self._boot_id = ""

    def now(self) -> Now:
        """Return one reading."""
        steady = time.monotonic()
        wall = time.time()
        if hasattr(time, "CLOCK_BOOTTIME"):
            asleep = time.clock_gettime(time.CLOCK_BOOTTIME) - steady
        else:
            asleep = wall - steady - self._awake_since
        return Now(wall, steady, max(0.0, asleep), self._boot_id, self._trust.of(wall))


class SkippingClock:
    """A clock that can be moved on; wall and steady stay in step, so it never looks like sleep.

    ``after_seconds`` is how long a quiet stands before the shell moves it on.
    """

    def __init__(self, clock: Clock, after_seconds: float = 0.5) -> None:
        self.after_seconds = after_seconds
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

    def day(self, wall: float) -> int:
        """Return the local day at this Unix time, as its ordinal."""
        return datetime.fromtimestamp(wall).toordinal()

    def next_at(self, wall: float, minute_of_day: int) -> float:
        """Return the first Unix time after ``wall`` at which the clock shows this minute."""
        hour, minute = divmod(minute_of_day, 60)
        at = datetime.fromtimestamp(wall).replace(
            hour=hour, minute=minute, second=0, microsecond=0, fold=0
        )
        # Where the clock is put back an hour comes twice: the first of the two that is ahead.
        for shown in (at, at.replace(fold=1), at + timedelta(days=1)):
            if shown.timestamp() > wall:
                return shown.timestamp()
        raise ValueError(f"{minute_of_day} is no minute of a day")

    def utc_offset(self, wall: float) -> float:
        """Return what the clock shows then, in seconds east; a new time zone is taken up here."""
        if hasattr(time, "tzset"):
            time.tzset()
        offset = datetime.fromtimestamp(wall).astimezone().utcoffset()
        return offset.total_seconds() if offset is not None else 0.0
