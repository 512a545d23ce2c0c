"""The shell: one inbox, one thread, one timer; what fails is told and the rest goes on."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from calmvoice.clock import SkippingClock, SystemClock
from calmvoice.errors import JournalError, SessionError
from calmvoice.journal import SqliteJournal
from calmvoice.meanings import CALLS, Meaning
from calmvoice.ports import Clock, Now
from calmvoice.session import Session
from calmvoice.session.events import ClipEnded, Said
from calmvoice.session.promise import Promise
from calmvoice.session.rules import DAY, Reminders, Rules
from calmvoice.session.script import Breaths, Line, Script
from calmvoice.session.stages import Stage
from calmvoice.shell import Shell, Stagehand, Status

LIMIT = 20.0


class AtOnce:
    """A mouth that has said everything the moment it begins, and keeps what it said."""

    def __init__(self, shell: Shell) -> None:
        self._shell = shell
        self.roles: list[str] = []

    def play(self, ticket: int, script: Script, gain_db: float, depth: int = 0) -> None:
        breaks = 0
        for item in script:
            if isinstance(item, Line):
                self.roles.append(item.role)
            if isinstance(item, Breaths):
                breaks = item.total - item.first
        self._shell.post(ClipEnded(ticket, breaks))

    def finish(self, ticket: int) -> None: ...
    def hush(self) -> None: ...


class Notebook:
    """A display that keeps what it is shown, and can be waited for."""

    def __init__(self) -> None:
        self.stages: list[Stage] = []
        self.spoke = self.is_speaking = False
        self.troubles: list[str] = []
        self._changed = threading.Condition()

    def show_status(self, status: Status) -> None:
        with self._changed:
            self.stages.append(status.stage)
            self.is_speaking = status.is_speaking
            self.spoke |= status.is_speaking
            self._changed.notify_all()

    def wait_for_end_of_speech(self) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: self.spoke and not self.is_speaking, LIMIT)

    def wait_for(self, stage: Stage) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: stage in self.stages, LIMIT), self.stages

    def show_script(self, script: Script) -> None: ...
    def show_line(self, line: Line) -> None: ...
    def clear_trouble(self, message: str) -> None: ...

    def show_trouble(self, message: str, hint: str) -> None:
        self.troubles.append(message)


class Room:
    """A shell with its props, closed at the end of the test."""

    def __init__(self, clock: Clock, rules: Rules, journal: SqliteJournal) -> None:
        self.shell = Shell(clock)
        self.mouth, self.display = AtOnce(self.shell), Notebook()
        self.expected: list[frozenset[Meaning]] = []
        self.journal = journal
        self.ended = threading.Event()
        self.stagehand = Stagehand(
            Session(rules, journal.memory()),
            self.mouth,
            journal,
            self.display,
            self.expected.append,
        )

    def start(self) -> None:
        self.shell.start(self.stagehand, self.journal, self.ended.set)


def test_a_whole_pause_with_a_clock_that_skips_the_quiet() -> None:
    room = Room(
        SkippingClock(SystemClock()),
        Rules(pause_minutes=5, seen_seconds=600),
        SqliteJournal(":memory:"),
    )
    room.start()
    room.shell.post(Said(Meaning.SIGNAL))
    room.display.wait_for(Stage.CALLING)
    assert "return.call" in room.mouth.roles
    room.shell.post(Said(Meaning.BACK))
    room.display.wait_for(Stage.REENTRY)
    room.shell.close()
    assert room.ended.is_set()
    assert room.shell.failure is None
    assert len(room.journal.history()) == 1


def test_the_promise_on_disk_is_taken_up_first() -> None:
    journal = SqliteJournal(":memory:")
    wall = SystemClock().now().wall
    journal.note_promise(Promise(wall - 60, wall - 60, wall + 600, wall - 10))
    room = Room(SystemClock(), Rules(), journal)
    room.start()
    room.display.wait_for(Stage.SETTLING)
    room.shell.close()
    assert room.mouth.roles == ["return.restarted"]


def test_what_means_something_now_is_expected() -> None:
    room = Room(SystemClock(), Rules(), SqliteJournal(":memory:"))
    room.start()
    room.shell.post(Said(Meaning.SLOW_DOWN))
    room.display.wait_for(Stage.SLOWING)
    room.shell.close()
    assert room.expected[0] == {
        *CALLS, Meaning.SLOW_DOWN, Meaning.CYCLE, Meaning.STOP, Meaning.GUESTS,
    }  # fmt: skip
    assert room.expected[1] == {*CALLS, Meaning.STOP, Meaning.GUESTS}


class HalfPastSix(SystemClock):
    """A clock whose wall time stands at half past six in the evening, universal time."""

    def now(self) -> Now:
        return replace(super().now(), wall=1_800_000_000.0 // DAY * DAY + 18.5 * 3600)


def test_a_reminder_is_said_once_however_often_it_is_started() -> None:
    journal = SqliteJournal(":memory:")
    rules = Rules(reminders=Reminders(18 * 60, hello_days=1))
    room = Room(HalfPastSix(), rules, journal)
    room.start()
    room.display.wait_for_end_of_speech()
    room.shell.close()
    assert room.mouth.roles == ["reminders.hello"]
    assert list(journal.memory().said_at) == ["hello"]
    again = Room(HalfPastSix(), rules, journal)
    again.start()
    again.shell.close()
    assert again.mouth.roles == []


class FullDisk(SqliteJournal):
    """A journal that cannot write."""

    def note_promise(self, promise: Promise, serial: int | None = None) -> None:
        raise JournalError("the disk is full", "Make room.")


def test_a_full_disk_is_shown_and_the_pause_goes_on() -> None:
    room = Room(
        SkippingClock(SystemClock()), Rules(pause_minutes=5, seen_seconds=600), FullDisk(":memory:")
    )
    room.start()
    room.shell.post(Said(Meaning.SIGNAL))
    room.display.wait_for(Stage.CALLING)
    room.shell.close()
    assert room.display.troubles[0] == "the disk is full"
    assert room.mouth.roles[0] == "bridge.default"


def test_a_bug_ends_the_run_loudly() -> None:
    room = Room(SystemClock(), Rules(), SqliteJournal(":memory:"))
    room.start()
    room.shell.post(ClipEnded(99))
    assert room.ended.wait(LIMIT)
    assert isinstance(room.shell.failure, SessionError)


class Suspended:
    """A clock whose wall time jumps ahead once, as after a sleep, while steady time crawls."""

    def __init__(self) -> None:
        self._clock = SystemClock()
        self.jump = 0.0

    def now(self) -> Now:
        now = self._clock.now()
        return replace(now, wall=now.wall + self.jump, asleep=now.asleep + self.jump)


def test_a_sleep_over_the_return_is_noticed_without_any_event() -> None:
    clock = Suspended()
    room = Room(clock, Rules(pause_minutes=5, seen_seconds=600), SqliteJournal(":memory:"))
    room.start()
    room.shell.post(Said(Meaning.SIGNAL))
    room.display.wait_for(Stage.SETTLING)
    clock.jump = 3600.0
    room.display.wait_for(Stage.CALLING)
    room.shell.close()
    assert room.mouth.roles[-1] == "return.slept"


def test_a_moved_clock_is_not_moved_back() -> None:
    clock = SkippingClock(SystemClock())
    with pytest.raises(ValueError, match="not back"):
        clock.skip(-1)
