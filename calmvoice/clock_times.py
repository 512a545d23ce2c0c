"""Clock times as people type them: "22:30", "8.30 pm", "7"; and as a file keeps them: "22:30"."""

from __future__ import annotations

import re

_TYPED = re.compile(r"(\d{1,2})(?:\s*[:.h]\s*(\d{2}))?\s*(am|pm|a\.m\.|p\.m\.)?", re.IGNORECASE)


def minute_of_day(typed: str) -> int:
    """Return the minute of the day (0 to 1439) of a typed clock time; raises ``ValueError``."""
    match = _TYPED.fullmatch(typed.strip())
    if match is None:
        raise ValueError(f"{typed!r} is no clock time; write it as 22:30")
    hour, minute, half = int(match[1]), int(match[2] or 0), (match[3] or "").lower()
    if half:
        if not 1 <= hour <= 12:
            raise ValueError(f"{typed!r} is no clock time: before {half} the hour is 1 to 12")
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    if hour > 23 or minute > 59:
        raise ValueError(f"{typed!r} is no clock time: from 0:00 to 23:59")
    return hour * 60 + minute


def readings(typed: str) -> tuple[int, ...]:
    """Return the minutes of the day that a clock on the wall may show as typed; none for no time.

    "7:40" may be the morning or the evening; "07:40", "19:40" and "7:40 pm" are one.
    """
    try:
        minute = minute_of_day(typed)
    except ValueError:
        return ()
    match = _TYPED.fullmatch(typed.strip())
    plain_hour = match is not None and not match[3] and not match[1].startswith("0")
    if plain_hour and 60 <= minute < 13 * 60:
        return tuple(sorted((minute, (minute + 12 * 60) % (24 * 60))))
    return (minute,)


def plain(minute: int) -> str:
    """Return a minute of the day as the file keeps it: "22:30"."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def checked(typed: str) -> str:
    """Return a clock time as the file keeps it, or nothing for nothing; raises ``ValueError``."""
    return plain(minute_of_day(typed)) if typed.strip() else ""
