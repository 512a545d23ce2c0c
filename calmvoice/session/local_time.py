"""What the session needs to know of a wall clock on the wall: the minute of the day, and the next.

Rule: no clock is read here; the time zone is somebody else's.
"""

from __future__ import annotations

import math
from typing import Protocol

MINUTES_A_DAY = 24 * 60
FIRST_OF_1970 = 719_163  # its ordinal


class LocalTime(Protocol):
    """Turns Unix times into minutes of the local day (0 to 1439), and back."""

    def minute_of_day(self, wall: float) -> int:
        """Return the local minute of the day at this Unix time."""

    def day(self, wall: float) -> int:
        """Return the local day at this Unix time, as its ordinal (1 January of year 1 is 1)."""

    def next_at(self, wall: float, minute_of_day: int) -> float:
        """Return the first Unix time after ``wall`` at which the clock shows this minute."""

    def utc_offset(self, wall: float) -> float:
        """Return what the clock shows then, in seconds east of universal time."""


class UniversalTime:
    """Local time without a time zone."""

    def minute_of_day(self, wall: float) -> int:
        """Return the minute of the day at this Unix time."""
        return math.floor(wall / 60) % MINUTES_A_DAY

    def day(self, wall: float) -> int:
        """Return the day at this Unix time, as its ordinal."""
        return FIRST_OF_1970 + math.floor(wall / 60) // MINUTES_A_DAY

    def next_at(self, wall: float, minute_of_day: int) -> float:
        """Return the first Unix time after ``wall`` at which the clock shows this minute."""
        day = math.floor(wall / 60) // MINUTES_A_DAY * MINUTES_A_DAY
        at = (day + minute_of_day) * 60.0
        return at if at > wall else at + MINUTES_A_DAY * 60.0

    def utc_offset(self, wall: float) -> float:  # noqa: ARG002 - the same at any time
        """Return nothing."""
        return 0.0
