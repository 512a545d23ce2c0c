"""What is kept on disk: the promise while it runs, and a short record of each pause.

SQLite in WAL mode with ``synchronous=FULL``, because a promise and the record that replaces it
must change in one step, and a committed step must survive a power cut; one file replaced
atomically could do the first but not both together with the history. No words, no who.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

import platformdirs

from calmvoice.errors import JournalError
from calmvoice.session.promise import PauseRecord, Promise

SCHEMA = """
CREATE TABLE IF NOT EXISTS promise (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    started_at REAL NOT NULL, first_started_at REAL NOT NULL, return_at REAL NOT NULL,
    seen_at REAL NOT NULL, moved INTEGER NOT NULL, owed INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS pause (
    id INTEGER PRIMARY KEY, day TEXT NOT NULL, minutes INTEGER NOT NULL,
    ending TEXT NOT NULL, caught TEXT
);
"""


@dataclass(frozen=True)
class HistoryRow:
    """One pause as it is remembered: the day (ISO), minutes, how it ended, how early."""

    day: str
    minutes: int
    ending: str
    caught: str | None


class Journal(Protocol):
    """Keeps the promise and the history."""

    def promise(self) -> Promise | None:
        """Return the promise that was running, if any."""

    def note_promise(self, promise: Promise) -> None:
        """Put the promise on disk; it is there when this returns."""

    def note_end(self, record: PauseRecord) -> None:
        """Take the promise away and keep the record, in one step."""

    def note_caught(self, caught: str) -> None:
        """Add to the last record how early the pause came."""

    def close(self) -> None:
        """Let go of the file."""


def default_path() -> Path:
    """Return where the journal lives for this user."""
    return platformdirs.user_data_path("calmvoice") / "journal.sqlite"


class SqliteJournal:
    """The journal in one SQLite file; ``":memory:"`` forgets all. Used by one thread at a time."""

    def __init__(self, path: Path | str, history_days: int = 365) -> None:
        self._path, self._history_days = path, history_days
        with self._explained():
            if isinstance(path, Path):
                path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=FULL")
            self._db.execute("PRAGMA secure_delete=ON")
            self._db.executescript(SCHEMA)

    def promise(self) -> Promise | None:
        """Return the promise that was running, if any."""
        with self._explained():
            row = self._db.execute(
                "SELECT started_at, first_started_at, return_at, seen_at, moved, owed FROM promise"
            ).fetchone()
        if row is None:
            return None
        started_at, first_started_at, return_at, seen_at, moved, owed = row
        return Promise(started_at, first_started_at, return_at, seen_at, moved, bool(owed))

    def note_promise(self, promise: Promise) -> None:
        """Put the promise on disk; it is there when this returns."""
        with self._explained():
            self._db.execute(
                "INSERT OR REPLACE INTO promise VALUES (1, ?, ?, ?, ?, ?, ?)", astuple(promise)
            )

    def note_end(self, record: PauseRecord) -> None:
        """Take the promise away and keep the record, in one step; forget what is too old."""
        day = datetime.fromtimestamp(record.started_at).astimezone().date().isoformat()
        with self._step() as db:
            db.execute("DELETE FROM promise")
            db.execute(
                "INSERT INTO pause (day, minutes, ending) VALUES (?, ?, ?)",
                (day, record.minutes, record.ending.value),
            )
            db.execute(
                "DELETE FROM pause WHERE day < date(?, ?)", (day, f"-{self._history_days} days")
            )
            if self._history_days == 0:
                db.execute("DELETE FROM pause")

    def note_caught(self, caught: str) -> None:
        """Add to the last record how early the pause came."""
        with self._explained():
            self._db.execute(
                "UPDATE pause SET caught = ? WHERE id = (SELECT max(id) FROM pause)", (caught,)
            )

    def history(self) -> list[HistoryRow]:
        """Return the pauses, oldest first."""
        with self._explained():
            rows = self._db.execute("SELECT day, minutes, ending, caught FROM pause ORDER BY id")
            return [HistoryRow(*row) for row in rows]

    def wipe(self) -> int:
        """Forget every pause, and overwrite where it stood; return how many there were."""
        with self._step() as db:
            count = int(db.execute("SELECT count(*) FROM pause").fetchone()[0])
            db.execute("DELETE FROM pause")
        with self._explained():
            self._db.execute("VACUUM")
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return count

    def check_writable(self) -> None:
        """Write a step and take it back; raises ``JournalError`` if it cannot be written."""
        with self._explained():
            self._db.execute("BEGIN IMMEDIATE")
            self._db.execute("INSERT INTO pause (day, minutes, ending) VALUES ('', 0, '')")
            self._db.execute("ROLLBACK")

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

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
        except (sqlite3.Error, OSError) as error:
            raise JournalError(
                f"{self._path}: {error}",
                "Is the disk full, or the folder not yours? Until it works, a power cut would "
                "make me forget the return time.",
            ) from error
