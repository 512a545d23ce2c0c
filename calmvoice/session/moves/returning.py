"""The return: calling both, hearing both, and what happens when nobody answers."""

from __future__ import annotations

from calmvoice.ports import Now
from calmvoice.session.actions import Show
from calmvoice.session.events import Said
from calmvoice.session.machine import Machine
from calmvoice.session.moves.reentry import begin_reentry
from calmvoice.session.promise import Ending
from calmvoice.session.rules import MINUTE
from calmvoice.session.script import Chime, Line
from calmvoice.session.stages import Stage

LATE_SECONDS = 60.0  # a call later than this owns that it is late


def ready_early(m: Machine, now: Now) -> Stage | None:
    """One is ready: kept to oneself, on the screen only, until both are; then they meet."""
    if m.answer(now):
        m.hush()
        m.shelf = None
        return begin_reentry(m, _for_us(m, "return.ready_both"), now)
    m.actions.append(Show(Line("time_left.ready_early", t=m.kept_promise.return_at)))
    return None


def ready_in_bridge(m: Machine, now: Now) -> Stage | None:
    """Both may take it back at once, by voice: the key that called is pressed more than once."""
    if isinstance(m.event, Said) and m.event.by_key:
        return None
    return ready_early(m, now)


def call(m: Machine, now: Now) -> Stage:
    """The time has come: call both, and say so if we are late."""
    promise = m.kept_promise
    late = now.wall - promise.return_at >= LATE_SECONDS
    slept = now.asleep - m.asleep > 1.0
    role = "return.call"
    if late:
        role = "return.slept" if slept else "return.repeat"
    return begin_calling(m, role, now)


def begin_calling(m: Machine, role: str, now: Now) -> Stage:
    """Chime, call, and plan the repeats from now."""
    m.hush()
    m.shelf = None
    m.end_guidance()
    m.forget_answers()
    start = max(m.kept_promise.return_at, now.wall)
    if start - m.kept_promise.return_at < LATE_SECONDS:
        start = m.kept_promise.return_at
    times = [start + minutes * MINUTE for minutes in m.rules.call_minutes[1:]]
    last = times[-1] if times else start
    m.call_times = (*times, last + m.rules.give_up_seconds)
    m.calls_made = 1
    m.say((Chime(), Line(role, t=m.kept_promise.return_at)))
    return Stage.CALLING


def call_again(m: Machine, now: Now) -> Stage:
    """Call once more, a little louder; after the last call, say that it stops."""
    due = [at for at in m.call_times if at <= now.wall]
    m.calls_made += len(due)
    m.call_times = m.call_times[len(due) :]
    m.hush()
    if not m.call_times:
        m.mark_owed(now)
        m.forget_answers()
        m.say((Line("return.no_answer"),))
        return Stage.OWED
    m.gain_db = m.rules.call_step_db * (m.calls_made - 1)
    m.say((Chime(), Line("return.repeat", t=m.kept_promise.return_at)))
    return Stage.CALLING


def here(m: Machine, now: Now) -> Stage:
    """One answered; when each has, the first minute begins."""
    before = m.answers
    if m.answer(now):
        m.hush()
        return begin_reentry(m, _for_us(m, "return.both_here"), now)
    if m.answers > before:
        m.hush()
        m.say((Line("return.one_here"),))
    return Stage.CALLING


def here_at_last(m: Machine, now: Now) -> Stage:
    """An answer after the calls had stopped."""
    if m.answer(now):
        m.hush()
        return begin_reentry(m, _for_us(m, "return.both_here"), now)
    return Stage.OWED


def both_back(m: Machine, now: Now) -> Stage:
    """ "We're back", once the time has come, speaks for both."""
    m.hush()
    return begin_reentry(m, _for_us(m, "return.both_here"), now)


def more_at_return(m: Machine, now: Now) -> Stage:
    """At the return it is late to move it: come and name a time."""
    m.interject((Line("more_time.at_return"),), now)
    return Stage.CALLING


def hush_call(m: Machine, now: Now) -> Stage:
    """Silence this call; the next one still comes."""
    m.hush()
    return Stage.CALLING


def hush_owed(m: Machine, now: Now) -> Stage:
    """Silence; the talk is still owed."""
    m.hush()
    return Stage.OWED


def day_over(m: Machine, now: Now) -> Stage:
    """The hard stop: nothing is called a day later."""
    m.hush()
    m.end_pause(now, Ending.UNANSWERED)
    return Stage.LISTENING


def _for_us(m: Machine, role: str) -> str:
    """Return the role, or what is said instead to one who practises alone."""
    return "return.alone_here" if m.rules.for_one else role
