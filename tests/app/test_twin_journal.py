"""One of the two copies suffices: cut, emptied, filled with rubbish, unwritable, gone."""

from __future__ import annotations

import os
import random
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from calmvoice.errors import JournalError
from calmvoice.journal import SqliteJournal
from calmvoice.ports import Trust
from calmvoice.promise_copy import NAME, PLACE, PromiseCopy, framed, parsed, read_copy
from calmvoice.session.promise import Ending, PauseRecord, Promise
from calmvoice.twin_journal import TwinJournal, forget_damaged

PROMISE = Promise(
    1_800_000_000.0, 1_800_000_000.0, 1_800_001_200.0, 1_800_000_060.0,
    trust=Trust.OWN, boot_id="a" * 36, seen_since_boot=1234.5, utc_offset=-3600.0,
)  # fmt: skip
LATER = replace(PROMISE, return_at=PROMISE.return_at + 600, moved=1)
RECORD = PauseRecord(PROMISE.started_at, 20, Ending.KEPT)
FILES = ("journal.sqlite", "journal.sqlite-wal", NAME)


@pytest.fixture(autouse=True)
def no_runtime_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)


def killed(folder: Path, *steps: Promise | PauseRecord) -> None:
    """Write these steps and die: what SQLite would tidy at the end is left as it is."""
    child = os.fork()
    if child == 0:
        try:
            journal = TwinJournal(folder / "journal.sqlite")
            for step in steps:
                if isinstance(step, Promise):
                    journal.note_promise(step)
                else:
                    journal.note_end(step)
        finally:
            os._exit(0)
    os.waitpid(child, 0)


def found(folder: Path) -> Promise | None:
    journal = TwinJournal(folder / "journal.sqlite")
    try:
        return journal.promise()
    finally:
        journal.close()


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.sampled_from(FILES),
    st.floats(0, 1),
    st.sampled_from(["cut", "zeros", "rubbish"]),
    st.sampled_from([(PROMISE,), (PROMISE, LATER), (PROMISE, RECORD), (PROMISE, RECORD, LATER)]),
)
def test_whichever_file_is_cut_at_whatever_byte_the_promise_is_there(
    tmp_path_factory: pytest.TempPathFactory,
    name: str,
    part: float,
    rest: str,
    steps: tuple[Promise | PauseRecord, ...],
) -> None:
    folder = tmp_path_factory.mktemp("cut")
    killed(folder, *steps)
    path = folder / name
    content = path.read_bytes()
    at = round(part * len(content))
    tail = {
        "cut": b"",
        "zeros": bytes(len(content) - at),
        "rubbish": random.Random(at).randbytes(len(content) - at),
    }[rest]
    path.write_bytes(content[:at] + tail)
    expected = steps[-1] if isinstance(steps[-1], Promise) else None
    assert found(folder) == expected
    assert found(folder) == expected, "taken up once, and gone the next time"


def test_a_damaged_journal_is_said_kept_beside_and_gone_on_from(tmp_path: Path) -> None:
    killed(tmp_path, PROMISE)
    path = tmp_path / "journal.sqlite"
    damaged = b"not a database at all, but long enough to look at" * 100
    path.write_bytes(damaged)
    (tmp_path / "journal.sqlite-wal").unlink()  # which would have mended it
    journal = TwinJournal(path)
    (trouble,) = journal.troubles
    assert "damaged" in str(trouble)
    (kept,) = tmp_path.glob("journal-damaged-*.sqlite")
    assert kept.read_bytes() == damaged
    assert kept.name in trouble.hint
    assert journal.promise() == PROMISE
    journal.note_promise(LATER)
    journal.note_end(RECORD)
    journal.close()
    reopened = SqliteJournal(path)
    assert reopened.promise() is None
    assert len(reopened.history()) == 1
    forget_damaged(path)
    assert not kept.exists()
    assert reopened.history()


def test_a_journal_that_is_damaged_while_it_is_used_is_put_aside_too(tmp_path: Path) -> None:
    journal = TwinJournal(tmp_path / "journal.sqlite")
    journal.note_promise(PROMISE)
    journal._database._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    path = tmp_path / "journal.sqlite"
    path.write_bytes(b"\xff" * path.stat().st_size)
    journal._database._db.execute("PRAGMA cache_size=0")
    journal._database._db.execute("PRAGMA shrink_memory")
    journal.note_promise(LATER)
    journal.close()
    assert found(tmp_path) == LATER


