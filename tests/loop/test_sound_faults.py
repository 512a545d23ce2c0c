"""The whole program while a sound device fails: it says so once, the key works, Ctrl-C ends it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from soundcard import SoundCard, find
from theatre import Home, Program

from calmvoice import settings_file, wiring
from calmvoice.sound import SPEAKER_RATE
from calmvoice.voice.studio import Studio

pytestmark = [pytest.mark.sound_card, pytest.mark.slow]

LOST = "I can't hear you. Press the key to pause."
END_SECONDS = 2.0


def ends(program: Program) -> float:
    """Press Ctrl-C; return how long it took to end."""
    pressed = time.monotonic()
    program.interrupt()
    assert program.wait(10) == 0, program.text
    return time.monotonic() - pressed


def test_a_muted_microphone_is_said_aloud_once_and_the_key_works_meanwhile(
    sound_card: SoundCard, home: Home
) -> None:
    studio = Studio(
        wiring.voice(settings_file.load(home.settings)), home.cache / "calmvoice" / "voice"
    )
    with (
        sound_card.record() as recording,
        Program(home, "--plain", environment=sound_card.variables) as program,
    ):
        lost = program.wait_for(f"! {LOST}", limit=90)  # a room without a sound: exact zeros
        recording.wait_until(lost + 8, limit=30)
        said = studio.clip("Press the key to pause.").sound.samples
        at = find(said, recording.samples)
        part = recording.samples[at : at + len(said)]
        assert abs(part - said).max() < 0.01, "it was not said aloud"
        assert recording.start + at / SPEAKER_RATE - lost < 8
        program.type("x")
        program.wait_for("Back at", limit=10)
        program.wait_for("[A pause. Back together at")
        assert sum(LOST in line for _, line in program.lines if line.startswith("!")) == 1
        assert ends(program) < END_SECONDS


def test_a_frozen_server_stops_neither_the_start_nor_the_promise_nor_the_end(
    sound_card: SoundCard, home: Home
) -> None:
    sound_card.freeze()
    with Program(home, "--plain", environment=sound_card.variables) as program:
        program.wait_for("[Listening", limit=90)
        program.type("yellow light")
        program.wait_for("[A pause. Back together at", limit=10)
        program.wait_for(f"! {LOST}", limit=15)
        program.type("how long")
        program.wait_for("minutes left. We meet at", limit=30)
        assert ends(program) < END_SECONDS
    assert sum(line.startswith("! I can't hear") for _, line in program.lines) == 1


def test_ctrl_c_while_the_voice_is_prepared(tmp_path: Path, sound_card: SoundCard) -> None:
    """In a new home every sentence is rendered first, which takes a minute."""
    home = Home(tmp_path)
    with Program(home, "--plain", environment=sound_card.variables) as program:
        rendered = home.cache / "calmvoice" / "voice"
        for _ in range(120):
            program.pass_time(0.5)
            if rendered.exists() and any(rendered.iterdir()):
                break
        pressed = time.monotonic()
        program.interrupt()
        assert program.wait(10) != 0
        assert time.monotonic() - pressed < END_SECONDS
    assert "Traceback" not in program.text
    assert "Listening" not in program.text


def test_ctrl_c_while_it_is_being_loaded_just_ends_it(tmp_path: Path) -> None:
    """The first module that the command line loads takes for ever here."""
    slow = "import sys\nprint('loading', flush=True)\nsys.stdin.read()\n"
    (tmp_path / "click.py").write_text(slow)
    path = f"{tmp_path}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"
    program = subprocess.Popen(
        [sys.executable, "-m", "calmvoice"],
        env={**os.environ, "PYTHONPATH": path},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert program.stdout is not None
    assert program.stdout.readline() == "loading\n"
    program.send_signal(signal.SIGINT)
    _, errors = program.communicate(timeout=10)
    assert program.returncode == -signal.SIGINT
    assert errors == ""
