"""What could not be written is tried again; the trouble is shown once, and taken away."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from calmvoice.errors import JournalError
from calmvoice.journal import SqliteJournal
from calmvoice.note_taker import NoteTaker
from calmvoice.promise_copy import NAME, read_copy
from calmvoice.session.actions import NoteCaught, NoteEnd, NotePromise
from calmvoice.session.promise import Ending, PauseRecord, Promise
from calmvoice.twin_journal import KEPT_HINT, MOST_WAITING, TwinJournal

PROMISE = Promise(1_800_000_000.0, 1_800_000_000.0, 1_800_001_200.0, 1_800_000_000.0)
LATER = replace(PROMISE, return_at=PROMISE.return_at + 600, moved=1)
END = NoteEnd(PauseRecord(PROMISE.started_at, 20, Ending.KEPT))


class Disk(SqliteJournal):
    """A database whose disk may be full."""

    def __init__(self) -> None:
        super().__init__(":memory:")
        self.full = False

    def note_promise(self, promise: Promise, serial: int | None = None) -> None:
        self._fail()
        super().note_promise(promise, serial)

    def note_end(self, record: PauseRecord, serial: int | None = None) -> None:
        self._fail()
        super().note_end(record, serial)

    def _fail(self) -> None:
        if self.full:
            raise JournalError("the disk is full")


class Scene:
    def __init__(self, folder: Path) -> None:
        self.disk, self.copy = Disk(), folder / NAME
        self.journal = TwinJournal(folder / "journal.sqlite")
        self.journal._database.close()
        self.journal._database = self.disk
        self.told: list[str] = []
        self.hints: list[str] = []
        self.taker = NoteTaker(self.journal, self.trouble, self.relief)

    def trouble(self, message: str, hint: str) -> None:
        self.told.append(message)
        self.hints.append(hint)

    def relief(self, message: str) -> None:
        self.told.append(f"no more: {message}")

    @property
    def copied(self) -> Promise | None:
        copied = read_copy(self.copy)
        return copied.promise if copied is not None else None


@pytest.fixture
def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scene:
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    return Scene(tmp_path)


def test_it_is_shown_once_tried_again_and_taken_away(scene: Scene) -> None:
    scene.disk.full = True
    for minute in range(5):
        scene.taker.take(NotePromise(replace(PROMISE, seen_at=PROMISE.seen_at + 60 * minute)))
        scene.taker.catch_up()
    assert scene.told == ["the disk is full"]
    assert scene.hints == [KEPT_HINT]
    assert scene.copied == replace(PROMISE, seen_at=PROMISE.seen_at + 240)
    scene.disk.full = False
    scene.taker.catch_up()
    assert scene.told == ["the disk is full", "no more: the disk is full"]
    assert scene.disk.promise() == scene.copied


def test_an_end_that_cannot_be_written_holds_no_later_promise_back(scene: Scene) -> None:
    scene.taker.take(NotePromise(PROMISE))
    scene.disk.full = True
    scene.taker.take(END)
    assert scene.copied is None
    scene.taker.take(NoteCaught("early"))
    scene.taker.take(NotePromise(LATER))
    assert scene.disk.promise() == PROMISE
    assert scene.copied == LATER
    scene.taker.catch_up()
    assert scene.copied == LATER
    scene.disk.full = False
    scene.taker.catch_up()
    assert scene.disk.promise() == LATER
    (row,) = scene.disk.history()
    assert row.caught == "early"


def test_no_more_waits_than_a_few(scene: Scene) -> None:
    scene.disk.full = True
    for _ in range(3 * MOST_WAITING):
        scene.taker.take(NotePromise(PROMISE))
        scene.taker.take(END)
    scene.disk.full = False
    scene.taker.catch_up()
    assert 0 < len(scene.disk.history()) <= MOST_WAITING
    assert scene.copied is scene.disk.promise() is None
