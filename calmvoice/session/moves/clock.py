"""What happens to a promise when the wall clock turns out to be wrong, now or before.

Rules:
1. However the clock is set, the return never comes sooner than was promised, by real time.
2. A promise made under a clock that was right keeps its time; one made under a clock that was
   wrong keeps its minutes, and the new time is said.
3. No time is said that may be wrong unless it is said that it may be.
"""

from __future__ import annotations

from dataclasses import replace
from enum import Enum

from calmvoice.ports import Now, Trust
from calmvoice.session.actions import Show
from calmvoice.session.events import TimeTold
from calmvoice.session.machine import Machine
from calmvoice.session.moves.returning import begin_calling
from calmvoice.session.rules import whole_minute
from calmvoice.session.script import Line
from calmvoice.session.stages import AWAY, Stage
from calmvoice.session.timeline import Timeline, following

STEP_SECONDS = 30.0  # a smaller step of the clock changes no time that was said
JITTER_SECONDS = 1.0  # between two readings of two clocks, on a loaded computer
DOUBT_SECONDS = 120.0  # the clock stands this much before we were last alive: it is wrong
HALF_A_DAY = 12 * 3600.0
ASKED = Line("return.ask_time")


class Change(Enum):
    """What the wall clock did to the promise; the value is the role that says so."""

    RIGHT = "return.clock_right"
    """It was wrong and is right now."""
    DOUBTED = "return.clock_changed"
    """It was set, and nobody knows whether it was right before or is now."""
    CERTAIN = "return.clock_certain"
    """How long the computer was off is known now; the time stands."""


def keep_time(m: Machine, stage: Stage, now: Now) -> None:
    """Take in what the wall clock says; move the promise with it where it was wrong, and say so."""
    if m.promise is None:
        follow(m, now)
        return
    change = compare(m, stage, now) or compare_zone(m, now)
    if change is not None and stage in AWAY:
        tell(m, change, m.timeline.reading(now))


def follow(m: Machine, now: Now) -> None:
    """Believe the wall clock, unless it was never set and a person told the time."""
    if not (m.timeline.told and now.trust is Trust.NEVER_SET):
        m.timeline = following(now)


def compare(m: Machine, stage: Stage, now: Now) -> Change | None:
    """Compare the wall clock with the time that was counted while a promise runs."""
    promise, ahead = m.kept_promise, m.timeline.ahead(now)
    if not promise.counted:
        return compare_uncounted(m, stage, now)
    if -STEP_SECONDS < ahead < -JITTER_SECONDS and now.trust >= m.timeline.trust:
        m.timeline = following(now)  # later by so much, never earlier
        return None
    if abs(ahead) < STEP_SECONDS and now.trust is Trust.SYNCHRONISED and promise.trust < now.trust:
        m.asks_time = False  # it was right all the time
        m.note(replace(promise, trust=now.trust), m.timeline.reading(now))
    if abs(ahead) < STEP_SECONDS or now.trust < promise.trust:
        return None
    is_right = now.trust is Trust.SYNCHRONISED and promise.trust < now.trust
    shift(m, stage, ahead, now)
    return Change.RIGHT if is_right else Change.DOUBTED


def compare_uncounted(m: Machine, stage: Stage, now: Now) -> Change | None:
    """How long the computer was off is not known; perhaps the wall clock knows it by now."""
    promise, ahead = m.kept_promise, m.timeline.ahead(now)
    if now.trust is Trust.NEVER_SET:
        return None
    if promise.trust is Trust.NEVER_SET:
        shift(m, stage, ahead, now)
        return Change.DOUBTED
    if now.trust is not Trust.SYNCHRONISED or ahead < -DOUBT_SECONDS:
        return None  # whoever set it by hand may say the time too
    m.timeline = following(now)
    m.asks_time = False
    m.note(replace(promise, counted=True), m.timeline.reading(now))
    return Change.CERTAIN if now.wall < promise.return_at else None


def compare_zone(m: Machine, now: Now) -> Change | None:
    """See whether the clock shows another time at the return than it did when it was said."""
    promise = m.kept_promise
    offset = m.rules.local_time.utc_offset(promise.return_at)
    if offset == promise.utc_offset:
        return None
    m.note(replace(promise, utc_offset=offset), m.timeline.reading(now))
    return Change.DOUBTED if promise.utc_offset is not None else None


def shift(m: Machine, stage: Stage, seconds: float, now: Now) -> None:
    """Let the wall clock have its way and the promise its minutes: all its times move along.

    The return stays a whole minute, and is rounded up.
    """
    old = m.kept_promise
    m.timeline = following(now)
    return_at = old.return_at + seconds
    if stage in AWAY:
        return_at = whole_minute(return_at)
    moved = return_at - old.return_at
    m.notices = tuple(replace(notice, at=notice.at + moved) for notice in m.notices)
    m.call_times = tuple(at + seconds for at in m.call_times)
    m.asks_time = m.asks_time and now.trust is Trust.NEVER_SET
    m.note(
        replace(
            old,
            started_at=old.started_at + seconds,
            first_started_at=old.first_started_at + seconds,
            return_at=return_at,
            trust=now.trust,
            counted=True,
            utc_offset=m.rules.local_time.utc_offset(return_at),
        ),
        m.timeline.reading(now),
    )


def tell(m: Machine, change: Change, now: Now) -> None:
    """Say what became of the return; in the night it is only shown."""
    promise = m.kept_promise
    if now.wall >= promise.return_at:
        return  # it is called now, and that says it
    line = Line(change.value, max(1, m.minutes_left(now)), promise.return_at)
    if m.is_overnight:
        m.actions.append(Show(line))
    else:
        m.interject((line,), now)


def time_told(m: Machine, now: Now) -> Stage | None:
    """Somebody looked at a watch: now it is known how much is left, or that it is over."""
    if not isinstance(m.event, TimeTold) or not m.asks_time:
        return None
    promise, told = m.kept_promise, told_at(m, m.event, now)
    if promise.trust is Trust.NEVER_SET:
        shift(m, Stage.SETTLING, told - now.wall, replace(now, wall=told, trust=Trust.OWN))
    m.timeline = Timeline(told - now.since_boot, Trust.OWN, told=True)
    m.asks_time = False
    now = m.timeline.reading(now)
    m.note(m.kept_promise, now)
    return_at = m.kept_promise.return_at
    if now.wall >= return_at:
        return begin_calling(m, "return.missed", now)
    if m.playing is not None and ASKED in m.playing.script:
        m.hush()
    m.interject((Line("return.time_thanks", t=return_at),), now)
    return None


def told_at(m: Machine, told: TimeTold, now: Now) -> float:
    """Return the Unix time that was meant, as far as the day is known.

    Time was lost, never gained: it is the first such time from when we were last alive on; where
    not even the day was known, the nearest.
    """
    unknown = m.kept_promise.trust is Trust.NEVER_SET
    earliest = now.wall - (HALF_A_DAY if unknown else DOUBT_SECONDS)
    times = [m.rules.local_time.next_at(earliest, minute) for minute in told.minutes]
    if unknown:
        return min(times, key=lambda at: abs(at - now.wall))
    return min(times)
