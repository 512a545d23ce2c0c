"""What is said about the time while both are apart: notices, what is left, and to whom it holds."""

from __future__ import annotations

from calmvoice.ports import Now
from calmvoice.session.actions import Show
from calmvoice.session.machine import Machine
from calmvoice.session.script import Line
from calmvoice.session.stages import Stage

STALE_NOTICE_SECONDS = 20.0  # a notice later than this says the minutes that are really left


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


def notice(m: Machine, now: Now) -> Stage:
    """Say the notice that is due; of several that were slept through, only the last.

    Whoever wanted silence, or no words, is told only when it is the last moment to ask for more.
    """
    due = [notice for notice in m.notices if notice.at <= now.wall]
    m.notices = m.notices[len(due) :]
    line = due[-1].line
    if now.wall - due[-1].at > STALE_NOTICE_SECONDS:
        line = left_line(m, now)
    if not m.guidance.speaks and due[-1].line.role != "time_left.two":
        m.actions.append(Show(line))
    else:
        m.interject((line,), now)
    return Stage.SETTLING
