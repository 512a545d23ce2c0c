"""Lives that are cut short: the real shell, session and journal in a forked process, killed -9.

A life begins with what the one before left on the disk. Its clock can be moved, so that minutes
pass in milliseconds; two people in it say whatever is useful at random moments. Everything that
was told, shown or written goes through a pipe first, so that the parent knows after the kill what
the couple knew, and compares it with what the next life finds.
"""

from __future__ import annotations

import json
import logging
import os
import queue
import random
import resource
import select
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from crash_findings import Birth, Findings, Reader, Standing

from calmvoice.clock import SkippingClock
from calmvoice.disk_gate import DiskGate
from calmvoice.errors import JournalError
from calmvoice.meanings import Meaning
from calmvoice.ports import Now
from calmvoice.session import Session
from calmvoice.session.events import ClipEnded, DeadlineReached, Event, Said
from calmvoice.session.promise import PauseRecord, Promise
from calmvoice.session.reminders import Memory
from calmvoice.session.rules import Rules
from calmvoice.session.script import Breaths, Line, Script, Step
from calmvoice.session.stages import Stage
from calmvoice.shell import Shell, Stagehand, Status
from calmvoice.twin_journal import KEPT_HINT, TwinJournal

RULES = Rules(
    pause_minutes=5, breaths=6, settling=(Step("settling.rehearsing"),), seen_seconds=60.0
)
LONGEST_LIFE = 1.0  # seconds until a stage that does not come is no longer waited for
STEP_SECONDS = 0.0004  # between two things that people do
BEGAN = 1_800_000_000.0

Tell = Callable[..., None]


class StoryClock:
    """Runs in real time from the birth on."""

    def __init__(self, birth: Birth) -> None:
        self._birth, self._began = birth, time.monotonic()

    def now(self) -> Now:
        """Return one reading."""
        passed = time.monotonic() - self._began
        birth = self._birth
        return Now(birth.wall + passed, birth.since_boot + passed, boot_id=str(birth.boot))


class WatchedJournal:
    """The real journal; says in the pipe what it is about to write, and what came of it."""

    def __init__(self, journal: TwinJournal, tell: Tell) -> None:
        self.troubles = journal.troubles
        self._journal, self._tell = journal, tell

    def promise(self) -> Promise | None:
        """Return what was found."""
        promise = self._journal.promise()
        self._tell("found", promise=None if promise is None else asdict(promise))
        return promise

    def note_promise(self, promise: Promise) -> None:
        """Write a promise."""
        self._write(asdict(promise), lambda: self._journal.note_promise(promise))

    def note_end(self, record: PauseRecord) -> None:
        """Write an end."""
        self._write(None, lambda: self._journal.note_end(record))

    def note_caught(self, caught: str) -> None:
        """Write how early it was caught."""
        self._journal.note_caught(caught)

    def note_moment(self, what: str, at: float) -> None:
        """Write when something last was."""
        self._journal.note_moment(what, at)

    def memory(self) -> Memory:
        """Return what is known of the days before."""
        return self._journal.memory()

    def is_promise_kept(self) -> bool:
        """Say whether the promise is on disk."""
        return self._journal.is_promise_kept()

    def catch_up(self) -> None:
        """Write what waits."""
        self._outcome(self._journal.catch_up)

    def close(self) -> None:
        """Let go."""
        self._journal.close()

    def _write(self, promise: dict[str, Any] | None, write: Callable[[], None]) -> None:
        self._tell("writing", promise=promise)
        self._outcome(write)

    def _outcome(self, write: Callable[[], None]) -> None:
        try:
            write()
        except JournalError as error:
            self._tell("written" if error.hint == KEPT_HINT else "unkept")
            raise
        self._tell("written")


