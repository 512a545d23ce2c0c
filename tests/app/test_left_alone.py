"""What a program on a shelf meets: no terminal, nobody who reads, a slip in the settings."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from theatre import QUIET, Home, Program

from calmvoice.session.promise import Ending, PauseRecord, Promise
from calmvoice.twin_journal import TwinJournal

WITHOUT_STREAMS = """
import os, sys
from pathlib import Path
from calmvoice.cli.streams import open_missing_streams, write_line
open_missing_streams()
first = os.open(sys.argv[1], os.O_CREAT | os.O_WRONLY)
write_line("nobody reads this")
assert first > 2 and sys.stdin.readline() == "" and not sys.stdout.isatty()
"""
WITHOUT_READER = """
import sys
from calmvoice.cli.streams import write_line
for number in range(20_000):
    write_line(f"line {number}")
print("lived on", file=sys.stderr)
"""


def python(code: str, *arguments: str, shell: str) -> subprocess.CompletedProcess[str]:
    """Run this code by a shell command, in which it is ``"$@"``."""
    command = ["sh", "-c", shell, "sh", sys.executable, "-c", code, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def test_without_streams_no_file_takes_their_place(tmp_path: Path) -> None:
    journal = tmp_path / "journal"
    done = python(WITHOUT_STREAMS, str(journal), shell='"$@" <&- >&-')
    assert (done.returncode, done.stderr) == (0, "")
    assert journal.read_bytes() == b""


@pytest.mark.parametrize("reader", ["| head -n 1", "> /dev/full"])
def test_a_reader_who_leaves_and_a_full_disk_cost_lines_and_no_more(reader: str) -> None:
    done = python(WITHOUT_READER, shell=f'"$@" {reader}')
    assert "lived on" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.fixture
def promise(home: Home) -> Promise:
    """A promise on disk that is long due: it is called at the next start."""
    made = Promise(1_700_000_000.0, 1_700_000_000.0, 1_700_001_200.0, 1_700_000_060.0)
    journal = TwinJournal(home.journal)
    journal.note_promise(made)
    journal.close()
    return made


@pytest.mark.slow
def test_a_slip_in_the_settings_does_not_cost_the_promise(home: Home, promise: Promise) -> None:
    home.settings.write_text("[agreement]\npause_minuts = 10\n", "utf-8")
    with Program(home, *QUIET) as program:
        program.wait_for("pause_minuts")
        program.wait_for("A pause is running: I keep it")
        program.wait_for("[")
        program.interrupt()
        assert program.wait() == 0
    journal = TwinJournal(home.journal)
    journal.note_end(PauseRecord(promise.started_at, 20, Ending.KEPT))
    journal.close()
    with Program(home, *QUIET) as program:
        assert program.wait() == 1
        assert "pause_minuts" in program.text


@pytest.mark.slow
def test_q_and_the_key_of_guests_begin_no_pause(home: Home) -> None:
    with Program(home, *QUIET) as program:
        program.wait_for("[Listening")
        program.type("o")
        program.type("q")
        assert program.wait() == 0
        assert "can't talk" not in program.text
    assert home.promise() is None


@pytest.mark.slow
def test_what_could_not_be_written_is_not_promised_at_the_end(home: Home) -> None:
    home.journal.parent.parent.mkdir(parents=True, exist_ok=True)
    home.journal.parent.write_text("a file where the folder should be", "utf-8")
    home.runtime = home.journal.parent / "run"  # nor can it be kept until the computer is off
    with Program(home, *QUIET) as program:
        program.wait_for("[Listening")
        program.type("yellow light")
        program.wait_for("[A pause. Back together at")
        program.send(signal.SIGINT)
        assert program.wait() == 0
        assert "I could not write the pause down" in program.text
        assert "still holds" not in program.text


@pytest.mark.slow
def test_a_damaged_journal_is_put_aside_and_can_be_wiped(home: Home, promise: Promise) -> None:
    home.journal.write_bytes(os.urandom(5000))
    with Program(home, "history") as program:
        assert program.wait(30) == 0
    assert "The journal was damaged" in program.text
    with Program(home, "wipe", "--yes") as program:
        assert program.wait(30) == 0
    assert "Forgotten" in program.text
    kept = TwinJournal(home.journal)
    assert kept.promise() == promise
    kept.close()
    assert not list(home.journal.parent.glob("*damaged*"))
