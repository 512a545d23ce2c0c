"""The journal that nothing stops: SQLite and a second copy of the promise; one of them suffices.

Rules:
1. The copy is written first, then the database; each step has a number, and the later one counts.
   Where both are of one step and differ, the copy counts: a bit that the disk lost shows in it.
2. A damaged database is put aside, never deleted, and a new one begun.
3. What is taken away while it is open is written anew at the next step, a minute later at most.
4. What cannot be written is told as ``JournalError``, after everything else has been tried; its
   hint says whether the return time is safe all the same.
"""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from calmvoice.errors import JournalDamagedError, JournalError
from calmvoice.journal import SqliteJournal
from calmvoice.promise_copy import (
    Copied,
    PromiseCopy,
    beside,
    read_copy,
    sync_folder,
    until_switched_off,
)
from calmvoice.session.promise import PauseRecord, Promise
from calmvoice.session.reminders import Memory

log = logging.getLogger(__name__)

IN_MEMORY = ":memory:"
MOST_WAITING = 20  # steps; a disk that is full for days holds back no more than this
KEPT_HINT = "The return time is kept beside it. Is the disk full?"
UNKEPT_HINT = "Until it can, a power cut would make me forget the return time."
ASIDE = "-damaged-"
PARTS = ("", "-wal", "-shm")  # the files of one database


@dataclass(frozen=True)
class _Step:
    """One step for the database: the promise that it writes, if it writes one."""

    promise: Promise | None
    write: Callable[[], None]


