"""The door: only for its own user, one line each way, nothing that a key could not do."""

from __future__ import annotations

import socket
import stat
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calmvoice.errors import RunningError
from calmvoice.meanings import Meaning
from calmvoice.offline import CountedClock
from calmvoice.ports import Now
from calmvoice.session.events import Said
from calmvoice.session.stages import Stage
from calmvoice.shell import Status
from calmvoice.single import place, wire
from calmvoice.single.caller import call
from calmvoice.single.door import Door
from calmvoice.single.wire import Answer, Request, request_line

LISTENING = Status(Stage.LISTENING, None, frozenset({Meaning.SIGNAL, Meaning.STOP}), False)
WALL = 1_799_999_000.0
CLOCK = CountedClock(Now(WALL, 100.0))
APART = Status(Stage.BRIDGE, 1_800_000_000.0, frozenset({Meaning.STOP}), True)


class Inbox:
    """A session that a signal moves from listening to a bridge, when it gets round to it."""

    def __init__(self) -> None:
        self.posted: list[Said] = []
        self.ended = threading.Event()
        self.door: Door | None = None
        self.hangs = False

    def post(self, said: Said) -> None:
        self.posted.append(said)

    def ask(self, done: Callable[[], None]) -> None:
        if self.hangs:
            return
        assert self.door is not None
        if any(said.meaning is Meaning.SIGNAL for said in self.posted):
            self.door.show_status(APART)
        done()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / ("a folder with a name so long that no socket could have it " * 3) / "run"


def opened(folder: Path) -> tuple[Door, Inbox]:
    """A door in this folder, and who is behind it."""
    inbox = Inbox()
    inbox.door = Door(folder, inbox.post, inbox.ask, inbox.ended.set, CLOCK)
    inbox.door.begin()
    inbox.door.show_status(LISTENING)
    return inbox.door, inbox


@pytest.fixture
def inbox(folder: Path) -> Iterator[Inbox]:
    door, inbox = opened(folder)
    yield inbox
    door.close()


def test_it_tells_where_the_session_stands(folder: Path, inbox: Inbox) -> None:
    assert call(folder, Request.STATUS) == Answer(Stage.LISTENING, None, WALL, False, True)
    assert inbox.posted == []


def test_a_pause_is_the_silent_key_and_the_answer_tells_what_came_of_it(
    folder: Path, inbox: Inbox
) -> None:
    assert call(folder, Request.PAUSE) == Answer(Stage.BRIDGE, 1_800_000_000.0, WALL, False, True)
    assert inbox.posted == [Said(Meaning.SIGNAL, by_key=True)]


def test_what_means_nothing_now_is_not_posted(folder: Path, inbox: Inbox) -> None:
    assert call(folder, Request.HERE) == Answer(Stage.LISTENING, None, WALL, False, False)
    assert inbox.posted == []


def test_quit_ends_the_run(folder: Path, inbox: Inbox) -> None:
    call(folder, Request.QUIT)
    assert inbox.ended.is_set()


def test_what_ends_a_practice_is_told_of_no_promise(folder: Path, inbox: Inbox) -> None:
    assert inbox.door is not None
    inbox.door.close()
    practice = Door(folder, inbox.post, inbox.ask, inbox.ended.set, CLOCK, is_practice=True)
    practice.begin()
    practice.show_status(APART)
    assert call(folder, Request.STATUS).return_at == APART.return_at
    assert call(folder, Request.QUIT).return_at is None
    practice.close()


def test_nothing_comes_of_a_request_whose_caller_has_gone(folder: Path, inbox: Inbox) -> None:
    with place.address(folder) as address:
        for request in (Request.PAUSE, Request.QUIT):
            with socket.socket(socket.AF_UNIX) as impatient:
                impatient.connect(address)
                impatient.sendall(request_line(request))
    call(folder, Request.STATUS)  # answered after those
    assert inbox.posted == []
    assert not inbox.ended.is_set()


@pytest.mark.usefixtures("inbox")
def test_each_journal_has_a_door_of_its_own(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "another"))
    with pytest.raises(RunningError, match="does not answer"):
        call(folder, Request.STATUS)
    other, _ = opened(folder)
    other.show_status(APART)
    assert call(folder, Request.STATUS).stage is APART.stage
    other.close()
    monkeypatch.undo()
    assert call(folder, Request.STATUS).stage is Stage.LISTENING


