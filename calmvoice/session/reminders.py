"""Between pauses: what may be said, and when. Pure, from the wall time and what was last said.

Rules a change must respect:
1. Nothing is said in quiet hours, nor within two hours of a pause, a talk or a slow-down, nor
   while the microphone is off for guests, nor by a clock that was never set.
2. At most one a day, in the three hours from the hour they chose. What was missed, because the
   computer was off or the hour was not calm, is not made up for.
3. The two hints are rare and for both: "returns were missed" after two of the last five pauses
   within 30 days were not answered, at most every 30 days, and only if one of them is newer than
   the last hint; "seek help" when of six or more pauses in 60 days most were not answered, at most
   every 90 days. Never one within 14 days of the other, nor on a day with a pause.
4. A reminder begins nothing.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum

from calmvoice.ports import Now, Trust
from calmvoice.session.hours import is_quiet
from calmvoice.session.local_time import MINUTES_A_DAY
from calmvoice.session.rules import DAY, MINUTE, Reminders, Rules

CALM_SECONDS = 2 * 3600.0
LEAST_SECONDS = 1.0  # less than a wall time can hold would be looked for without end
WINDOW_MINUTES = 180
APART_SECONDS = 20 * 3600.0  # between two of any kind: one a day, whatever summer time does
CHECK_IN_DAYS = 2  # a check-in said today is not due again today
HINTS_APART_DAYS = 14
FAIR_USE_DAYS, SEEK_HELP_DAYS = 30, 90
RECENT_DAYS, RECENT_PAUSES, MISSED = 30, 5, 2
LONG_DAYS, LONG_PAUSES = 60, 6


class Kind(Enum):
    """What may be said; the value is its name on the disk. The first that is due is said."""

    SEEK_HELP = "seek_help"
    FAIR_USE = "fair_use"
    CHECK_IN = "check_in"
    PRACTICE = "practice"
    HELLO = "hello"


UNREST = "unrest"
"""The name on the disk for the last moment of a pause or of the talk after it."""


@dataclass(frozen=True)
class PastPause:
    """A pause as it matters here: its local day (ordinal), and whether both came back."""

    day: int
    was_answered: bool


@dataclass(frozen=True)
class Memory:
    """What was said and what happened before; ``said_at`` and ``unrest_at`` are Unix times.

    ``unrest_since_boot`` is that moment by a clock that counts sleep and is never set, if it lies
    in this run.
    """

    said_at: Mapping[str, float] = field(default_factory=dict)
    pauses: tuple[PastPause, ...] = ()
    unrest_at: float | None = None
    unrest_since_boot: float | None = None

    def with_unrest(self, now: Now) -> Memory:
        """Return the memory with a pause, a talk or a slow-down at this moment."""
        return replace(self, unrest_at=now.wall, unrest_since_boot=now.since_boot)

    def with_pause(self, pause: PastPause) -> Memory:
        """Return the memory with one more pause."""
        return replace(self, pauses=(*self.pauses, pause))

    def with_said(self, kind: Kind, wall: float) -> Memory:
        """Return the memory with something said at this moment."""
        return replace(self, said_at={**self.said_at, kind.value: wall})

    def begun(self, now: Now) -> Memory:
        """Return the memory at the start of a run: a pause that lies ahead of the clock was now."""
        ahead = self.unrest_at is not None and self.unrest_at > now.wall
        if ahead and self.unrest_since_boot is None:
            return self.with_unrest(now)
        return self

    def calm_seconds(self, now: Now) -> float:
        """Return how long it has been calm."""
        if self.unrest_since_boot is not None:
            return now.since_boot - self.unrest_since_boot
        return math.inf if self.unrest_at is None else now.wall - self.unrest_at


def due(rules: Rules, memory: Memory, now: Now) -> Kind | None:
    """Return what is to be said now, if anything."""
    plan = rules.reminders
    if plan is None or now.trust is Trust.NEVER_SET or memory.calm_seconds(now) < CALM_SECONDS:
        return None
    minute = rules.local_time.minute_of_day(now.wall)
    if rules.quiet is not None and is_quiet(rules.quiet, minute):
        return None
    since = (minute - plan.at) % MINUTES_A_DAY
    if since >= WINDOW_MINUTES or _said_lately(memory, now.wall):
        return None
    today = rules.local_time.day(now.wall - since * MINUTE)
    look = _Look(plan, memory, today, _days_since(rules, memory, today, now.wall))
    return next((kind for kind in Kind if look.is_due(kind)), None)


def next_look(rules: Rules, memory: Memory, now: Now) -> float | None:
    """Return the Unix time at which something may come due; the quiet hours tell theirs."""
    if rules.reminders is None:
        return None
    times = [rules.local_time.next_at(now.wall, rules.reminders.at)]
    left = CALM_SECONDS - memory.calm_seconds(now)
    if left > 0:
        times.append(now.wall + max(left, LEAST_SECONDS))
    return min(times)


def _said_lately(memory: Memory, wall: float) -> bool:
    return any(0 <= wall - at < APART_SECONDS for at in memory.said_at.values())


def _days_since(rules: Rules, memory: Memory, today: int, wall: float) -> dict[Kind, float]:
    """Return the days since each kind was said; what lies ahead of the clock is not believed."""
    days = dict.fromkeys(Kind, math.inf)
    for kind in Kind:
        at = memory.said_at.get(kind.value)
        if at is not None and at <= wall + DAY:
            days[kind] = today - rules.local_time.day(at)
    return days


@dataclass(frozen=True)
class _Look:
    plan: Reminders
    memory: Memory
    today: int
    days_since: Mapping[Kind, float]

    def is_due(self, kind: Kind) -> bool:
        plan, since = self.plan, self.days_since
        match kind:
            case Kind.SEEK_HELP:
                return self._may_hint(SEEK_HELP_DAYS, kind, Kind.FAIR_USE) and self._mostly_missed()
            case Kind.FAIR_USE:
                return self._may_hint(FAIR_USE_DAYS, kind, Kind.SEEK_HELP) and self._lately_missed()
            case Kind.CHECK_IN:
                return (self.today + 6) % 7 == plan.check_in and since[kind] >= CHECK_IN_DAYS
            case Kind.PRACTICE:
                return plan.practice_days > 0 and since[kind] >= plan.practice_days
            case Kind.HELLO:
                calm_day = plan.hello_days > 0 and not self._has_pause_today()
                return calm_day and since[kind] >= plan.hello_days

    def _may_hint(self, days: int, kind: Kind, other: Kind) -> bool:
        apart = self.days_since[kind] >= days and self.days_since[other] >= HINTS_APART_DAYS
        return self.plan.hints and apart and not self._has_pause_today()

    def _has_pause_today(self) -> bool:
        return any(pause.day == self.today for pause in self.memory.pauses)

    def _lately_missed(self) -> bool:
        recent = self._within(RECENT_DAYS)[-RECENT_PAUSES:]
        missed = [pause.day for pause in recent if not pause.was_answered]
        told = self.today - self.days_since[Kind.FAIR_USE]
        return len(missed) >= MISSED and missed[-1] > told

    def _mostly_missed(self) -> bool:
        pauses = self._within(LONG_DAYS)
        missed = sum(not pause.was_answered for pause in pauses)
        return len(pauses) >= LONG_PAUSES and missed > len(pauses) / 2

    def _within(self, days: int) -> list[PastPause]:
        return [pause for pause in self.memory.pauses if 0 <= self.today - pause.day <= days]
