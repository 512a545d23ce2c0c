"""After a restart: a promise was on disk, and it is kept."""

from __future__ import annotations

from dataclasses import replace

from calmvoice.errors import SessionError
from calmvoice.ports import Now
from calmvoice.session.events import Restarted
from calmvoice.session.machine import Machine
from calmvoice.session.moves.returning import begin_calling, day_over
from calmvoice.session.promise import Promise
from calmvoice.session.rules import DAY, MINUTE, whole_minute
from calmvoice.session.script import Line
from calmvoice.session.stages import Stage

CLOCK_DOUBT_SECONDS = 120.0  # the clock stands this much before we were last alive: it is wrong


def restart(m: Machine, now: Now) -> Stage:
    """A promise was on disk: keep it, and say what happened."""
    if not isinstance(m.event, Restarted):
        raise SessionError(f"a restart needs the promise, not {m.event}")
    promise = m.event.promise
    if now.wall < promise.seen_at - CLOCK_DOUBT_SECONDS:
        return restart_in_doubt(m, promise, now)
    m.resume(promise, now)
    if now.wall >= promise.first_started_at + DAY:
        return day_over(m, now)
    if promise.owed:
        return Stage.OWED
    if now.wall >= promise.return_at:
        return begin_calling(m, "return.missed", now)
    m.say((Line("return.restarted", t=promise.return_at),))
    return Stage.SETTLING


def restart_in_doubt(m: Machine, old: Promise, now: Now) -> Stage:
    """The clock went back while we were off: keep what was left, and say that it is a guess."""
    return_at = whole_minute(now.wall + max(MINUTE, old.return_at - old.seen_at))
    shift = return_at - old.return_at
    m.resume(
        replace(
            old,
            started_at=old.started_at + shift,
            first_started_at=old.first_started_at + shift,
            return_at=return_at,
        ),
        now,
    )
    if old.owed:
        return Stage.OWED
    m.say((Line("return.clock_doubt", m.minutes_left(now), return_at),))
    return Stage.SETTLING