def test_a_session_that_hangs_is_told_of(
    folder: Path, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("calmvoice.single.door.SESSION_SECONDS", 0.05)
    inbox.hangs = True
    with pytest.raises(RunningError, match="the session does not answer"):
        call(folder, Request.STATUS)


@pytest.mark.usefixtures("inbox")
def test_only_its_own_user_can_reach_it(folder: Path) -> None:
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / place.name()).stat().st_mode) == 0o600


@pytest.mark.usefixtures("inbox")
def test_a_folder_that_others_may_enter_is_not_used(folder: Path) -> None:
    folder.chmod(0o755)
    with pytest.raises(RunningError, match="open to others"):
        call(folder, Request.STATUS)


def test_what_a_killed_program_left_is_replaced(folder: Path) -> None:
    folder.mkdir(parents=True, mode=0o700)
    with place.address(folder) as address:
        left = socket.socket(socket.AF_UNIX)
        left.bind(address)
        left.close()
    with pytest.raises(RunningError, match="does not answer"):
        call(folder, Request.STATUS)
    door, _ = opened(folder)
    assert call(folder, Request.STATUS).stage is Stage.LISTENING
    door.close()
    assert not list(folder.iterdir())


@pytest.mark.usefixtures("inbox")
def test_a_silent_caller_keeps_nobody_out(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("calmvoice.single.door.CALLER_SECONDS", 0.05)
    with place.address(folder) as address, socket.socket(socket.AF_UNIX) as silent:
        silent.connect(address)
        assert call(folder, Request.STATUS).stage is Stage.LISTENING


def answer_within(seconds: float, folder: Path) -> Answer:
    """Ask until somebody answers."""
    until = time.monotonic() + seconds
    while True:
        try:
            return call(folder, Request.STATUS)
        except RunningError:
            assert time.monotonic() < until
            threading.Event().wait(0.01)


@pytest.mark.parametrize("gone", ["the address", "the folder"])
def test_an_address_that_was_taken_away_is_made_anew(
    folder: Path, monkeypatch: pytest.MonkeyPatch, gone: str
) -> None:
    monkeypatch.setattr("calmvoice.single.door.LOOK_SECONDS", 0.02)
    door, _ = opened(folder)
    (folder / place.name()).unlink()
    if gone == "the folder":
        folder.rmdir()
    assert answer_within(10.0, folder).stage is Stage.LISTENING
    door.close()
    assert not list(folder.iterdir())


def test_a_closed_door_is_no_running_program(folder: Path, inbox: Inbox) -> None:
    assert inbox.door is not None
    inbox.door.close()
    with pytest.raises(RunningError, match="does not answer"):
        call(folder, Request.STATUS)


@given(st.binary(max_size=600))
def test_no_line_is_taken_for_more_than_it_is(line: bytes) -> None:
    try:
        request = wire.read_request(line)
    except ValueError:
        return
    assert wire.read_request(wire.request_line(request)) is request


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"\n",
        b'{"do": "pause"}',
        b'{"do": "wipe"}\n',
        b'{"do": "pause", "who": "x"}\n',
        b"[]\n",
    ],
)
def test_anything_but_a_request_is_refused(folder: Path, inbox: Inbox, line: bytes) -> None:
    with place.address(folder) as address, socket.socket(socket.AF_UNIX) as caller:
        caller.connect(address)
        caller.sendall(line)
        caller.shutdown(socket.SHUT_WR)
        answer = caller.makefile("rb").readline()
    with pytest.raises(RunningError, match="refused"):
        wire.read_answer(answer)
    assert inbox.posted == []


@given(
    st.sampled_from(Stage),
    st.none() | st.floats(min_value=0, max_value=4e9),
    st.floats(min_value=0, max_value=4e9),
    st.booleans(),
    st.booleans(),
)
def test_an_answer_is_read_as_it_was_sent(
    stage: Stage, at: float | None, wall: float, keys_only: bool, taken: bool
) -> None:
    answer = Answer(stage, at, wall, keys_only, taken)
    line = wire.answer_line(answer)
    assert wire.read_answer(line) == answer
    assert len(line) <= wire.LONGEST_LINE


@pytest.mark.parametrize(
    "line", [b"", b"x\n", b"{}\n", b'{"stage": "x", "return_at": 1, "taken": true}\n']
)
def test_an_answer_that_is_none_is_an_error(line: bytes) -> None:
    with pytest.raises(RunningError, match="not known here"):
        wire.read_answer(line)
