"""The claim: one program on one promise, whatever became of the one before."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from calmvoice.errors import RunningError
from calmvoice.single.claim import NAME, claim, is_claimed

HOLD = """
import sys
from pathlib import Path
from calmvoice.errors import RunningError
from calmvoice.single.claim import claim
sys.stdin.readline()
try:
    with claim(Path(sys.argv[1]), wait="wait" in sys.argv):
        print("held", flush=True)
        sys.stdin.read()
except RunningError:
    print("refused", flush=True)
"""


class Other:
    """Another program that claims when it is told to, and holds until its input ends."""

    def __init__(self, journal: Path, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", HOLD, str(journal), *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def go(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()

    def said(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def end(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.communicate()


@contextmanager
def others(journal: Path, count: int, *arguments: str) -> Iterator[list[Other]]:
    started = [Other(journal, *arguments) for _ in range(count)]
    try:
        yield started
    finally:
        for one in started:
            one.end()


def test_a_second_program_is_refused_and_told_who_holds_it(tmp_path: Path) -> None:
    journal = tmp_path / "journal.sqlite"
    with others(journal, 1) as (other,):
        other.go()
        assert other.said() == "held"
        assert is_claimed(journal)
        with pytest.raises(RunningError) as refused, claim(journal):
            pass
        assert refused.value.holder == other.process.pid
    assert not is_claimed(journal)


def test_of_many_starts_at_one_instant_one_wins(tmp_path: Path) -> None:
    with others(tmp_path / "journal.sqlite", 4) as started:
        for one in started:
            one.go()
        assert sorted(one.said() for one in started) == ["held", "refused", "refused", "refused"]


def test_a_killed_program_holds_nothing(tmp_path: Path) -> None:
    journal = tmp_path / "journal.sqlite"
    with others(journal, 1) as (other,):
        other.go()
        assert other.said() == "held"
        other.end()
        with claim(journal):
            assert is_claimed(journal)
            assert (tmp_path / NAME).read_text() == f"{os.getpid()}\n"


def test_one_that_waits_comes_after_the_first(tmp_path: Path) -> None:
    journal = tmp_path / "journal.sqlite"
    with others(journal, 1, "wait") as (waiting,):
        with claim(journal):
            waiting.go()
            assert is_claimed(journal)
        assert waiting.said() == "held"


def test_looking_keeps_nobody_out(tmp_path: Path) -> None:
    journal = tmp_path / "journal.sqlite"
    with claim(journal):
        pass
    assert not is_claimed(journal)
    with claim(journal):
        pass
    assert stat.S_IMODE((tmp_path / NAME).stat().st_mode) == 0o600


def test_where_the_folder_cannot_be_the_lock_is_in_the_runtime_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "run").mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "run"))
    (tmp_path / "file").write_text("")
    journal = tmp_path / "file" / "journal.sqlite"
    with claim(journal), pytest.raises(RunningError), claim(journal):
        pass
    assert (tmp_path / "run" / "calmvoice" / NAME).exists()


def test_a_pause_goes_before_the_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "run").mkdir(mode=0o700)
    (tmp_path / "run" / "calmvoice").write_text("")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "run"))
    journal = tmp_path / "file" / "journal.sqlite"
    with claim(journal):
        assert not is_claimed(journal)


def test_a_folder_that_was_taken_away_and_made_anew_is_claimed_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("calmvoice.single.claim.LOOK_SECONDS", 0.02)
    journal = tmp_path / "data" / "journal.sqlite"
    with claim(journal):
        shutil.rmtree(journal.parent)
        journal.parent.mkdir()
        until = time.monotonic() + 10
        while not is_claimed(journal):
            assert time.monotonic() < until, "two could run"
        with pytest.raises(RunningError) as refused, claim(journal):
            pass
        assert refused.value.holder == os.getpid()
    assert not is_claimed(journal)