class QuickMouth:
    """Says a script in no time, as the narrator does: its time only when the gate is open."""

    def __init__(self, post: Callable[[Event], None], tell: Tell, gate: DiskGate) -> None:
        self._post, self._tell, self._gate = post, tell, gate
        self._scripts: queue.SimpleQueue[tuple[int, Script]] = queue.SimpleQueue()
        self._current = 0
        self._speaking = threading.Lock()
        threading.Thread(target=self._run, name="mouth", daemon=True).start()

    def play(
        self,
        ticket: int,
        script: Script,
        gain_db: float,  # noqa: ARG002 - the port has it
        depth: int = 0,  # noqa: ARG002 - the port has it
    ) -> None:
        """Begin."""
        with self._speaking:
            self._current = ticket
        self._scripts.put((ticket, script))

    def finish(self, ticket: int) -> None:
        """A breath has no length here."""

    def hush(self) -> None:
        """Be silent: nothing is told after this."""
        with self._speaking:
            self._current = 0

    def _run(self) -> None:
        while True:
            ticket, script = self._scripts.get()
            self._gate.wait()
            breaks = 0
            with self._speaking:
                if ticket != self._current:
                    continue
                for item in script:
                    if isinstance(item, Line):
                        self._tell("told", role=item.role, t=item.t)
                    elif isinstance(item, Breaths):
                        breaks = item.total - item.first
            self._post(ClipEnded(ticket, breaks))


