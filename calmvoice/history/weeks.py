"""The pauses week by week: counted, and nothing more. No score, no streak, no rate.

Rules: a week without a pause is a week like any other, and stands between the others; nothing
here says what is good or bad.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from calmvoice.journal import HistoryRow
from calmvoice.session.promise import Ending

ENDINGS = tuple(ending.value for ending in Ending)
CAUGHT = ("early", "middle", "late")
WEEK = timedelta(weeks=1)


@dataclass(frozen=True)
class Week:
    """A week from Monday on, and its pauses in their order."""

    monday: date
    pauses: tuple[HistoryRow, ...]

    def ended(self, ending: str) -> int:
        """Return how many pauses ended so."""
        return sum(pause.ending == ending for pause in self.pauses)

    def caught(self, when: str) -> int:
        """Return how many were said to have come "early", "middle" or "late"."""
        return sum(pause.caught == when for pause in self.pauses)


def by_week(rows: Sequence[HistoryRow], today: date, most: int) -> tuple[Week, ...]:
    """Return the last ``most`` weeks up to this one, from the first that had a pause."""
    if not rows:
        return ()
    rows = sorted(rows, key=_day)
    this = _monday(today)
    first = max(min(_monday(_day(row)) for row in rows), this - (most - 1) * WEEK)
    last = max(this, max(_monday(_day(row)) for row in rows))
    weeks = []
    monday = first
    while monday <= last:
        weeks.append(Week(monday, tuple(row for row in rows if _monday(_day(row)) == monday)))
        monday += WEEK
    return tuple(weeks[-most:])


def _day(row: HistoryRow) -> date:
    return date.fromisoformat(row.day)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