class TwinJournal:
    """The ``Journal`` port over both; ``troubles`` is what was wrong when it was opened."""

    def __init__(self, path: Path, history_days: int = 365) -> None:
        """Open what can be opened; raises nothing."""
        self.troubles: list[JournalError] = []
        self._path, self._history_days = path, history_days
        self._copy, copied = open_copy(path)
        self._steps: list[_Step] = []
        self._is_in_memory = False
        self._database = self._open()
        self._serial = 0
        self._take_up(copied)

    def promise(self) -> Promise | None:
        """Return the promise that was running, if any."""
        return self._database.promise()

    def note_promise(self, promise: Promise) -> None:
        """Put the promise on disk; it is there when this returns."""
        if self._steps and self._steps[-1].promise is not None:
            self._steps.pop()  # it waits, and this one takes its place
        self._begin(promise, lambda serial: self._database.note_promise(promise, serial))

    def note_end(self, record: PauseRecord) -> None:
        """Take the promise away and keep the record."""
        self._begin(None, lambda serial: self._database.note_end(record, serial))

    def note_caught(self, caught: str) -> None:
        """Add to the last record how early the pause came."""
        self._steps.append(_Step(None, lambda: self._database.note_caught(caught)))
        self.catch_up()

    def note_moment(self, what: str, at: float) -> None:
        """Keep when something last was."""
        self._steps.append(_Step(None, lambda: self._database.note_moment(what, at)))
        self.catch_up()

    def memory(self) -> Memory:
        """Return what the session needs to know; where that is lost, a pause may be just over."""
        with suppress(JournalError):
            if not self.troubles:
                return self._database.memory()
        return Memory(unrest_at=math.inf)

    def forget_old(self, today: date) -> None:
        """Forget what is too old."""
        self._database.forget_old(today)

    def catch_up(self) -> None:
        """Write what waits, in order; raises ``JournalError`` while something cannot be written."""
        kept = self._copy_it()
        try:
            if not self._database.is_in_place():
                log.error("%s was taken away, and is begun anew", self._path)
                self._database.close()
                self._database = self._open()
                self._bring_up_to_date()
            while self._steps:
                self._write(self._steps[0])
                self._steps.pop(0)
        except JournalError as error:
            raise JournalError(str(error), KEPT_HINT if kept else error.hint) from error
        if self._is_in_memory and not kept:
            raise JournalError(f"{self._path}: it cannot be written", UNKEPT_HINT)

    def is_promise_kept(self) -> bool:
        """Say whether the promise as it stands now is in one of the two."""
        return self._copied or not (self._is_in_memory or self._steps)

    def close(self) -> None:
        """Let go of the files."""
        self._database.close()
        if self._copy is not None:
            self._copy.close()

    def _begin(self, promise: Promise | None, write: Callable[[int], None]) -> None:
        self._serial += 1
        serial = self._serial
        self._latest, self._copied = promise, False
        self._steps = [*self._steps, _Step(promise, lambda: write(serial))][-MOST_WAITING:]
        self.catch_up()

    def _copy_it(self) -> bool:
        """Bring the second copy up to date; return whether it is."""
        if self._copied or self._copy is None:
            return self._copied
        try:
            self._copy.write(self._latest, self._serial)
        except JournalError as error:
            log.info("no second copy: %s", error)
        else:
            self._copied = True
        return self._copied

    def _write(self, step: _Step) -> None:
        try:
            step.write()
        except JournalDamagedError as error:
            log.error("the journal is damaged: %s", error)
            self._database.close()
            self._database = self._open()
            step.write()

    def _open(self) -> SqliteJournal:
        try:
            try:
                return SqliteJournal(self._path, self._history_days)
            except JournalDamagedError as error:
                self._put_aside(error)
                return SqliteJournal(self._path, self._history_days)
        except JournalError as error:
            kept = self._copy is not None
            self.troubles.append(JournalError(str(error), KEPT_HINT if kept else UNKEPT_HINT))
            return self._in_memory()

    def _in_memory(self) -> SqliteJournal:
        self._is_in_memory = True
        return SqliteJournal(IN_MEMORY, self._history_days)

    def _put_aside(self, error: JournalDamagedError) -> None:
        """Give the damaged files another name; what stood in them may still be read by someone."""
        stamp = time.strftime("%Y%m%d-%H%M%S")
        aside = self._path.with_name(f"{self._path.stem}{ASIDE}{stamp}{self._path.suffix}")
        try:
            for part in PARTS:
                with suppress(FileNotFoundError):
                    Path(f"{self._path}{part}").rename(f"{aside}{part}")
            sync_folder(self._path.parent)
        except OSError as failure:
            log.error("the damaged journal cannot be put aside: %s", failure)
        self.troubles.append(
            JournalDamagedError(
                f"The journal was damaged ({error}).", f"It is kept as {aside.name}."
            )
        )

    def _take_up(self, copied: Copied | None) -> None:
        """Begin with the later of the two; of two of one step with the one that has a checksum."""
        self._serial, self._latest = self._database.serial(), self._database.promise()
        self._copied = copied == Copied(self._serial, self._latest)
        if copied is None or copied.serial < self._serial or self._copied:
            return
        self._serial, self._latest, self._copied = copied.serial, copied.promise, True
        try:
            self._bring_up_to_date()
        except JournalError as error:
            self.troubles.append(error)
            self._database.close()
            self._database = self._in_memory()
            self._bring_up_to_date()

    def _bring_up_to_date(self) -> None:
        if self._latest is not None:
            self._database.note_promise(self._latest, self._serial)
        else:
            self._database.forget_promise(self._serial)


def forget_damaged(journal: Path) -> None:
    """Delete what was put aside: pauses may still be read in it. Raises ``JournalError``."""
    for path in journal.parent.glob(f"{journal.stem}{ASIDE}*"):
        try:
            path.unlink()
        except OSError as error:
            raise JournalError(f"{path}: {error}", "Delete it by hand.") from error


def open_copy(journal: Path) -> tuple[PromiseCopy | None, Copied | None]:
    """Return the copy to write, and the latest step of all that can be read.

    What was kept elsewhere while the folder could not be written is taken over and removed.
    """
    elsewhere = until_switched_off(journal)
    places = [place for place in (beside(journal), elsewhere) if place is not None]
    found = [copied for place in places if (copied := read_copy(place)) is not None]
    latest = max(found, key=lambda copied: copied.serial, default=None)
    for place in places:
        try:
            copy = PromiseCopy(place)
            if place != elsewhere and elsewhere is not None and elsewhere.exists():
                if latest is not None:
                    copy.write(latest.promise, latest.serial)
                elsewhere.unlink()
        except (JournalError, OSError) as error:
            log.warning("no second copy: %s", error)
        else:
            return copy, latest
    return None, latest
