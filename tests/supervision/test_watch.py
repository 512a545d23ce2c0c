"""The watchdog's beat comes from the session's thread, and stops when that hangs or is deaf."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from calmvoice.clock import SystemClock
from calmvoice.journal import SqliteJournal
from calmvoice.meanings import Meaning
from calmvoice.offline import CountedClock
from calmvoice.ports import Now
from calmvoice.session import Session
from calmvoice.session.events import Said
from calmvoice.session.rules import Rules
from calmvoice.session.script import Line, Script
from calmvoice.session.stages import Stage
from calmvoice.shell import Shell, Stagehand, Status
from calmvoice.supervision import notifier
from calmvoice.supervision.notifier import Notifier
from calmvoice.supervision.watch import DEAF_SECONDS, LONGEST_BETWEEN_BEATS, Watch

LIMIT = 20.0
LISTENING = Status(Stage.LISTENING, None, frozenset(), is_speaking=False)


class Kept:
    """Keeps the states that would be sent."""

    def __init__(self) -> None:
        self.states: list[str] = []

    def send(self, state: str) -> None:
        self.states.append(state)

    def close(self) -> None:
        self.states.append("closed")

    @property
    def beats(self) -> int:
        return self.states.count("WATCHDOG=1")


@contextmanager
def manager(address: str) -> Iterator[socket.socket]:
    """Be systemd: a datagram socket that waits at an address for states."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind("\0" + address[1:] if address.startswith("@") else address)
        listening.settimeout(LIMIT)
        yield listening


@pytest.mark.parametrize("abstract", [False, True])
def test_states_arrive_at_the_address_of_the_environment(tmp_path: Path, abstract: bool) -> None:
    address = f"@calmvoice-test-{os.getpid()}" if abstract else str(tmp_path / "notify")
    with manager(address) as listening:
        told = notifier.from_environment({"NOTIFY_SOCKET": address})
        assert told is not None
        told.send("READY=1")
        assert listening.recv(64) == b"READY=1"
        told.close()


def test_nobody_to_tell(tmp_path: Path) -> None:
    assert notifier.from_environment({}) is None
    told = Notifier(str(tmp_path / "nobody"))
    told.send("READY=1")
    told.close()


@pytest.mark.parametrize(
    ("variables", "seconds"),
    [
        ({}, 0.0),
        ({"WATCHDOG_USEC": "30000000"}, 30.0),
        ({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": str(os.getpid())}, 30.0),
        ({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "1"}, 0.0),
        ({"WATCHDOG_USEC": "soon"}, 0.0),
    ],
)
def test_how_long_systemd_waits(variables: dict[str, str], seconds: float) -> None:
    assert notifier.watchdog_seconds(variables) == seconds


class TestBeats:
    """With a clock that the test moves."""

    def setup_method(self) -> None:
        self.told, self.clock = Kept(), CountedClock(Now(1_800_000_000.0, 100.0))
        self.watch = Watch(self.told, self.clock, 30.0)

    def live(self, seconds: float, with_chunks: bool = False) -> None:
        for _ in range(round(seconds)):
            self.clock.move(1.0)
            if with_chunks:
                self.watch.take(np.zeros(1600, np.int16), self.clock.now().steady)
            self.watch.beat()

    def test_ready_once_then_beats_now_and_then(self) -> None:
        self.live(60)
        assert self.told.states[:2] == ["READY=1", "WATCHDOG=1"]
        assert self.told.states.count("READY=1") == 1
        assert self.told.beats == 60 / LONGEST_BETWEEN_BEATS

    def test_a_microphone_that_works_and_brings_nothing_stops_them(self) -> None:
        self.watch.show_microphone(True)
        self.live(60, with_chunks=True)
        heard = self.told.beats
        self.live(DEAF_SECONDS + LONGEST_BETWEEN_BEATS)
        deaf = self.told.beats
        assert heard < deaf <= heard + DEAF_SECONDS / LONGEST_BETWEEN_BEATS
        self.live(60)
        assert self.told.beats == deaf
        self.live(20, with_chunks=True)
        assert self.told.beats > deaf

    def test_one_that_is_known_to_be_gone_does_not(self) -> None:
        self.watch.show_microphone(True)
        self.watch.show_microphone(False)
        self.live(120)
        assert self.told.beats == 120 / LONGEST_BETWEEN_BEATS

    def test_one_that_was_switched_off_does_not_and_has_time_to_come_back(self) -> None:
        self.watch.show_microphone(True)
        self.watch.show_status(replace(LISTENING, is_deaf=True))
        self.live(120)
        assert self.told.beats == 120 / LONGEST_BETWEEN_BEATS
        self.watch.show_status(LISTENING)
        self.live(DEAF_SECONDS)
        assert self.told.beats == (120 + DEAF_SECONDS) / LONGEST_BETWEEN_BEATS
        self.live(60)
        assert self.told.beats == (120 + DEAF_SECONDS) / LONGEST_BETWEEN_BEATS

    def test_nobody_waits_for_beats(self) -> None:
        self.watch = Watch(self.told, self.clock, 0.0)
        self.live(60)
        self.watch.close()
        assert self.told.states == ["READY=1", "STOPPING=1", "closed"]


class Stuck:
    """A mouth that does not return until it is let go."""

    def __init__(self) -> None:
        self.reached, self.let_go = threading.Event(), threading.Event()

    def play(self, ticket: int, script: Script, gain_db: float, depth: int = 0) -> None:
        self.reached.set()
        self.let_go.wait(LIMIT)

    def finish(self, ticket: int) -> None: ...
    def hush(self) -> None: ...


class Nothing:
    """A display that shows nothing."""

    def show_status(self, status: Status) -> None: ...
    def show_script(self, script: Script) -> None: ...
    def show_line(self, line: Line) -> None: ...
    def show_trouble(self, message: str, hint: str) -> None: ...
    def clear_trouble(self, message: str) -> None: ...


def test_a_session_thread_that_hangs_beats_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("calmvoice.shell.LONGEST_WAIT_SECONDS", 0.02)
    address, mouth, journal = str(tmp_path / "notify"), Stuck(), SqliteJournal(":memory:")
    shell, clock = Shell(SystemClock()), SystemClock()
    with manager(address) as systemd:
        watch = Watch(Notifier(address), clock, watchdog_seconds=0.03)
        stagehand = Stagehand(Session(Rules()), mouth, journal, Nothing(), lambda _: None)
        shell.start(stagehand, journal, lambda: None, watch.beat)
        assert systemd.recv(64) == b"READY=1"
        assert [systemd.recv(64) for _ in range(5)] == 5 * [b"WATCHDOG=1"]
        shell.post(Said(Meaning.SIGNAL))
        assert mouth.reached.wait(LIMIT)
        while_it_hangs(systemd)
        mouth.let_go.set()
        assert systemd.recv(64) == b"WATCHDOG=1"
        shell.close()
        watch.close()


def while_it_hangs(systemd: socket.socket) -> None:
    """Take what was sent before, then see that nothing comes in the time of thirty beats."""
    systemd.settimeout(0.0)
    with contextlib.suppress(BlockingIOError):
        while systemd.recv(64):
            pass
    systemd.settimeout(0.3)
    with pytest.raises(TimeoutError):
        systemd.recv(64)
    systemd.settimeout(LIMIT)
