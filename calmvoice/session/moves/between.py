"""Between pauses: a reminder is said, and what happens is remembered for the next."""

from __future__ import annotations

from collections.abc import Sequence

from calmvoice.ports import Now
from calmvoice.session.actions import Action, NoteEnd, NoteMoment
from calmvoice.session.events import ClipEnded, DeadlineReached
from calmvoice.session.machine import Machine
from calmvoice.session.promise import Ending
from calmvoice.session.reminders import UNREST, Kind, PastPause, due
from calmvoice.session.script import Line
from calmvoice.session.stages import Stage

ROLES = {
    Kind.SEEK_HELP: "hints.seek_help",
    Kind.FAIR_USE: "hints.fair_use",
    Kind.CHECK_IN: "reminders.check_in",
    Kind.PRACTICE: "reminders.practice",
    Kind.HELLO: "reminders.hello",
}
TOGETHER = frozenset({Stage.REENTRY, Stage.CHOOSING, Stage.TALKING, Stage.REFLECTING})


def reminder_due(m: Machine, now: Now) -> Kind | None:
    """Return what may be said now; nothing while something sounds, nothing before guests.

    What a person does, and a promise found on disk, come first.
    """
    is_idle = m.playing is None and m.quiet_until is None and not m.queue
    has_guests = m.is_deaf and not m.rules.key_only
    by_itself = isinstance(m.event, DeadlineReached | ClipEnded)
    return due(m.rules, m.memory, now) if is_idle and by_itself and not has_guests else None


def remind(m: Machine, now: Now) -> Stage | None:
    """Say it once; it begins nothing, and whoever gives the signal meanwhile is heard as ever."""
    kind = reminder_due(m, now)
    if kind is not None:
        m.memory = m.memory.with_said(kind, now.wall)
        m.actions.append(NoteMoment(kind.value, now.wall))
        m.say((Line(ROLES[kind]),))
    return None


def remember(m: Machine, before: Stage, after: Stage, actions: Sequence[Action], now: Now) -> None:
    """Take in a move and what it asked for; keep on disk when it was last not calm."""
    ended = [action.record for action in actions if isinstance(action, NoteEnd)]
    for record in ended:
        day = m.rules.local_time.day(record.started_at)
        answered = record.ending is not Ending.UNANSWERED
        m.memory = m.memory.with_pause(PastPause(day, answered))
    if {before, after} == {Stage.LISTENING}:
        return
    m.memory = m.memory.with_unrest(now)
    if ended or (before is not after and {before, after} & TOGETHER):
        m.actions.append(NoteMoment(UNREST, now.wall))
