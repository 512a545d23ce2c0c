"""A second start talks to the first, through the real program."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from theatre import NO_NETWORK, QUIET, Home, Program

from calmvoice.single.claim import NAME

pytestmark = pytest.mark.slow


def second(home: Home, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Start the program once more, with the network refused, until it ends."""
    written = home.folder / "written-second.txt"
    return subprocess.run(
        [sys.executable, str(NO_NETWORK), str(written), *arguments],
        env={**os.environ, **home.variables},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        stdin=subprocess.DEVNULL,
    )


def test_a_second_start_explains_and_talks_to_the_first(home: Home) -> None:
    with Program(home, *QUIET) as first:
        first.wait_for("[Listening")
        again = second(home, *QUIET)
        assert again.returncode == 1
        assert "already running. Listening for a key. The microphone is off." in again.stderr
        assert "calmvoice status, pause, here and stop" in again.stderr
        assert second(home, "rehearse", *QUIET).returncode == 1

        nothing = second(home, "here")
        assert nothing.returncode == 1
        assert "means nothing now" in nothing.stderr
        asked = second(home, "pause")
        assert asked.returncode == 0
        assert "A pause. Back together at" in asked.stdout
        first.wait_for("Someone here can't talk just now", limit=10)
        status = json.loads(second(home, "status", "--json").stdout)
        assert status["running"]
        assert status["stage"] in ("bridge", "breathing")
        assert second(home, "stop").returncode == 0
        assert json.loads(second(home, "status", "--json").stdout)["stage"] == "settling"
        ended = second(home, "quit")
        assert "The pause still holds" in ended.stdout
        assert first.wait() == 0
        assert "NETWORK" not in first.written.read_text("utf-8")
        assert "NETWORK" not in (home.folder / "written-second.txt").read_text("utf-8")
    gone = second(home, "status")
    assert gone.returncode == 1
    assert "not running" in gone.stdout
    assert "The pause still holds: back together at" in gone.stdout
    assert "not running" in second(home, "pause").stderr


def test_after_a_kill_the_next_one_takes_over(home: Home) -> None:
    with Program(home, *QUIET) as first:
        first.wait_for("[Listening")
    assert (home.journal.with_name(NAME)).exists()
    assert "not running" in second(home, "status").stdout
    with Program(home, *QUIET) as next_one:
        next_one.wait_for("[Listening")
        assert second(home, "status").stdout == ("Listening for a key. The microphone is off.\n")


def test_of_two_starts_at_one_instant_one_listens(home: Home) -> None:
    with Program(home, *QUIET) as one, Program(home, *QUIET) as other:
        both = (one, other)
        for program in both:
            program.wait_for("")  # whatever it prints first
        assert sorted("[Listening" in program.text for program in both) == [False, True]
        assert sorted("calmvoice: CalmVoice" in program.text for program in both) == [False, True]
