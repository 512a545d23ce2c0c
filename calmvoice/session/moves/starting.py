"""The signal, a doubtful one, and the level below it."""

from __future__ import annotations

from calmvoice.ports import Now
from calmvoice.session.events import Said
from calmvoice.session.machine import Machine
from calmvoice.session.script import Line, Quiet, Script
from calmvoice.session.stages import Stage


def signal(m: Machine, now: Now) -> Stage:
    """A pause begins; one that was perhaps misheard asks first."""
    if isinstance(m.event, Said) and not m.event.sure:
        m.hush()
        m.say((Line("doubt.ask"),), Quiet(m.rules.doubt_seconds))
        return Stage.DOUBT
    return begin_pause(m, now)


def begin_pause(m: Machine, now: Now) -> Stage:
    """Speak the bridge at once, and put the promise on disk while it sounds."""
    m.hush()
    if m.promise is not None and m.promise.owed:
        m.end_pause()
    m.forget_answers()
    m.promise_return(m.rules.pause_minutes, now)
    promised = m.actions.pop()  # the voice first: the disk may be slow, and the bridge is long
    by_key = isinstance(m.event, Said) and m.event.by_key
    role = m.rules.silent_bridge if by_key else m.rules.bridge
    m.say((Line(role, round(m.rules.pause_minutes), m.kept_promise.return_at),))
    m.advance(now)
    m.actions.append(promised)
    return Stage.BRIDGE


def mistaken(m: Machine, now: Now) -> Stage:
    """It was misheard: say so, and listen."""
    m.hush()
    m.say((Line("doubt.mistaken"),))
    return Stage.OWED if m.promise is not None else Stage.LISTENING


def slow_down(m: Machine, now: Now) -> Stage:
    """Five quiet seconds."""
    m.hush()
    m.say(*slow_seconds(m))
    return Stage.SLOWING


def slow_seconds(m: Machine) -> tuple[Script | Quiet, ...]:
    """Return the five quiet seconds and what is said around them."""
    return (Line("slow_down.begin"),), Quiet(m.rules.slow_seconds), (Line("slow_down.end"),)


def slow_down_in_reentry(m: Machine, now: Now) -> Stage | None:
    """Five quiet seconds in the middle of the talk; what was going on goes on after them."""
    m.interrupt(now)
    m.queue.extendleft(reversed(slow_seconds(m)))
    return None


def listen(m: Machine, now: Now) -> Stage:
    """Back to listening."""
    return Stage.LISTENING


def hush_and_listen(m: Machine, now: Now) -> Stage:
    """Be silent and listen."""
    m.hush()
    return Stage.LISTENING
