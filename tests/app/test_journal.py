"""The journal: a promise that is noted is on the disk, whatever happens next."""

from __future__ import annotations

import contextlib
import sqlite3
import subprocess
import sys
from dataclasses import astuple
from datetime import date, timedelta
from pathlib import Path

import pytest

from calmvoice.errors import JournalError
from calmvoice.journal import SqliteJournal
from calmvoice.session.promise import Ending, PauseRecord, Promise
from calmvoice.session.reminders import Memory, PastPause

PROMISE = Promise(1_800_000_000.0, 1_800_000_000.0, 1_800_001_200.0, 1_800_000_000.0)
DAY = 86_400.0


def test_a_promise_is_there_after_the_process_was_killed(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    script = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from calmvoice.journal import SqliteJournal\n"
        "from calmvoice.session.promise import Promise\n"
        "journal = SqliteJournal(Path(sys.argv[1]))\n"
        f"journal.note_promise(Promise(*{astuple(PROMISE)[:4]}))\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    ended = subprocess.run([sys.executable, "-c", script, str(path)], check=False)
    assert ended.returncode == -9
    assert SqliteJournal(path).promise() == PROMISE


def test_the_end_takes_the_promise_and_keeps_the_record() -> None:
    journal = SqliteJournal(":memory:")
    journal.note_promise(PROMISE)
    journal.note_end(PauseRecord(PROMISE.started_at, 20, Ending.KEPT))
    journal.note_caught("early")
    assert journal.promise() is None
    (row,) = journal.history()
    assert (row.minutes, row.ending, row.caught) == (20, "kept", "early")


def test_a_step_that_fails_halfway_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    journal = SqliteJournal(path)
    journal.note_promise(PROMISE)
    other = sqlite3.connect(path)
    other.execute("CREATE TRIGGER no BEFORE INSERT ON pause BEGIN SELECT RAISE(ABORT, 'no'); END")
    other.commit()
    with pytest.raises(JournalError, match="no"):
        journal.note_end(PauseRecord(PROMISE.started_at, 20, Ending.KEPT))
    assert journal.promise() == PROMISE


def test_pauses_are_forgotten_after_the_agreed_time() -> None:
    journal = SqliteJournal(":memory:", history_days=30)
    for age in (60, 29, 0):
        journal.note_end(PauseRecord(PROMISE.started_at - age * DAY, age, Ending.KEPT))
    assert [row.minutes for row in journal.history()] == [29, 0]


def test_nothing_is_remembered_if_they_want_nothing_remembered() -> None:
    journal = SqliteJournal(":memory:", history_days=0)
    journal.note_end(PauseRecord(PROMISE.started_at, 20, Ending.KEPT))
    journal.note_caught("late")
    assert journal.history() == []


def test_wiping_leaves_no_trace_in_the_file_and_keeps_a_running_promise(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    journal = SqliteJournal(path)
    journal.note_end(PauseRecord(PROMISE.started_at, 23, Ending.UNANSWERED))
    journal.note_moment("fair_use", PROMISE.started_at)
    journal.note_promise(PROMISE)
    assert journal.wipe() == 1
    assert journal.memory() == Memory()
    assert journal.history() == []
    assert journal.promise() == PROMISE
    journal.close()
    for file in tmp_path.iterdir():
        assert b"not answered" not in file.read_bytes()
        assert b"fair_use" not in file.read_bytes()


def test_what_is_too_old_is_forgotten_without_a_new_pause() -> None:
    journal = SqliteJournal(":memory:", history_days=30)
    journal.note_end(PauseRecord(PROMISE.started_at, 20, Ending.KEPT))
    day = date.fromtimestamp(PROMISE.started_at)
    journal.forget_old(day + timedelta(days=30))
    assert len(journal.history()) == 1
    journal.forget_old(day + timedelta(days=31))
    assert journal.history() == []


def test_the_session_is_told_of_the_days_before(tmp_path: Path) -> None:
    journal = SqliteJournal(tmp_path / "journal.sqlite")
    journal.note_end(PauseRecord(PROMISE.started_at - DAY, 20, Ending.MOVED))
    journal.note_end(PauseRecord(PROMISE.started_at, 20, Ending.UNANSWERED))
    journal.note_moment("unrest", 1.0)
    journal.note_moment("unrest", 2.0)
    journal.note_moment("check_in", 3.0)
    journal.close()
    told = SqliteJournal(tmp_path / "journal.sqlite").memory()
    today = date.fromtimestamp(PROMISE.started_at).toordinal()
    assert told == Memory(
        {"check_in": 3.0}, (PastPause(today - 1, True), PastPause(today, False)), unrest_at=2.0
    )


def test_what_is_no_journal_is_refused_with_the_path(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    path.write_bytes(b"not a database at all, but long enough to look at" * 30)
    with pytest.raises(JournalError, match=r"journal\.sqlite") as caught:
        SqliteJournal(path)
    assert "power cut" in caught.value.hint


def test_a_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("")
    with pytest.raises(JournalError):
        SqliteJournal(tmp_path / "x" / "journal.sqlite")


def test_no_column_could_hold_words_or_who() -> None:
    journal = SqliteJournal(":memory:")
    columns = {
        row[1]
        for table in ("promise", "pause", "moment")
        for row in journal._db.execute(f"PRAGMA table_info({table})")
    }
    assert columns == {
        "only", "started_at", "first_started_at", "return_at", "seen_at", "moved", "owed",
        "trust", "counted", "boot_id", "seen_since_boot", "utc_offset",
        "id", "day", "minutes", "ending", "caught", "what", "at",
    }  # fmt: skip


def test_a_row_that_nobody_of_us_wrote_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    SqliteJournal(path).close()
    with contextlib.closing(sqlite3.connect(path)) as strange, strange:
        strange.executemany(
            "INSERT INTO pause (day, minutes, ending, caught) VALUES (?, ?, ?, ?)",
            [
                ("2026-11-20", 20, "kept", "early"),
                ("2026-11-20", 20, "flown", None),
                ("some day", 20, "kept", None),
                ("2026-11-20", "long", "kept", None),
            ],
        )
    journal = SqliteJournal(path)
    assert [(row.day, row.ending) for row in journal.history()] == [("2026-11-20", "kept")]
    journal.close()