class PipeDisplay:
    """What could be read on the screen."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell

    def show_status(self, status: Status) -> None:
        """The stage and the time."""
        self._tell("shown", stage=status.stage.value, t=status.return_at)

    def show_script(self, script: Script) -> None:
        """The caption; the mouth tells it too."""

    def show_line(self, line: Line) -> None:
        """Something to read."""
        self._tell("told", role=line.role, t=line.t)

    def show_trouble(self, message: str, hint: str) -> None:  # noqa: ARG002 - a port
        """Something does not work."""
        self._tell("trouble", hint=hint)

    def clear_trouble(self, message: str) -> None:
        """It works again."""


def live(folder: Path, birth: Birth, pipe: int) -> None:
    """Live until killed."""
    if birth.file_limit is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (birth.file_limit, birth.file_limit))
    os.environ["CALMVOICE_FAULT"] = birth.fault
    logging.disable()
    dice = random.Random(birth.seed)
    clock = SkippingClock(StoryClock(birth), after_seconds=0.002)

    def tell(kind: str, **what: Any) -> None:
        now = clock.now()
        record = {
            "kind": kind,
            "wall": now.wall,
            "since_boot": now.since_boot,
            "real": time.monotonic(),
            **what,
        }
        os.write(pipe, json.dumps(record).encode() + b"\n")

    shell, gate = Shell(clock), DiskGate()
    journal = WatchedJournal(TwinJournal(folder / "journal.sqlite"), tell)
    session = Session(RULES)
    stagehand = Stagehand(
        session,
        QuickMouth(shell.post, tell, gate),
        journal,
        PipeDisplay(tell),
        lambda meanings: None,
        gate=gate,
    )
    shell.start(stagehand, journal, lambda: tell("ended", failure=repr(shell.failure)))
    step = threading.Event()
    while True:
        step.wait(STEP_SECONDS)
        if dice.random() < 0.5:
            clock.skip(dice.choice((0.3, 2.0, 15.0, 40.0)))
            shell.post(DeadlineReached())
        else:
            shell.post(Said(said(session.stage, dice), sure=dice.random() < 0.9))


def said(stage: Stage, dice: random.Random) -> Meaning:
    """Return what somebody says now: mostly what leads on, sometimes anything."""
    leads_on = {
        Stage.LISTENING: (Meaning.SIGNAL, Meaning.SIGNAL, Meaning.SLOW_DOWN),
        Stage.SETTLING: (Meaning.HOW_LONG, Meaning.MORE_TIME, Meaning.AGAIN),
        Stage.ASKING: (Meaning.TEN, Meaning.TWENTY, Meaning.NOT_NOW),
        Stage.AGREEING: (Meaning.YES, Meaning.YES, Meaning.NOT_NOW),
        Stage.CALLING: (Meaning.HERE, Meaning.AGAIN),
        Stage.OWED: (Meaning.HERE, Meaning.SIGNAL),
        Stage.REENTRY: (Meaning.AGAIN, Meaning.SLOW_DOWN),
        Stage.CHOOSING: (Meaning.WAITED, Meaning.WENT_QUIET),
        Stage.TALKING: (Meaning.NEXT, Meaning.HELP_ME),
        Stage.REFLECTING: (Meaning.EARLY, Meaning.LATE),
    }
    if dice.random() < 0.1:
        return dice.choice([meaning for meaning in Meaning if meaning is not Meaning.STOP])
    return dice.choice(leads_on.get(stage, (Meaning.HOW_LONG, Meaning.WHO_ASKED)))


def one_kill(
    folder: Path, birth: Birth, target: Stage, delay: float, reader: Reader, findings: Findings
) -> None:
    """Fork a life, wait until it stands in a stage, and kill it a moment later."""
    read_end, write_end = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read_end)
        try:
            live(folder, birth, write_end)
        finally:
            os._exit(3)
    os.close(write_end)
    began, rest, kill_at = time.monotonic(), b"", None
    while True:
        now = time.monotonic()
        if kill_at is None and (reader.stage == target.value or now - began > LONGEST_LIFE):
            kill_at = now + delay
        if kill_at is not None and now >= kill_at:
            break
        until = kill_at if kill_at is not None else began + LONGEST_LIFE
        ready, _, _ = select.select([read_end], [], [], max(0.0, until - now))
        if ready:
            data = os.read(read_end, 1 << 16)
            if not data:
                break
            rest = _take_lines(rest + data, reader)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    while data := os.read(read_end, 1 << 16):
        rest = _take_lines(rest + data, reader)
    os.close(read_end)
    findings.kills += 1
    findings.stages[reader.stage] = findings.stages.get(reader.stage, 0) + 1
    findings.promises += None not in reader.may_find


def _take_lines(data: bytes, reader: Reader) -> bytes:
    *lines, rest = data.split(b"\n")
    for line in lines:
        reader.take(json.loads(line))
    return rest


Break = Callable[[Path, random.Random], str]
"""Breaks something on the disk between two lives; says what."""


def cut(names: tuple[str, ...]) -> Break:
    """Return what cuts one of these files at a random byte, or lets rubbish follow it."""

    def break_one(folder: Path, dice: random.Random) -> str:
        there = [name for name in names if (folder / name).exists()]
        if not there:
            return "nothing to cut"
        file = folder / dice.choice(there)
        content = file.read_bytes()
        at = dice.randrange(len(content) + 1)
        tail = dice.choice((b"", bytes(len(content) - at), dice.randbytes(len(content) - at)))
        file.write_bytes(content[:at] + tail)
        return f"{file.name} at byte {at} of {len(content)}"

    return break_one


@dataclass(frozen=True)
class Trouble:
    """A kind of fault: what is broken during a life, and what between two."""

    name: str
    file_limit: int | None = None
    fault: str = ""
    between: Break | None = None


def run(folder: Path, trouble: Trouble, kills: int, seed: int) -> Findings:
    """Live and kill this many times, one life after the other."""
    dice, findings = random.Random(seed), Findings()
    wall, since_boot, boot = BEGAN, 100.0, 1
    may_find: set[Standing] = {None}
    for number in range(kills):
        broken = bool(trouble.fault or trouble.file_limit is not None) and number % 2 == 1
        birth = Birth(
            wall,
            since_boot,
            boot,
            dice.randrange(1 << 30),
            trouble.file_limit if broken else None,
            trouble.fault if broken else "",
        )
        reader = Reader(findings, may_find, birth)
        target = dice.choice(list(Stage))
        one_kill(folder, birth, target, dice.uniform(0, 0.004), reader, findings)
        may_find = reader.may_find
        if trouble.between is not None:
            trouble.between(folder, dice)
        off = dice.choice((0.5, 20.0, 400.0)) * dice.random()
        wall, since_boot = reader.wall + off, reader.since_boot + off
        if dice.random() < 0.5:
            since_boot, boot = 5.0, boot + 1
    return findings
