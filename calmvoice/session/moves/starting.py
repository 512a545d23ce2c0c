"""The signal, a doubtful one, and the level below it."""

from __future__ import annotations

from calmvoice.meanings import Meaning
from calmvoice.ports import Now, Trust
from calmvoice.session import bridges
from calmvoice.session.bridges import Bridge
from calmvoice.session.events import Said
from calmvoice.session.machine import Machine
from calmvoice.session.script import Line, Quiet, Script
from calmvoice.session.stages import Stage


def signal(m: Machine, now: Now) -> Stage:
    """A pause begins; one that was perhaps misheard asks first."""
    if isinstance(m.event, Said):
        m.call = m.event
        if not m.event.sure:
            m.hush()
            m.say((Line("doubt.ask"),), Quiet(m.rules.doubt_seconds))
            return Stage.DOUBT
    return begin_pause(m, now)


def begin_pause(m: Machine, now: Now) -> Stage:
    """Speak the bridge at once, and put the promise on disk while it sounds."""
    if m.timeline.trust is Trust.NEVER_SET:  # an hour means nothing to it, minutes do
        return bridge_over(m, bridges.by_minutes(m.rules, m.call, now.wall), now)
    return bridge_over(m, bridges.choose(m.rules, m.call, now.wall), now)


def not_overnight(m: Machine, now: Now) -> Stage:
    """The night was offered and one of them would rather talk before: the usual length."""
    if not m.is_overnight:
        return Stage.BRIDGE
    asked = m.guidance
    stage = bridge_over(m, bridges.tonight(m.rules, m.call, now.wall), now)
    m.guidance.take_over(asked)
    return stage


def bridge_over(m: Machine, bridge: Bridge, now: Now) -> Stage:
    """Say this bridge and what is said with it, and promise its return."""
    m.hush()
    if m.promise is not None and m.promise.owed:
        m.end_pause(now)
    m.forget_answers()
    m.end_guidance()
    m.promise_return(bridge.return_at, now)
    m.begin_guidance()
    promised = m.actions.pop()  # the voice first: the disk may be slow, and the bridge is long
    m.say((Line(bridge.role, bridge.minutes, bridge.return_at),))
    if m.asks_time:
        m.say((Line("leaving.clock_unsure", bridge.minutes),))
    m.say(*((Line(role),) for role in m.rules.after_bridge))
    if bridge.is_overnight:
        m.say((Line("leaving.tonight", round(m.rules.pause_minutes)),))
        m.say(Quiet(m.rules.answer_seconds))
    m.advance(now)
    m.actions.append(promised)
    return Stage.BRIDGE


def mistaken(m: Machine, now: Now) -> Stage:
    """It was misheard: say so, and listen."""
    m.hush()
    m.say((Line("doubt.mistaken"),))
    return Stage.OWED if m.promise is not None else Stage.LISTENING


def slow_down(m: Machine, now: Now) -> Stage:
    """Five quiet seconds; "our cycle" is named first."""
    m.hush()
    m.say(*slow_seconds(m))
    return Stage.SLOWING


def slow_seconds(m: Machine) -> tuple[Script | Quiet, ...]:
    """Return the five quiet seconds and what is said around them."""
    named = isinstance(m.event, Said) and m.event.meaning is Meaning.CYCLE
    begin = Line("slow_down.named" if named else "slow_down.begin")
    return (begin,), Quiet(m.rules.slow_seconds), (Line("slow_down.end"),)


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
