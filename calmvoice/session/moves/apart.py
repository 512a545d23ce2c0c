"""What is said while both are apart: breathing, settling, notices, the time left."""

from __future__ import annotations

from calmvoice.ports import Now
from calmvoice.session.machine import Machine, with_gaps
from calmvoice.session.script import Breaths, Line, Quiet
from calmvoice.session.stages import Stage

FEWEST_BREATHS = 3  # a shorter block only disturbs
INTRO_SECONDS = 20.0  # the sentences before the first breath
BLOCK_MARGIN_SECONDS = 20.0  # between the last breath and the next notice
STALE_NOTICE_SECONDS = 20.0  # a notice later than this says the minutes that are really left


def begin_breathing(m: Machine, now: Now) -> Stage:
    """Guide the breath, if there is time for a block before the next notice."""
    breaths = room_for_breaths(m, now)
    if breaths < FEWEST_BREATHS:
        return begin_settling(m, now)
    m.say((Line("breathing.intro"),), (Breaths(0, breaths),), (Line("breathing.done"),))
    return Stage.BREATHING


def room_for_breaths(m: Machine, now: Now) -> int:
    """How many breaths fit before the next notice or the return."""
    times = [notice.at for notice in m.notices if notice.line.role != "time_left.half"]
    until = min([*times, m.kept_promise.return_at])
    intro = 15.0
    room = int((until - now.wall - intro - BLOCK_MARGIN_SECONDS) / m.rules.breath_seconds)
    return max(0, min(m.rules.breaths, room))


def begin_settling(m: Machine, now: Now) -> Stage:
    """A few lines with long quiet between them, then only quiet."""
    return_at = m.kept_promise.return_at
    m.say(Quiet(m.rules.breath_seconds))
    roles = () if m.is_overnight else m.rules.settling
    lines = [Line(role, t=return_at) for role in roles]
    m.say(*with_gaps(lines, m.rules.settling_gap_seconds))
    return Stage.SETTLING


def breathe_again(m: Machine, now: Now) -> Stage | None:
    """Start the breathing over; without room for it, say the last line again."""
    if room_for_breaths(m, now) < FEWEST_BREATHS:
        return say_again(m, now)
    m.hush()
    return begin_breathing(m, now)


def stop_guidance(m: Machine, now: Now) -> Stage:
    """Silence until the return; the promise stands."""
    m.hush()
    m.shelf = None
    m.notices = tuple(notice for notice in m.notices if notice.line.role == "time_left.two")
    return Stage.SETTLING


def time_left(m: Machine, now: Now) -> Stage | None:
    """Say how long, and when."""
    m.interject((left_line(m, now),), now)
    return None


def left_line(m: Machine, now: Now) -> Line:
    """Return the line that says how much time is left."""
    minutes = m.minutes_left(now)
    role = "time_left.asked" if minutes >= 1 else "time_left.under_one"
    return Line(role, minutes, m.kept_promise.return_at)


def already_heard(m: Machine, now: Now) -> Stage | None:
    """The other one gives the signal too: it was heard, and the time stands for both."""
    m.interject((Line("bridge.other", t=m.kept_promise.return_at),), now)
    return None


def who_asked(m: Machine, now: Now) -> Stage | None:
    """It is not told who asked for the pause: it is not known."""
    m.interject((Line("leaving.who_asked"),), now)
    return None


def say_again(m: Machine, now: Now) -> Stage | None:
    """Repeat the last line."""
    if m.playing is not None and m.playing.script == m.last_said:
        m.interrupt(now)
    elif m.last_said:
        m.interject(m.last_said, now)
    return None


def notice(m: Machine, now: Now) -> Stage:
    """Say the notice that is due; of several that were slept through, only the last."""
    due = [notice for notice in m.notices if notice.at <= now.wall]
    m.notices = m.notices[len(due) :]
    late = now.wall - due[-1].at > STALE_NOTICE_SECONDS
    m.interject((left_line(m, now) if late else due[-1].line,), now)
    return Stage.SETTLING
