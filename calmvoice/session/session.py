"""The session: events and the time in, actions out, and the next deadline published.

Rules a change must respect:
1. No I/O, no clock, no threads, no sound: ``now`` is an argument (a test asserts the imports).
2. Every change of stage is a row of ``table``; a move that ends elsewhere is a bug and raises.
3. What is due is done before the event that came later, and looked at again after it.
4. What a person says and the stage does not know is let go; nothing changes.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

from calmvoice.errors import SessionError
from calmvoice.meanings import Meaning
from calmvoice.ports import Now
from calmvoice.session.actions import Action
from calmvoice.session.events import ClipEnded, Event, Restarted, Said, TimeTold
from calmvoice.session.machine import Machine
from calmvoice.session.moves import between, quiet_hours
from calmvoice.session.moves.clock import keep_time
from calmvoice.session.moves.hearing import notice_hearing, say_at, say_loss
from calmvoice.session.promise import Promise
from calmvoice.session.reminders import Memory, next_look
from calmvoice.session.rules import DAY, Rules
from calmvoice.session.stages import AWAY, Due, Stage
from calmvoice.session.table import MEANINGS, TABLE, Row

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Deadline:
    """When the session next wants to be asked, if it does.

    In seconds since the computer was switched on, for what is promised (no setting of the wall
    clock moves it), or by the steady clock, which stands still in a sleep.
    """

    since_boot: float | None = None
    steady: float | None = None

    def seconds_from(self, now: Now) -> float | None:
        """Return the seconds from ``now`` to the earlier of the two, at least 0."""
        waits = []
        if self.since_boot is not None:
            waits.append(self.since_boot - now.since_boot)
        if self.steady is not None:
            waits.append(self.steady - now.steady)
        return max(0.0, min(waits)) if waits else None


class Session:
    """One couple's session; not thread-safe: one thread applies the events."""

    def __init__(self, rules: Rules, memory: Memory | None = None) -> None:
        self._machine = Machine(rules, memory=memory or Memory(), is_deaf=rules.key_only)
        self._stage = Stage.LISTENING

    @property
    def stage(self) -> Stage:
        """Where the session stands."""
        return self._stage

    @property
    def promise(self) -> Promise | None:
        """The promise that holds now."""
        return self._machine.promise

    @property
    def wall_offset(self) -> float | None:
        """What makes a promise's time of seconds since boot, where a promise runs."""
        return self._machine.timeline.offset if self._machine.promise is not None else None

    @property
    def asks_time(self) -> bool:
        """Whether it would help to be told what time it is."""
        return self._machine.asks_time

    @property
    def meanings(self) -> frozenset[Meaning]:
        """What a person can usefully say now."""
        m = self._machine
        return MEANINGS[self._stage] - m.rules.without - m.unasked(self._stage)

    @property
    def is_quiet(self) -> bool:
        """Whether it was in quiet hours when the last event came."""
        return self._machine.hour.is_quiet

    @property
    def is_deaf(self) -> bool:
        """Whether the microphone is switched off, because there are guests."""
        return self._machine.is_deaf

    @property
    def is_speaking(self) -> bool:
        """Whether a ticket is playing."""
        return self._machine.playing is not None

    @property
    def deadline(self) -> Deadline:
        """When to send ``DeadlineReached`` next."""
        m = self._machine
        walls: list[float] = []
        if m.promise is not None:
            if (self._stage, Due.DAY) in TABLE:
                walls.append(m.promise.first_started_at + DAY)
            if self._stage in AWAY:
                walls += [m.promise.return_at, m.promise.seen_at + m.rules.seen_seconds]
            if self._stage is Stage.SETTLING and m.notices:
                walls.append(m.notices[0].at)
            if self._stage is Stage.CALLING and m.call_times:
                walls.append(m.call_times[0])
        walls += [at for at in (m.hour.until, m.look_at) if at is not None]
        steadies = [at for at in (m.quiet_until, say_at(m, self._stage)) if at is not None]
        return Deadline(
            min(walls) - m.timeline.offset if walls else None, min(steadies, default=None)
        )

    def apply(self, event: Event, now: Now) -> tuple[Action, ...]:
        """Take in one event; return what to do, in order.

        Raises ``SessionError`` when one of our own parts sent what cannot be; the session is then
        as it was before.
        """
        m, computer = self._machine, now
        if isinstance(event, Restarted) and (self._stage, Restarted) not in TABLE:
            raise SessionError(f"a restart cannot come in {self._stage.value}")
        m.actions = []
        m.event = event
        if isinstance(event, ClipEnded):
            m.clip_ended(event)
        keep_time(m, self._stage, computer)
        now = m.timeline.reading(computer)
        m.memory = m.memory.begun(now)
        quiet_hours.turn(m, now)
        notice_hearing(m, now)
        self._do_what_is_due(now)
        if isinstance(event, Said):
            if event.meaning in self.meanings:
                self._make(TABLE[self._stage, event.meaning], now)
        elif isinstance(event, Restarted):
            self._make(TABLE[self._stage, Restarted], computer)
        elif isinstance(event, TimeTold) and (row := TABLE.get((self._stage, TimeTold))):
            self._make(row, now)
        now = m.timeline.reading(computer)
        say_loss(m, self._stage, now)
        self._do_what_is_due(now)
        if self._stage in AWAY:
            m.see(now)
        listening = self._stage is Stage.LISTENING
        m.look_at = next_look(m.rules, m.memory, now) if listening else None
        m.asleep = now.asleep
        return tuple(m.actions)

    def _do_what_is_due(self, now: Now) -> None:
        while (row := self._due_row(now)) is not None:
            self._make(row, now)

    def _due_row(self, now: Now) -> Row | None:
        m = self._machine
        promise = m.promise
        if promise is not None:
            over = now.wall >= promise.first_started_at + DAY
            if over and (row := TABLE.get((self._stage, Due.DAY))):
                return row
            if self._stage in AWAY and now.wall >= promise.return_at:
                return TABLE[self._stage, Due.RETURN]
            if self._stage is Stage.CALLING and m.call_times and now.wall >= m.call_times[0]:
                return TABLE[self._stage, Due.CALL]
            if self._stage is Stage.SETTLING and m.notices and now.wall >= m.notices[0].at:
                return TABLE[self._stage, Due.NOTICE]
        if not m.advance(now):
            return None
        if self._stage is Stage.SETTLING and m.is_step_due(now):
            return TABLE[self._stage, Due.STEP]
        if self._stage is Stage.LISTENING and between.reminder_due(m, now):
            return TABLE[self._stage, Due.REMINDER]
        return TABLE.get((self._stage, Due.SCRIPT_DONE))

    def _make(self, row: Row, now: Now) -> None:
        m = self._machine
        known = len(m.actions)
        stage = row.do(m, now) or row.stage
        if stage not in row.to:
            raise SessionError(f"{row.stage.value} on {row.on} ended in {stage.value}")
        if stage is not self._stage:
            log.info("stage %s -> %s", self._stage.value, stage.value)
        self._stage = stage
        between.remember(m, row.stage, stage, m.actions[known:], now)
        if stage is Stage.LISTENING:
            m.talk_began = None
