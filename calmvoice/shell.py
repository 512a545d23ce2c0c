"""The shell around the session: one inbox, one thread that applies events, one timer.

Rules:
1. Everything that happens is posted into the inbox; only the shell's thread touches the session.
2. The timer is the inbox's own time-out, armed for the deadline that the session publishes. While
   a promise runs it looks at the wall clock at least every two seconds, because a steady timer
   stands still while the computer sleeps; for an hour of the day, every minute is enough.
3. Nothing here sleeps, prints, or knows which loudspeaker it is.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from calmvoice.clock import SkippingClock
from calmvoice.disk_gate import DiskGate
from calmvoice.journal import Journal
from calmvoice.meanings import Meaning
from calmvoice.note_taker import NoteTaker
from calmvoice.ports import Clock, Now
from calmvoice.session import Session
from calmvoice.session.actions import (
    Action,
    Finish,
    Hush,
    Listen,
    NoteCaught,
    NoteEnd,
    NoteMoment,
    NotePromise,
    Play,
    Show,
)
from calmvoice.session.events import DeadlineReached, Event, Restarted
from calmvoice.session.script import Line, Script
from calmvoice.session.stages import APART, Stage

log = logging.getLogger(__name__)

LONGEST_WAIT_SECONDS = 2.0
LONGEST_IDLE_SECONDS = 60.0  # without a promise, where an hour of the wall clock is awaited


class Mouth(Protocol):
    """Speaks scripts: the narrator, or the offline stage."""

    def play(self, ticket: int, script: Script, gain_db: float, depth: int = 0) -> None:
        """Begin a script, the voice so far down; its end comes as ``ClipEnded``."""

    def finish(self, ticket: int) -> None:
        """End it with the breath that is being taken."""

    def hush(self) -> None:
        """Be silent at once."""


@dataclass(frozen=True)
class Status:
    """What a screen may show: where the session stands and when both meet.

    ``wall_offset`` is the session's own wall time less the seconds since boot, while a promise
    runs: the computer's wall clock may be wrong. ``asks_time``: it would help to be told the time.
    """

    stage: Stage
    return_at: float | None
    meanings: frozenset[Meaning]
    is_speaking: bool
    is_quiet: bool = False
    is_deaf: bool = False
    wall_offset: float | None = None
    asks_time: bool = False

    @classmethod
    def of(cls, session: Session) -> Status:
        """Return where a session stands."""
        promise = session.promise
        return cls(
            session.stage,
            promise.return_at if promise is not None else None,
            session.meanings,
            session.is_speaking,
            session.is_quiet,
            session.is_deaf,
            session.wall_offset,
            session.asks_time,
        )

    @property
    def is_at_rest(self) -> bool:
        """Whether it only listens."""
        return self.stage is Stage.LISTENING and not self.is_speaking

    def wall(self, now: Now) -> float:
        """Return the wall time that the promise is kept by."""
        return now.wall if self.wall_offset is None else now.since_boot + self.wall_offset


class Display(Protocol):
    """Shows; may be called from any thread and never waits."""

    def show_status(self, status: Status) -> None:
        """The stage or the promise changed."""

    def show_script(self, script: Script) -> None:
        """These lines begin to be spoken."""

    def show_line(self, line: Line) -> None:
        """Something to read that is not spoken."""

    def show_trouble(self, message: str, hint: str) -> None:
        """Something does not work, and what to do."""

    def clear_trouble(self, message: str) -> None:
        """What had been shown with this message works again."""


Expect = Callable[[frozenset[Meaning]], None]
Switch = Callable[[bool], None]
"""Switches the microphone on or off; returns at once."""
Call = Callable[[], None]


class Stagehand:
    """Does what the session asks for, in order; shared by the live shell and the offline stage."""

    def __init__(
        self,
        session: Session,
        mouth: Mouth,
        journal: Journal,
        display: Display,
        expect: Expect,
        switch: Switch = lambda on: None,
        gate: DiskGate | None = None,
    ) -> None:
        self.session = session
        self._mouth, self._gate = mouth, gate or DiskGate()
        self._notes = NoteTaker(journal, display.show_trouble, display.clear_trouble)
        self._display, self._expect, self._switch = display, expect, switch
        self._shown: Status | None = None

    def apply(self, event: Event, clock: Clock) -> None:
        """Apply one event and carry out the actions, then show: what can be read is on disk."""
        actions = self.session.apply(event, clock.now())
        with self._gate.shut():
            for action in actions:
                self._do(action)
        self._notes.catch_up()
        for action in actions:
            if isinstance(action, Play):
                self._display.show_script(action.script)
        status = Status.of(self.session)
        if status != self._shown:
            if self._shown is None or status.meanings != self._shown.meanings:
                self._expect(status.meanings)
            self._shown = status
            self._display.show_status(status)

    def _do(self, action: Action) -> None:
        match action:
            case Play(ticket, script, gain_db, depth):
                self._mouth.play(ticket, script, gain_db, depth)
            case Finish(ticket):
                self._mouth.finish(ticket)
            case Hush():
                self._mouth.hush()
            case Show(line):
                self._display.show_line(line)
            case Listen(on):
                self._switch(on)
            case NotePromise() | NoteEnd() | NoteCaught() | NoteMoment():
                self._notes.take(action)


class Shell:
    """Runs a session until it is closed."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._inbox: queue.Queue[Event | Call | None] = queue.Queue()
        self._beat: Call | None = None
        self._thread: threading.Thread | None = None
        self.failure: BaseException | None = None
        """What ended the thread, if it was not ``close``."""

    def post(self, event: Event) -> None:
        """Put an event into the inbox; from any thread, never waits."""
        self._inbox.put(event)

    def ask(self, call: Call) -> None:
        """Let the session's thread call this when all that was posted before has been applied."""
        self._inbox.put(call)

    def start(
        self, stagehand: Stagehand, journal: Journal, on_end: Call, beat: Call | None = None
    ) -> None:
        """Take up the promise that is on disk, then apply events on a thread of its own.

        That thread calls ``beat`` whenever it turns to the inbox, at least every two seconds.
        """
        self._beat = beat
        first: Event = DeadlineReached()
        promise = journal.promise()
        if promise is not None:
            first = Restarted(promise)
        self._inbox.put(first)
        self._thread = threading.Thread(
            target=self._run, args=(stagehand, on_end), name="session", daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        """Apply what is in the inbox, then end."""
        self._inbox.put(None)
        if self._thread is not None:
            self._thread.join(timeout=2.0)

    def _run(self, stagehand: Stagehand, on_end: Call) -> None:
        try:
            while (event := self._next(stagehand.session)) is not None:
                if isinstance(event, Event):
                    stagehand.apply(event, self._clock)
                else:
                    event()
        except Exception as error:  # noqa: BLE001 - kept, and raised by whoever runs the room
            self.failure = error
            log.critical("the session ended: %s", error)
        finally:
            on_end()

    def _next(self, session: Session) -> Event | Call | None:
        if self._beat is not None:
            self._beat()
        wait = session.deadline.seconds_from(self._clock.now())
        skip = self._skip(session, wait)
        if session.promise is not None or self._beat is not None:
            wait = LONGEST_WAIT_SECONDS if wait is None else min(wait, LONGEST_WAIT_SECONDS)
        elif session.deadline.since_boot is not None and wait is not None:
            wait = min(wait, LONGEST_IDLE_SECONDS)
        clock = self._clock if skip and isinstance(self._clock, SkippingClock) else None
        try:
            return self._inbox.get(timeout=clock.after_seconds if clock else wait)
        except queue.Empty:
            if clock:
                clock.skip(skip)
            return DeadlineReached()

    def _skip(self, session: Session, wait: float | None) -> float:
        """Return how far a moved clock may jump: over silence while both are apart, unasked."""
        quiet = session.stage in APART and not session.is_speaking
        if not isinstance(self._clock, SkippingClock) or not quiet or wait is None:
            return 0.0
        return wait if wait > self._clock.after_seconds else 0.0
