"""Softer while we speak: from a thread of its own, whatever becomes of it."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from calmvoice.attendants import Attended
from calmvoice.errors import SoundError
from calmvoice.others.ducker import Ducker
from calmvoice.others.record import Record, Softened
from calmvoice.session.script import Line, Script
from calmvoice.session.stages import Stage
from calmvoice.shell import Status

LIMIT = 20.0
SPEAKING = Status(Stage.BRIDGE, 1_800_000_000.0, frozenset(), is_speaking=True)
SILENT = replace(SPEAKING, is_speaking=False)


class Neighbours:
    """Other programs' sound that notes what it is told, and may fail or hang."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.fails = False
        self.thawed = threading.Event()
        self.thawed.set()
        self._changed = threading.Condition()

    def soften(self) -> None:
        self._note("soften")

    def restore(self) -> None:
        self._note("restore")

    def wait_for(self, *told: str) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: self._runs()[: len(told)] == [*told], LIMIT), (
                self.told
            )

    def _note(self, what: str) -> None:
        with self._changed:
            self.told.append(what)
            self._changed.notify_all()
        self.thawed.wait(LIMIT)
        if self.fails:
            raise SoundError("no sound server")

    def _runs(self) -> list[str]:
        """Return what was told, each run of the same once."""
        return [one for at, one in enumerate(self.told) if self.told[at - 1 : at] != [one]]


@contextmanager
def ducker(neighbours: Neighbours, linger_seconds: float = 0.02) -> Iterator[Ducker]:
    ducker = Ducker(neighbours, linger_seconds, look_seconds=0.01)
    ducker.begin()
    yield ducker
    ducker.close()


def test_softer_while_we_speak_and_as_before_after() -> None:
    neighbours = Neighbours()
    with ducker(neighbours) as told:
        neighbours.wait_for("restore")  # what a run before may have left
        for _ in range(2):
            told.before_speaking()
            told.show_status(SPEAKING)
            neighbours.wait_for("restore", "soften")
            told.show_status(SILENT)
            neighbours.wait_for("restore", "soften", "restore")
            neighbours.told.clear()
            neighbours.told.append("restore")


def test_what_begins_meanwhile_is_softened_too() -> None:
    neighbours = Neighbours()
    with ducker(neighbours) as told:
        told.before_speaking()
        neighbours.wait_for("restore", "soften")
        with neighbours._changed:
            assert neighbours._changed.wait_for(lambda: neighbours.told.count("soften") > 3, LIMIT)


def test_between_two_sentences_nothing_is_restored() -> None:
    neighbours = Neighbours()
    with ducker(neighbours, linger_seconds=LIMIT) as told:
        for _ in range(5):
            told.before_speaking()
            neighbours.wait_for("restore", "soften")
            told.show_status(SILENT)
        assert neighbours.told.count("restore") == 1


def test_the_end_restores() -> None:
    neighbours = Neighbours()
    with ducker(neighbours) as told:
        told.before_speaking()
        neighbours.wait_for("restore", "soften")
    assert neighbours.told[-1] == "restore"


def test_no_sound_server_is_no_trouble() -> None:
    neighbours = Neighbours()
    neighbours.fails = True
    with ducker(neighbours) as told:
        told.before_speaking()
        neighbours.wait_for("restore", "soften")
        told.show_status(SILENT)
        neighbours.wait_for("restore", "soften", "restore")


class Voice:
    """A mouth that notes what it plays."""

    def __init__(self) -> None:
        self.played: list[int] = []

    def play(self, ticket: int, script: Script, gain_db: float, depth: int = 0) -> None:
        self.played.append(ticket)

    def finish(self, ticket: int) -> None: ...
    def hush(self) -> None: ...


def test_a_sound_server_that_hangs_delays_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("calmvoice.others.ducker.CLOSE_SECONDS", 0.05)
    neighbours, voice = Neighbours(), Voice()
    neighbours.thawed.clear()
    with ducker(neighbours) as told:
        mouth = Attended([told]).mouth(voice)
        mouth.play(1, (Line("bridge.default"),), 0.0)
        mouth.play(2, (Line("bridge.default"),), 0.0)
        assert voice.played == [1, 2]
    assert neighbours.told == ["restore"]  # it hangs in its first call, and the run has ended
    neighbours.thawed.set()


MUSIC = Softened(7, 3, (1.0, 0.9), (0.46, 0.41), "sink-input-by-application-name:Music")


def test_the_record_is_read_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "state" / "softened.json"
    record = Record(path)
    assert record.read() == ()
    assert record.write((MUSIC,))
    assert Record(path).read() == (MUSIC,)
    assert record.write(())
    assert not path.exists()


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b'[{"server": 1}]', b"\xff"])
def test_a_record_that_makes_no_sense_is_none(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "softened.json"
    path.write_bytes(content)
    assert Record(path).read() == ()


def test_where_it_cannot_be_written_nothing_is_softened(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert not Record(tmp_path / "file" / "softened.json").write((MUSIC,))


def test_no_library_is_said(tmp_path: Path) -> None:
    """On a computer without libpulse everything else goes on."""
    code = (
        "import ctypes.util, pathlib\n"
        "ctypes.util.find_library = lambda name: 'libnowhere.so'\n"
        "from calmvoice.errors import SoundError\n"
        "from calmvoice.others.pulse_others import PulseOthers\n"
        "from calmvoice.others.record import Record\n"
        f"try: PulseOthers(Record(pathlib.Path({str(tmp_path / 'x')!r}))).soften()\n"
        "except SoundError as error: print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ
    )
    assert "stay as loud as they are" in done.stdout
