"""The first minute together, and the question after it."""

from __future__ import annotations

from calmvoice.ports import Now
from calmvoice.session.actions import NoteCaught
from calmvoice.session.events import Said
from calmvoice.session.machine import Machine, with_gaps
from calmvoice.session.script import Breaths, Line, Quiet
from calmvoice.session.stages import Stage


def begin_reentry(m: Machine, greeting: str) -> Stage:
    """Greet, one breath together, then the couple's own lines; the pause is on record now."""
    m.end_pause()
    lines = [Line(role) for role in m.rules.reentry]
    m.say(
        (Line(greeting),),
        (Line("reentry.together"),),
        (Breaths(0, 1, warn_last=False),),
        *with_gaps(lines, m.rules.reentry_gap_seconds),
    )
    return Stage.REENTRY


def reflect(m: Machine, now: Now) -> Stage:
    """Ask early, middle or late, if they want to be asked."""
    if not m.rules.reflection:
        return Stage.LISTENING
    m.say((Line("reflection.ask"),), Quiet(m.rules.answer_seconds))
    return Stage.REFLECTING


def caught(m: Machine, now: Now) -> Stage:
    """Keep the answer and thank them."""
    m.hush()
    if isinstance(m.event, Said):
        m.actions.append(NoteCaught(m.event.meaning.value))
    m.say((Line("reflection.thanks"),))
    return Stage.LISTENING
