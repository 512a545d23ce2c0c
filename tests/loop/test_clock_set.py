"""The whole program while its clock is set: a computer that woke in 1970, with the real clock read.

A library that is loaded before the others shifts the wall clock (scripts/bench/faults.c).
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path

import pytest
from crash import build_shim
from theatre import QUIET, Home, Program

pytestmark = pytest.mark.slow

WOKE = 3000.0  # seconds after 1970 began
LONGEST = 5 + 1 + 1
"""Minutes from the signal to the return: rounded up once by each of the two clocks."""


@pytest.fixture(scope="module")
def shim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    library = build_shim(tmp_path_factory.mktemp("shim"))
    if library is None and os.environ.get("CI") == "true":
        pytest.fail("no C compiler")
    if library is None:
        pytest.skip("no C compiler: sudo apt install gcc")
    return library


class Wall:
    """The wall clock of one program."""

    def __init__(self, folder: Path, shim: Path) -> None:
        self._file = folder / "off"
        self.environment = {
            **os.environ,
            "LD_PRELOAD": str(shim),
            "CALMVOICE_CLOCK": str(self._file),
            "PYTHONHASHSEED": "0",
        }
        self.set(WOKE)

    def set(self, wall: float) -> None:
        aside = self._file.with_suffix(".new")
        aside.write_text(f"{round(wall - time.time())}")
        aside.rename(self._file)


def minutes_until(shown: str) -> float:
    """Return how far a shown time of the day is away from the real now."""
    now = datetime.now()
    hour, minute = map(int, shown.split(":"))
    return (hour * 60 + minute - now.hour * 60 - now.minute) % (24 * 60) - now.second / 60


def meeting(program: Program, other_than: str = "") -> str:
    """Return the time that stands on the screen, the first that is another than this."""
    return program.read(r"\[A pause\. Back together at (\d\d:\d\d)", other_than=other_than)


def test_a_clock_of_1970_is_doubted_and_set_while_both_are_apart(
    tmp_path: Path, home: Home, shim: Path
) -> None:
    wall = Wall(tmp_path, shim)
    with Program(home, *QUIET, environment=wall.environment) as program:
        program.wait_for("[Listening")
        program.type("yellow light")
        program.wait_for("My clock may be wrong. It is five minutes from now", limit=60)
        program.wait_for("(Type the time")
        wrong = meeting(program)
        wall.set(time.time())
        program.wait_for("My clock was changed.", limit=60)
        program.wait_for("Please check a watch.")
        right = meeting(program, other_than=wrong)
        assert 3 < minutes_until(right) <= LONGEST
        program.interrupt()
        assert program.wait() == 0
        assert f"back together at {right}" in program.text


def test_the_time_is_told_by_typing_it(tmp_path: Path, home: Home, shim: Path) -> None:
    wall = Wall(tmp_path, shim)
    with Program(home, *QUIET, environment=wall.environment) as program:
        program.wait_for("[Listening")
        program.type("yellow light")
        program.wait_for("(Type the time")
        program.wait_for("Sit down if you can", limit=60)
        wrong = meeting(program)
        program.type(datetime.now().strftime("%I:%M %p"))  # "10:46" may be in the evening, too
        program.wait_for("Thank you. We meet at", limit=60)
        assert 3 < minutes_until(meeting(program, other_than=wrong)) <= LONGEST
    with Program(home, *QUIET, environment=wall.environment) as program:
        again = meeting_after_restart(program)
        assert again == re.findall(r"Back together at (\d\d:\d\d)", program.text)[-1]


def test_status_knows_that_the_clock_was_set_while_nothing_ran(
    tmp_path: Path, home: Home, shim: Path
) -> None:
    wall = Wall(tmp_path, shim)
    wall.set(time.time())
    with Program(home, *QUIET, environment=wall.environment) as program:
        program.wait_for("[Listening")
        program.type("yellow light")
        program.wait_for("[A pause. Back together at")
        program.interrupt()
        assert program.wait() == 0
    wall.set(time.time() + 20 * 60)
    done = subprocess.run(
        [sys.executable, "-m", "calmvoice", "status", "--json"],
        env={**wall.environment, **home.variables}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    found = json.loads(done.stdout)
    assert found["stage"] == "settling", "five minutes are not over, whatever the clock says"


def meeting_after_restart(program: Program) -> str:
    """The same boot: how long it was off is known, whatever the clock says."""
    program.wait_for("I restarted. The pause still holds.")
    return meeting(program)
