"""Quiet hours: what is softer in them, and when they begin and end.

Rules a change must respect:
1. Nothing begins to sound in quiet hours louder than their cap, calls that grow louder included.
2. What light can do is shown and not said; the bridge, the promise and the call are always said.
3. Quiet or not is a matter of the minute the clock on the wall shows, so that midnight and summer
   time need no rule of their own.
"""

from __future__ import annotations

from dataclasses import dataclass

from calmvoice.session.local_time import MINUTES_A_DAY
from calmvoice.session.rules import QuietHours, Rules
from calmvoice.session.script import Breaths, Chime, Item, Line, Script

START_UNDER_CAP_DB = 3.0  # so that a call has room to grow louder under the cap
SOFT_ROLES = {"return.call": "return.quiet"}
"""Lines that have a shorter form for these hours."""
LIGHT_ROLES = frozenset(
    {"time_left.half", "time_left.five", "reentry.team", "reentry.naming", "reflection.thanks"}
)
"""Lines that are kind but not needed: they stand on the screen instead."""
CHIMES_WITH = frozenset({"return.repeat", "return.slept"})
"""The lines before which the chime stays: by then light and a soft line were not enough."""


@dataclass(frozen=True)
class Hour:
    """Whether it is quiet now, and the Unix time at which that changes (None: never)."""

    is_quiet: bool = False
    until: float | None = None


@dataclass(frozen=True)
class Delivery:
    """What of a script is said, how loud, and what is only shown."""

    script: Script
    gain_db: float = 0.0
    shown: tuple[Line, ...] = ()


def hour_at(rules: Rules, wall: float) -> Hour:
    """Look at the clock on the wall."""
    quiet = rules.quiet
    if quiet is None:
        return Hour()
    until = min(rules.local_time.next_at(wall, minute) for minute in (quiet.begin, quiet.end))
    return Hour(is_quiet(quiet, rules.local_time.minute_of_day(wall)), until)


def is_quiet(quiet: QuietHours, minute_of_day: int) -> bool:
    """Say whether this minute of the day lies in the quiet hours; their last one does not."""
    since = (minute_of_day - quiet.begin) % MINUTES_A_DAY
    return since < (quiet.end - quiet.begin) % MINUTES_A_DAY


def deliver(rules: Rules, script: Script, gain_db: float, wall: float) -> Delivery:
    """Return how a script is delivered at this Unix time; as it is outside quiet hours."""
    quiet = rules.quiet
    if quiet is None or not is_quiet(quiet, rules.local_time.minute_of_day(wall)):
        return Delivery(script, gain_db)
    said: list[Item] = []
    shown: list[Line] = []
    for item in script:
        match item:
            case Line(role, n, t) if role in LIGHT_ROLES:
                shown.append(item)
            case Line(role, n, t):
                said.append(Line(SOFT_ROLES.get(role, role), n, t))
            case Breaths():
                said.append(item)
    if any(isinstance(item, Line) and item.role in CHIMES_WITH for item in said):
        said = [item for item in script if isinstance(item, Chime)] + said
    gain_db = min(gain_db + quiet.cap_db - START_UNDER_CAP_DB, quiet.cap_db)
    return Delivery(tuple(said), gain_db, tuple(shown))
