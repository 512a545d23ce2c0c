"""The microphone is lost: it is said aloud, once, when that disturbs nobody.

Rules: a loss of a moment is not worth a word; nothing that is being said is cut off, and no breath;
in quiet hours, and in a night, it is not said, for it stands on the screen; keys work all the time.
"""

from __future__ import annotations

from dataclasses import replace

from calmvoice.ports import Now
from calmvoice.session.events import HearingChanged
from calmvoice.session.machine import Machine
from calmvoice.session.script import Line
from calmvoice.session.stages import Stage

GRACE_SECONDS = 2.0  # a server that is started anew is back sooner
ONCE_IN_SECONDS = 600.0  # a plug that is loose is not spoken of all evening
NOT_IN = frozenset(
    {
        *(Stage.DOUBT, Stage.SLOWING, Stage.BRIDGE, Stage.BREATHING),
        *(Stage.ASKING, Stage.AGREEING, Stage.CHOOSING, Stage.REFLECTING),
    }
)
"""Stages of seconds or minutes in which something else has to be said, or an answer is awaited."""


def notice_hearing(m: Machine, now: Now) -> None:
    """Take in that the microphone was lost, or works again."""
    if isinstance(m.event, HearingChanged):
        since = None if m.event.works else now.steady
        m.loss = replace(m.loss, since=since, told=False)


def say_loss(m: Machine, stage: Stage, now: Now) -> None:
    """Say that nothing is heard, if its time has come."""
    due = say_at(m, stage)
    if due is None or now.steady < due:
        return
    said_lately = m.loss.said_at is not None and now.steady - m.loss.said_at < ONCE_IN_SECONDS
    m.loss = replace(m.loss, told=True)
    if said_lately or m.hour.is_quiet or (m.promise is not None and m.is_overnight):
        return
    m.loss = replace(m.loss, said_at=now.steady)
    m.interject((Line("state.microphone_lost"),), now)


def say_at(m: Machine, stage: Stage) -> float | None:
    """Return the steady time at which the loss is to be said; None while it is not."""
    if m.loss.since is None or m.loss.told or stage in NOT_IN or m.playing is not None:
        return None
    return m.loss.since + GRACE_SECONDS
