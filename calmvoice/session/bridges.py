"""Which bridge is spoken, and until when: chosen by what asked for the pause and by the hour.

Rule: every choice has a return time, and none lies beyond the couple's maximum, but for the night
that they agreed on.
"""

from __future__ import annotations

from dataclasses import dataclass

from calmvoice.meanings import Meaning
from calmvoice.session.events import Said
from calmvoice.session.local_time import MINUTES_A_DAY
from calmvoice.session.rules import MINUTE, Night, Rules, whole_minute

SHORTEST_UNTIL_MINUTES = 5  # an agreed clock time nearer than this is too short for a pause


@dataclass(frozen=True)
class Bridge:
    """The role that is spoken, the minutes it may say, and the return (Unix, a whole minute)."""

    role: str
    minutes: int
    return_at: float
    is_overnight: bool = False


def choose(rules: Rules, call: Said, wall: float) -> Bridge:
    """Return the bridge for a call at this Unix time."""
    if call.meaning is Meaning.EVENT:
        return by_minutes(rules, call, wall)
    if call.meaning is Meaning.UNTIL and rules.until is not None:
        return_at = rules.local_time.next_at(wall, rules.until)
        minutes = (return_at - wall) / MINUTE
        if SHORTEST_UNTIL_MINUTES <= minutes <= rules.longest_minutes:
            return Bridge("bridge.until", round(minutes), return_at)
    elif rules.night is not None and is_late(rules.night, rules.local_time.minute_of_day(wall)):
        return_at = rules.local_time.next_at(wall, rules.night.morning)
        is_today = rules.local_time.day(return_at) == rules.local_time.day(wall)
        role = "bridge.after_midnight" if is_today else "bridge.overnight"
        return Bridge(role, round((return_at - wall) / MINUTE), return_at, True)
    return tonight(rules, call, wall)


def by_minutes(rules: Rules, call: Said, wall: float) -> Bridge:
    """Return the bridge for a call where only minutes can be counted on."""
    if call.meaning is Meaning.EVENT:
        return _bridge("bridge.event", rules.event_minutes, wall)
    return tonight(rules, call, wall)


def tonight(rules: Rules, call: Said, wall: float) -> Bridge:
    """Return the bridge of a pause of the usual length."""
    role = rules.bridge
    if call.meaning is Meaning.OTHER_SIGNAL:
        role = rules.other_bridge
    elif call.meaning is Meaning.NO_WORDS:
        role = "bridge.no_words"
    elif call.by_key and call.meaning is Meaning.SIGNAL:
        role = rules.silent_bridge
    return _bridge(role, rules.pause_minutes, wall)


def is_late(night: Night, minute_of_day: int) -> bool:
    """Say whether it is the first half of the night: after that it is nearly morning."""
    since = (minute_of_day - night.bedtime) % MINUTES_A_DAY
    length = (night.morning - night.bedtime) % MINUTES_A_DAY
    return since < length / 2


def _bridge(role: str, minutes: float, wall: float) -> Bridge:
    return Bridge(role, round(minutes), whole_minute(wall + minutes * MINUTE))
