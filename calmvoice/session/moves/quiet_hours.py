"""What changes in a running pause when the quiet hours begin."""

from __future__ import annotations

from calmvoice.ports import Now
from calmvoice.session.hours import hour_at
from calmvoice.session.machine import Machine
from calmvoice.session.script import Breaths, Quiet


def turn(m: Machine, now: Now) -> None:
    """Look at the hour; breathing that runs into quiet hours ends its breath, then goes on softly.

    A line that is being said is said to its end: it takes seconds.
    """
    before, m.hour = m.hour, hour_at(m.rules, now.wall)
    begins = m.hour.is_quiet and not before.is_quiet
    breathing = m.playing is not None and isinstance(m.playing.script[0], Breaths)
    if begins and breathing and m.playing is not None and not m.playing.finishing:
        m.interrupt(now)
        m.queue.appendleft(Quiet(0.0))  # what was interrupted goes on behind the first of the queue