def test_a_journal_of_an_older_version_is_taken_up(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    journal = SqliteJournal(path)
    for column in ("trust", "counted", "boot_id", "seen_since_boot", "utc_offset"):
        journal._db.execute(f"ALTER TABLE promise DROP COLUMN {column}")
    journal._db.execute("DROP TABLE step")
    journal._db.execute("INSERT INTO promise VALUES (1, 10.0, 10.0, 1300.0, 70.0, 1, 0)")
    journal.close()
    assert found(tmp_path) == Promise(10.0, 10.0, 1300.0, 70.0, 1)


def test_a_folder_that_is_a_file_stops_nothing_and_is_said(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("")
    journal = TwinJournal(tmp_path / "x" / "journal.sqlite")
    assert journal.troubles
    with pytest.raises(JournalError, match="cannot be written") as caught:
        journal.note_promise(PROMISE)
    assert "power cut" in caught.value.hint
    assert journal.promise() == PROMISE, "as long as it runs"
    journal.close()


def test_where_the_folder_cannot_be_written_the_promise_is_kept_until_the_computer_is_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As root any folder can be written: a file in the folder's place stands for it."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "run"))
    folder = tmp_path / "data"
    folder.write_text("")
    killed(folder, PROMISE)
    assert found(folder) == PROMISE
    folder.unlink()
    assert found(folder) == PROMISE, "it can be written again, and is taken over"
    assert not list((tmp_path / "run" / "calmvoice").iterdir())
    assert found(folder) == PROMISE
    other = tmp_path / "other"
    assert found(other) is None, "another journal's promise is none of this one's"


def test_nothing_of_an_ended_pause_stays_in_the_copy(tmp_path: Path) -> None:
    killed(tmp_path, PROMISE, LATER, RECORD)
    content = (tmp_path / NAME).read_bytes()
    assert len(content) == 2 * PLACE
    assert b"180000" not in content


def test_a_time_that_changed_inside_the_database_is_mended_from_the_copy(tmp_path: Path) -> None:
    killed(tmp_path, PROMISE)
    path = tmp_path / "journal.sqlite"
    database = SqliteJournal(path)
    database.note_promise(LATER, database.serial())  # as if bits had turned: the same step
    database.close()
    assert found(tmp_path) == PROMISE
    reread = SqliteJournal(path)
    assert reread.promise() == PROMISE
    reread.close()


def test_a_folder_that_is_taken_away_while_it_is_open_is_written_anew(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    journal = TwinJournal(folder / "journal.sqlite")
    journal.note_promise(PROMISE)
    folder.rename(tmp_path / "elsewhere")
    journal.note_promise(LATER)
    assert found(folder) == read_promise(folder) == LATER
    journal.close()


def test_only_the_copy_is_taken_away(tmp_path: Path) -> None:
    journal = TwinJournal(tmp_path / "journal.sqlite")
    journal.note_promise(PROMISE)
    (tmp_path / NAME).unlink()
    journal.note_promise(LATER)
    assert read_promise(tmp_path) == LATER
    journal.close()


@pytest.mark.parametrize("kind", ["pipe", "link"])
def test_what_is_no_file_in_the_place_of_the_copy_is_not_used(tmp_path: Path, kind: str) -> None:
    other = tmp_path / "other"
    other.write_text("theirs")
    if kind == "pipe":
        os.mkfifo(tmp_path / NAME)
    else:
        (tmp_path / NAME).symlink_to(other)
    killed(tmp_path, PROMISE)
    assert found(tmp_path) == PROMISE
    assert other.read_text() == "theirs"


def test_nobody_else_can_read_what_is_kept(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    before = os.umask(0o022)
    try:
        killed(tmp_path, PROMISE)
    finally:
        os.umask(before)
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}


def read_promise(folder: Path) -> Promise | None:
    copied = read_copy(folder / NAME)
    return copied.promise if copied is not None else None


def test_a_step_that_is_torn_leaves_the_one_before_it(tmp_path: Path) -> None:
    copy = PromiseCopy(tmp_path / NAME)
    copy.write(PROMISE, 1)
    copy.write(LATER, 2)
    copy.close()
    whole = (tmp_path / NAME).read_bytes()
    for at in range(PLACE):
        (tmp_path / NAME).write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        copied = read_copy(tmp_path / NAME)
        assert copied is not None
        assert copied.promise in (PROMISE, LATER)


@given(st.binary(max_size=PLACE))
def test_rubbish_is_no_place(content: bytes) -> None:
    assert parsed(content) is None


def test_the_longest_promise_fits_into_its_place() -> None:
    longest = replace(
        PROMISE,
        started_at=1_800_000_000.123_456_7, first_started_at=1_800_000_000.123_456_7,
        return_at=1_800_000_000.123_456_7, seen_at=1_800_000_000.123_456_7,
        seen_since_boot=123_456_789.123_456_7, moved=99, owed=True, counted=False,
        utc_offset=-43_200.0,
    )  # fmt: skip
    content = framed(longest, 10**12)
    assert len(content) == PLACE
    copied = parsed(content)
    assert copied is not None
    assert copied.promise == longest


def test_what_cannot_be_written_anywhere_is_told(tmp_path: Path) -> None:
    journal = TwinJournal(tmp_path / "journal.sqlite")
    journal.close()
    with pytest.raises(JournalError) as caught:
        journal.note_promise(PROMISE)
    assert "power cut" in caught.value.hint
