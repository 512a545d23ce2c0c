"""More time: once by either, a second time by both, never over the cap."""

from __future__ import annotations

from calmvoice.ports import Now
from calmvoice.session.machine import Machine, Shelf
from calmvoice.session.moves import guiding
from calmvoice.session.script import Line, Quiet
from calmvoice.session.stages import Stage

QUESTION_SECONDS = 25.0  # a breath ends first, then it is asked


def ask_more(m: Machine, stage: Stage, now: Now) -> Stage:
    """Once by either: ask how much. A second time needs a yes from each. The cap holds."""
    if not m.room_for(m.rules.more_minutes[0]):
        m.interject((Line("more_time.cap", t=m.kept_promise.return_at),), now)
        return stage
    first_time = m.kept_promise.moved == 0
    again = "more_time.second_alone" if m.rules.for_one else "more_time.second"
    question = Line("more_time.ask" if first_time else again)
    m.interrupt(now)
    m.shelf = Shelf(stage, tuple(m.queue))
    m.queue.clear()
    m.say((question,), Quiet(m.rules.answer_seconds))
    m.forget_answers()
    return Stage.ASKING if first_time else Stage.AGREEING


def ask_more_after_bridge(m: Machine, now: Now) -> Stage:
    """It was asked for in the bridge, which is never cut off: remember it."""
    m.guidance.more_was_asked = True
    return Stage.BRIDGE


def ask_more_in_breathing(m: Machine, now: Now) -> Stage:
    """Ask at the end of this breath."""
    return ask_more(m, Stage.BREATHING, now)


def ask_more_in_settling(m: Machine, now: Now) -> Stage:
    """Ask now."""
    return ask_more(m, Stage.SETTLING, now)


def ten_more(m: Machine, now: Now) -> Stage:
    """The shorter answer."""
    return grant(m, m.rules.more_minutes[0], now)


def twenty_more(m: Machine, now: Now) -> Stage:
    """The longer answer; where only the shorter fits under the cap, that one."""
    fits = m.room_for(m.rules.more_minutes[1])
    return grant(m, m.rules.more_minutes[1 if fits else 0], now)


def unanswered_is_ten(m: Machine, now: Now) -> Stage:
    """More is needed and nobody said how much: the shorter."""
    return grant(m, m.rules.more_minutes[0], now)


def yes(m: Machine, now: Now) -> Stage:
    """A yes; after the second one it is asked how much, if there is a choice."""
    if not m.answer(now):
        return Stage.AGREEING
    left = m.kept_promise.return_at - now.wall
    if not m.room_for(m.rules.more_minutes[1]) or left < QUESTION_SECONDS + m.rules.answer_seconds:
        return grant(m, m.rules.more_minutes[0], now)
    fall_silent(m)
    m.say((Line("more_time.ask"),), Quiet(m.rules.answer_seconds))
    return Stage.ASKING


def not_agreed(m: Machine, now: Now) -> Stage:
    """Not both said yes: it stays."""
    m.forget_answers()
    return unshelve(m, Line("more_time.unmoved", t=m.kept_promise.return_at))


def not_moved(m: Machine, now: Now) -> Stage:
    """The question is taken back: it stays."""
    fall_silent(m)
    return not_agreed(m, now)


def hush_question(m: Machine, now: Now) -> Stage:
    """ "Stop" to a question: it stays as it was, in silence."""
    m.forget_answers()
    return guiding.stop(m, now)


def grant(m: Machine, minutes: int, now: Now) -> Stage:
    """Move the return, put it on disk, announce the new time to both."""
    by_both = m.kept_promise.moved > 0
    role = "more_time.confirm" if by_both else "more_time.announce"
    m.move_return(minutes, now)
    m.forget_answers()
    return unshelve(m, Line(role, minutes, m.kept_promise.return_at))


def unshelve(m: Machine, line: Line) -> Stage:
    """Say the line, then take up the guidance that was laid aside."""
    shelf = m.shelf or Shelf(Stage.SETTLING, ())
    m.shelf = None
    fall_silent(m)
    m.say((line,), *shelf.queue)
    return shelf.stage


def fall_silent(m: Machine) -> None:
    """Forget what was to be said; a breath in progress ends first, its rest follows by itself."""
    if not m.is_breathing:
        m.hush()
    m.queue.clear()
