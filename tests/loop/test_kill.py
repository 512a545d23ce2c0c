"""Killed at any moment, the program comes back to the same return time."""

from __future__ import annotations

import random
import time

import pytest
from theatre import QUIET, Home, Program, run

SEED = 20_261_122


def kill_in_a_pause(home: Home) -> None:
    """Let a pause begin, and kill the program when its time is shown."""
    with Program(home, *QUIET) as program:
        program.wait_for("[Listening")
        program.type("yellow light")
        program.wait_for("[A pause. Back together at")


@pytest.mark.slow
def test_ten_kills_at_random_moments_and_one_promise(home: Home) -> None:
    moments = random.Random(SEED)
    with Program(home, *QUIET) as program:
        program.wait_for("[Listening")
        program.type("yellow light")
        program.wait_for("Nobody is leaving")
        headline = program.wait_for("[A pause. Back together at")
        assert headline
    promised = home.promise()
    assert promised is not None
    shown = time.strftime("%H:%M", time.localtime(promised.return_at))
    for _ in range(10):
        with Program(home, *QUIET) as program:
            program.wait_for(f"[A pause. Back together at {shown}")
            program.wait_for("I restarted. The pause still holds.")
            program.type(moments.choice(["stop", "how long", "we're back", "again", "x"]))
            with_limit = moments.uniform(0.0, 0.8)
            program.pass_time(with_limit)
        kept = home.promise()
        assert kept is not None
        assert kept.return_at == promised.return_at


@pytest.mark.slow
def test_killed_while_the_signal_is_being_answered(home: Home) -> None:
    """Before the bridge has ended the promise is on the disk: kill it in the first second."""
    with Program(home, *QUIET) as program:
        program.wait_for("[Listening")
        program.type("yellow light")
        program.wait_for("Nobody is leaving")
    with Program(home, *QUIET) as program:
        program.wait_for("I restarted. The pause still holds.")


@pytest.mark.slow
def test_ctrl_c_ends_within_a_second_and_keeps_the_promise(home: Home) -> None:
    with Program(home, *QUIET) as program:
        program.wait_for("[Listening")
        program.type("yellow light")
        program.wait_for("[A pause.")
        pressed = time.monotonic()
        program.interrupt()
        assert program.wait(5) == 0
        assert time.monotonic() - pressed < 2  # one second, and room for a loaded machine
    assert home.promise() is not None


@pytest.mark.slow
@pytest.mark.parametrize(
    ("settings", "wrong"),
    [
        ("[computer]\nmodel = '/nowhere'\n", "no speech model"),
        ("[computer]\nlanguage = 'xx'\n", "no language 'xx'"),
        ("[computer]\nvoice = 'piper'\n", "piper"),
        ("[guidance]\nroutine = '/nowhere/r.toml'\n", "cannot be read"),
        ("[agreement]\nsignal = 'qqq ###'\n", "is not among the words"),
    ],
)
def test_a_promise_outlives_whatever_cannot_be_loaded(
    home: Home, settings: str, wrong: str
) -> None:
    kill_in_a_pause(home)
    home.settings.write_text(settings, "utf-8")
    listening = [switch for switch in QUIET if switch != "--no-microphone"]
    with Program(home, *listening) as program:
        program.wait_for("I restarted. The pause still holds.")
        program.wait_for(wrong)
        program.wait_for("A pause is running: I keep it")
    assert home.promise() is not None


@pytest.mark.slow
def test_a_practice_does_not_stand_in_the_way_of_a_promise(home: Home) -> None:
    kill_in_a_pause(home)
    for command in ("rehearse", "prove"):
        done = run(home, command, "--no-microphone", "--no-speaker")
        assert done.returncode == 1
        assert "a pause is kept, and comes first" in done.stderr
