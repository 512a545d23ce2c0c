"""As a service: ready, alive, asked for a pause through the door, ended; a log without words."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from theatre import QUIET, Home, Program

from calmvoice import language

pytestmark = pytest.mark.slow

LIMIT = 60.0


def ask(home: Home, *arguments: str) -> str:
    return subprocess.run(
        [sys.executable, "-m", "calmvoice", *arguments],
        env={**os.environ, **home.variables},
        capture_output=True,
        text=True,
        check=True,
        timeout=LIMIT,
    ).stdout


def test_a_service_is_ready_beats_and_keeps_no_words(home: Home, tmp_path: Path) -> None:
    address = str(tmp_path / "notify")
    environment = {**os.environ, "NOTIFY_SOCKET": address, "WATCHDOG_USEC": "3000000"}
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(address)
        systemd.settimeout(LIMIT)
        arguments = ("--background", "--no-microphone", "--no-speaker")
        with Program(home, *arguments, environment=environment) as program:
            assert systemd.recv(64) == b"READY=1"
            assert systemd.recv(64) == b"WATCHDOG=1"
            assert "A pause. Back together at" in ask(home, "pause")
            assert [systemd.recv(64) for _ in range(3)] == 3 * [b"WATCHDOG=1"]
            program.send(signal.SIGTERM)
            assert program.wait() == 0
        states: list[bytes] = []
        while states[-1:] != [b"STOPPING=1"]:
            states.append(systemd.recv(64))
        assert set(states) <= {b"WATCHDOG=1", b"STOPPING=1"}
        assert program.text == ""
    assert home.promise() is not None


def test_it_waits_for_the_one_before_and_says_troubles_only(home: Home) -> None:
    with Program(home, *QUIET) as first:
        first.wait_for("[Listening")
        with Program(home, "--background", "--no-speaker") as second:
            second.wait_for("waits until that has ended")
            first.type("q")
            assert first.wait() == 0
            second.wait_for("microphone does not work")
            spoken = language.load("en").lines["state.microphone_lost"]
            assert not any(line in second.text for line in spoken)


ELSEWHERE = """
import os, signal, threading
from calmvoice.until_ended import UntilEnded
elsewhere = threading.Thread(target=threading.Event().wait, daemon=True)
elsewhere.start()
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])  # only the other thread can take it
threading.Timer(0.3, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
UntilEnded().wait()
print("ended")
"""


def test_ctrl_c_that_another_thread_takes_ends_it_too() -> None:
    done = subprocess.run(
        [sys.executable, "-c", ELSEWHERE], capture_output=True, text=True, timeout=30, check=False
    )
    assert done.stdout == "ended\n", done.stderr
