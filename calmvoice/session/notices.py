"""The lines that are owed at their time while both are apart: half, five minutes, two minutes."""

from __future__ import annotations

from dataclasses import dataclass

from calmvoice.session.promise import Promise
from calmvoice.session.rules import MINUTE
from calmvoice.session.script import Line

NOTICES = ((10 * MINUTE, "time_left.five", 5), (4 * MINUTE, "time_left.two", 2))
"""(shortest pause that has it, role, minutes before the return)."""
SHORTEST_WITH_HALF = 12 * MINUTE


@dataclass(frozen=True)
class Notice:
    """A line owed at a wall time while both are apart."""

    at: float
    line: Line


def plan(promise: Promise, wall: float) -> tuple[Notice, ...]:
    """Return what is owed between this Unix time and the return, the earliest first."""
    length = promise.return_at - wall
    half = Notice(wall + length / 2, Line("time_left.half"))
    owed = [half] if length >= SHORTEST_WITH_HALF else []
    for shortest, role, minutes in NOTICES:
        if length >= shortest:
            owed.append(Notice(promise.return_at - minutes * MINUTE, Line(role)))
    return tuple(sorted(owed, key=lambda notice: notice.at))
