"""From the bridge into the time apart, with what was asked for while it was spoken."""

from __future__ import annotations

from calmvoice.ports import Now
from calmvoice.session.machine import Machine
from calmvoice.session.moves import guiding, more_time
from calmvoice.session.stages import Stage


def leave(m: Machine, now: Now) -> Stage:
    """Guide as is wanted; where more time was asked for, ask how much first."""
    stage = guiding.begin_breathing(m, now) if m.guidance.breathes else guiding.begin_track(m)
    if not m.guidance.more_was_asked:
        return stage
    m.guidance.more_was_asked = False
    return more_time.ask_more(m, stage, now)
