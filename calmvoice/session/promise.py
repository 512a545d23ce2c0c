"""The promise that is kept on disk, and the record that stays after a pause."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from calmvoice.ports import Trust


@dataclass(frozen=True)
class Promise:
    """When both meet again. All times are Unix seconds by the wall clock.

    ``first_started_at`` is where the first of several pauses in one talk began (the hard stop of
    24 h counts from there); ``seen_at`` is when the program last knew itself alive, and
    ``seen_since_boot`` the same moment in seconds since the computer was switched on (``boot_id``),
    so that the time that passed is known whatever the wall clock does; ``owed`` says that the
    calls were not answered. ``trust`` is how far the clock could be believed that the times were
    told by, ``utc_offset`` what it showed at the return, in seconds east; ``counted`` is false
    when the computer was off for nobody knows how long. Nothing here says who asked.
    """

    started_at: float
    first_started_at: float
    return_at: float
    seen_at: float
    moved: int = 0
    owed: bool = False
    trust: Trust = Trust.SYNCHRONISED
    counted: bool = True
    boot_id: str = ""
    seen_since_boot: float = 0.0
    utc_offset: float | None = None


def from_plain(values: Mapping[str, Any]) -> Promise:
    """Return a promise from what was read back; raises ``ValueError`` if it cannot be one."""
    try:
        offset = values["utc_offset"]
        promise = Promise(
            float(values["started_at"]),
            float(values["first_started_at"]),
            float(values["return_at"]),
            float(values["seen_at"]),
            moved=int(values["moved"]),
            owed=bool(values["owed"]),
            trust=Trust(values["trust"]),
            counted=bool(values["counted"]),
            boot_id=str(values["boot_id"]),
            seen_since_boot=float(values["seen_since_boot"]),
            utc_offset=None if offset is None else float(offset),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"no promise: {error}") from error
    times = (promise.started_at, promise.first_started_at, promise.return_at, promise.seen_at)
    if not all(map(math.isfinite, (*times, promise.seen_since_boot))):
        raise ValueError(f"no promise: {promise}")
    return promise


class Ending(Enum):
    """How a pause ended; the value is what the history shows."""

    KEPT = "kept"
    MOVED = "moved"
    UNANSWERED = "not answered"


@dataclass(frozen=True)
class PauseRecord:
    """What is remembered of a pause: when, how many minutes, how it ended. No words, no who."""

    started_at: float
    minutes: int
    ending: Ending
