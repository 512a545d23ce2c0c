"""What is kept on disk: the promise while it runs, and a short record of each pause.

SQLite in WAL mode with ``synchronous=FULL``, because a promise and the record that replaces it
must change in one step, and a committed step must survive a power cut; one file replaced
atomically could do the first but not both together with the history. No words, no who.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from dataclasses import astuple, dataclass, fields
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Protocol

import platformdirs

from calmvoice.errors import JournalDamagedError, JournalError
from calmvoice.promise_copy import is_in_place
from calmvoice.session.promise import Ending, PauseRecord, Promise, from_plain
from calmvoice.session.reminders import UNREST, Memory, PastPause

SCHEMA = """
CREATE TABLE IF NOT EXISTS promise (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    started_at REAL NOT NULL, first_started_at REAL NOT NULL, return_at REAL NOT NULL,
    seen_at REAL NOT NULL, moved INTEGER NOT NULL, owed INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS step (
    only INTEGER PRIMARY KEY CHECK (only = 1), serial INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS pause (
    id INTEGER PRIMARY KEY, day TEXT NOT NULL, minutes INTEGER NOT NULL,
    ending TEXT NOT NULL, caught TEXT
);
CREATE TABLE IF NOT EXISTS moment (what TEXT PRIMARY KEY, at REAL NOT NULL);
"""
ADDED = {
    "trust": "INTEGER NOT NULL DEFAULT 2",
    "counted": "INTEGER NOT NULL DEFAULT 1",
    "boot_id": "TEXT NOT NULL DEFAULT ''",
    "seen_since_boot": "REAL NOT NULL DEFAULT 0",
    "utc_offset": "REAL",
}
"""Columns of the promise that a journal of an older version lacks."""
COLUMNS = tuple(field.name for field in fields(Promise))
REMEMBERED_PAUSES = 100  # enough for sixty days of them


@dataclass(frozen=True)
class HistoryRow:
    """One pause as it is remembered: the day (ISO), minutes, how it ended, how early."""

    day: str
    minutes: int
    ending: str
    caught: str | None


class Journal(Protocol):
    """Keeps the promise and the history; ``troubles`` is what was wrong when it was opened."""

    troubles: list[JournalError]

    def promise(self) -> Promise | None:
        """Return the promise that was running, if any."""

    def note_promise(self, promise: Promise) -> None:
        """Put the promise on disk; it is there when this returns."""

    def note_end(self, record: PauseRecord) -> None:
        """Take the promise away and keep the record, in one step."""

    def note_caught(self, caught: str) -> None:
        """Add to the last record how early the pause came."""

    def note_moment(self, what: str, at: float) -> None:
        """Keep when something last was, in place of the time before."""

    def memory(self) -> Memory:
        """Return what the session needs to know of the days before."""

    def catch_up(self) -> None:
        """Write what could not be written before; raises ``JournalError`` while it cannot be."""

    def is_promise_kept(self) -> bool:
        """Say whether the promise as it stands now is on disk."""

    def close(self) -> None:
        """Let go of the file."""


def _make_private(path: Path) -> os.stat_result:
    """Let nobody else read the file; SQLite's files beside it get its mode. Return which it is."""
    number = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        os.fchmod(number, 0o600)
        return os.fstat(number)
    finally:
        os.close(number)


def default_path() -> Path:
    """Return where the journal lives for this user."""
    return platformdirs.user_data_path("calmvoice") / "journal.sqlite"


class SqliteJournal:
    """The journal in one SQLite file; ``":memory:"`` forgets all. Used by one thread at a time.

    ``serial`` counts the steps of the promise, so that two copies of it can be told apart by age.
    """

    def __init__(self, path: Path | str, history_days: int = 365) -> None:
        self.troubles: list[JournalError] = []
        self._path, self._history_days = path, history_days
        self._opened: os.stat_result | None = None
        with self._explained():
            if isinstance(path, Path):
                path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                self._opened = _make_private(path)
            self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
            try:
                self._prepare()
            except sqlite3.Error:
                self._db.close()
                raise

    def _prepare(self) -> None:
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=FULL")
        self._db.execute("PRAGMA secure_delete=ON")
        found = self._db.execute("PRAGMA quick_check(1)").fetchone()[0]
        if found != "ok":
            raise sqlite3.DatabaseError(found)
        self._db.executescript(SCHEMA)
        there = {row[1] for row in self._db.execute("PRAGMA table_info(promise)")}
        for column in ADDED.keys() - there:
            self._db.execute(f"ALTER TABLE promise ADD COLUMN {column} {ADDED[column]}")
        self.promise()

    def promise(self) -> Promise | None:
        """Return the promise that was running, if any."""
        with self._explained():
            row = self._db.execute(f"SELECT {', '.join(COLUMNS)} FROM promise").fetchone()
        return from_plain(dict(zip(COLUMNS, row, strict=True))) if row is not None else None

    def serial(self) -> int:
        """Return how many steps the promise has taken."""
        with self._explained():
            row = self._db.execute("SELECT serial FROM step").fetchone()
        return int(row[0]) if row is not None else 0

    def note_promise(self, promise: Promise, serial: int | None = None) -> None:
        """Put the promise on disk; it is there when this returns."""
        places = ", ".join("?" * len(COLUMNS))
        with self._step() as db:
            self._count(serial)
            db.execute(
                f"INSERT OR REPLACE INTO promise (only, {', '.join(COLUMNS)}) VALUES (1, {places})",
                astuple(promise),
            )

    def forget_promise(self, serial: int | None = None) -> None:
        """Take the promise away; no record is kept."""
        with self._step() as db:
            self._count(serial)
            db.execute("DELETE FROM promise")

    def note_end(self, record: PauseRecord, serial: int | None = None) -> None:
        """Take the promise away and keep the record, in one step; forget what is too old."""
        day = datetime.fromtimestamp(record.started_at).date()
        with self._step() as db:
            self._count(serial)
            db.execute("DELETE FROM promise")
            db.execute(
                "INSERT INTO pause (day, minutes, ending) VALUES (?, ?, ?)",
                (day.isoformat(), record.minutes, record.ending.value),
            )
            self._forget_old(day)

    def note_caught(self, caught: str) -> None:
        """Add to the last record how early the pause came."""
        with self._explained():
            self._db.execute(
                "UPDATE pause SET caught = ? WHERE id = (SELECT max(id) FROM pause)", (caught,)
            )

    def note_moment(self, what: str, at: float) -> None:
        """Keep when something last was, in place of the time before."""
        with self._explained():
            self._db.execute("INSERT OR REPLACE INTO moment VALUES (?, ?)", (what, at))

    def memory(self) -> Memory:
        """Return what the session needs to know of the days before."""
        with self._explained():
            moments = dict(self._db.execute("SELECT what, at FROM moment").fetchall())
            rows = self._db.execute(
                "SELECT day, ending FROM pause ORDER BY id DESC LIMIT ?", (REMEMBERED_PAUSES,)
            ).fetchall()
        pauses = tuple(
            PastPause(date.fromisoformat(day).toordinal(), ending != Ending.UNANSWERED.value)
            for day, ending in reversed(rows)
        )
        unrest_at = moments.pop(UNREST, None)
        return Memory(moments, pauses, unrest_at)

    def history(self) -> list[HistoryRow]:
        """Return the pauses, oldest first; what somebody else wrote there is left out."""
        with self._explained():
            rows = self._db.execute("SELECT day, minutes, ending, caught FROM pause ORDER BY id")
            return [HistoryRow(*row) for row in rows if _is_ours(*row)]

    def wipe(self) -> int:
        """Forget every pause, and overwrite where it stood; return how many there were."""
        with self._step() as db:
            count = int(db.execute("SELECT count(*) FROM pause").fetchone()[0])
            db.execute("DELETE FROM pause")
            db.execute("DELETE FROM moment")
        with self._explained():
            self._db.execute("VACUUM")
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return count

    def is_in_place(self) -> bool:
        """Say whether the file is still where it was opened; one in memory always is."""
        if not isinstance(self._path, Path) or self._opened is None:
            return True
        return is_in_place(self._opened, self._path)

    def is_promise_kept(self) -> bool:
        """Say yes: a step that could not be written has raised."""
        return True

    def catch_up(self) -> None:
        """Do nothing: each step is written when it comes, or has raised."""

    def check_writable(self) -> None:
        """Write a step and take it back; raises ``JournalError`` if it cannot be written."""
        with self._explained():
            self._db.execute("BEGIN IMMEDIATE")
            self._db.execute("INSERT INTO pause (day, minutes, ending) VALUES ('', 0, '')")
            self._db.execute("ROLLBACK")

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def _count(self, serial: int | None) -> None:
        following = self.serial() + 1 if serial is None else serial
        self._db.execute("INSERT OR REPLACE INTO step VALUES (1, ?)", (following,))

    def forget_old(self, today: date) -> None:
        """Forget what is too old, though no pause was added lately."""
        with self._step():
            self._forget_old(today)

    def _forget_old(self, today: date) -> None:
        """Forget what is older than the days they chose; 0 keeps nothing."""
        kept = self._history_days
        oldest = today - timedelta(days=kept) if kept else date.max
        self._db.execute("DELETE FROM pause WHERE day < ?", (oldest.isoformat(),))

    @contextlib.contextmanager
    def _step(self) -> Iterator[sqlite3.Connection]:
        with self._explained():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
                self._db.execute("COMMIT")
            except sqlite3.Error:
                with contextlib.suppress(sqlite3.Error):
                    self._db.execute("ROLLBACK")
                raise

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError, ValueError) as error:
            damaged = type(error) in (sqlite3.DatabaseError, ValueError)
            kind = JournalDamagedError if damaged else JournalError
            raise kind(
                f"{self._path}: {error}",
                "Is the disk full, or the folder not yours? Until it works, a power cut would "
                "make me forget the return time.",
            ) from error


def _is_ours(day: object, minutes: object, ending: object, caught: object) -> bool:
    """Say whether a row of the history holds what it can hold."""
    try:
        date.fromisoformat(str(day))
        Ending(ending)
    except ValueError:
        return False
    return isinstance(minutes, int) and (caught is None or isinstance(caught, str))
