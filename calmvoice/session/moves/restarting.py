"""After a restart: a promise was on disk, and it is kept."""

from __future__ import annotations

from dataclasses import replace

from calmvoice.errors import SessionError
from calmvoice.ports import Now, Trust
from calmvoice.session.events import Restarted
from calmvoice.session.machine import Machine
from calmvoice.session.moves.clock import ASKED, DOUBT_SECONDS, compare, compare_zone
from calmvoice.session.moves.returning import begin_calling, day_over
from calmvoice.session.promise import Promise
from calmvoice.session.rules import DAY
from calmvoice.session.script import Line
from calmvoice.session.stages import Stage
from calmvoice.session.timeline import Timeline, following


def restart(m: Machine, now: Now) -> Stage:
    """A promise was on disk: keep it, and say what happened."""
    if not isinstance(m.event, Restarted):
        raise SessionError(f"a restart needs the promise, not {m.event}")
    promise, computer = m.event.promise, now
    m.timeline = counted_on(promise, computer)
    newly_lost = is_lost(promise, computer)
    counted = promise.counted if has_stayed_on(promise, computer) else not newly_lost
    m.resume(replace(promise, counted=counted), m.timeline.reading(now))
    m.asks_time = newly_lost or promise.trust is Trust.NEVER_SET
    change = compare(m, Stage.SETTLING, computer) or compare_zone(m, computer)
    now, promise = m.timeline.reading(computer), m.kept_promise
    if now.wall >= promise.first_started_at + DAY:
        return day_over(m, now)
    if promise.owed:
        m.asks_time = False
        return Stage.OWED
    if now.wall >= promise.return_at:
        return begin_calling(m, "return.missed", now)
    minutes, return_at = max(1, m.minutes_left(now)), promise.return_at
    if not promise.counted and newly_lost:
        m.say((Line("return.clock_doubt", minutes, return_at), ASKED))
    elif change is not None:
        m.say((Line(change.value, minutes, return_at),))
    else:
        m.say((Line("return.restarted", t=return_at),))
    return Stage.SETTLING


def counted_on(promise: Promise, computer: Now) -> Timeline:
    """Return the time as far as it is known: counted on from when we were last alive.

    While the computer stayed on, that is exact. While it was off, the wall clock knows, if it can
    be believed; if it cannot, no time passes that nobody counted.
    """
    if has_stayed_on(promise, computer):
        return Timeline(promise.seen_at - promise.seen_since_boot, promise.trust)
    if is_lost(promise, computer):
        return Timeline(promise.seen_at - computer.since_boot, promise.trust)
    return following(computer)


def has_stayed_on(promise: Promise, computer: Now) -> bool:
    """Whether the computer has not been off since the promise was last seen."""
    same = promise.boot_id != "" and promise.boot_id == computer.boot_id
    return same and computer.since_boot >= promise.seen_since_boot


def is_lost(promise: Promise, computer: Now) -> bool:
    """Whether the computer was off, and its clock cannot say how long."""
    if has_stayed_on(promise, computer):
        return False
    unset = Trust.NEVER_SET in (promise.trust, computer.trust)
    return unset or computer.wall < promise.seen_at - DOUBT_SECONDS
