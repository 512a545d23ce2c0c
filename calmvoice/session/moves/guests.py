"""Guests: the microphone is switched off and on by a key, in any stage, and it is said."""

from __future__ import annotations

from collections import deque

from calmvoice.ports import Now
from calmvoice.session.actions import Hush, Listen
from calmvoice.session.machine import Machine
from calmvoice.session.moves.between import ROLES
from calmvoice.session.script import Line
from calmvoice.session.stages import Stage

OFF, ON = (Line("guests.off"),), (Line("guests.on"),)
DROPPED = frozenset({OFF, ON, *((Line(role),) for role in ROLES.values())})
"""What is not taken up again: it no longer holds, or guests need not hear it."""


def switch_microphone(m: Machine, now: Now) -> Stage | None:
    """Off, or on again: first done, then said."""
    m.is_deaf = not m.is_deaf
    m.actions.append(Listen(not m.is_deaf))
    if m.playing is not None and m.playing.script in DROPPED:
        m.actions.append(Hush(m.playing.ticket))
        m.playing = None
    m.queue = deque(item for item in m.queue if item not in DROPPED)
    m.interject(OFF if m.is_deaf else ON, now)
    return None
