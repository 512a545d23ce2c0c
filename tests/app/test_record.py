"""``calmvoice record`` as people use it: said, heard again, kept, and in the next pause."""

from __future__ import annotations

import stat
from pathlib import Path

import numpy as np
import pytest
from people import speech
from soundcard import SoundCard, find
from theatre import Home, Program, run

from calmvoice.own_voice.recordings import Recordings
from calmvoice.sound import SPEAKER_RATE, Samples, read_wav

pytestmark = [pytest.mark.slow, pytest.mark.sound_card]

WORDS = "Yellow light. We are both tired. Nobody is leaving."


def folder(home: Home) -> Path:
    return home.folder / "data" / "calmvoice" / "recordings"


def say_a_take(card: SoundCard, program: Program, text: str, seconds: float = 0.5) -> None:
    """Press Enter, say it, press Enter."""
    before = len(program.lines)
    program.type("")
    program.wait_for("Now.", limit=20, after=before)
    program.pass_time(0.3)
    card.say(speech(text)).wait()
    program.pass_time(seconds)
    program.type("")


def written_sound(program: Program, home: Home) -> list[str]:
    """Return what was written outside the recordings and the cache; nothing went to the network."""
    lines = program.written.read_text("utf-8").splitlines()
    assert not [line for line in lines if line.startswith("NETWORK")]
    own = (str(folder(home)), str(home.cache), str(home.folder / "tmp"), "/dev/", "/proc/")
    return [line for line in lines if not line.startswith(own) and not line.isdigit()]


def likeness(pattern: Samples, played: Samples) -> float:
    """Return how like the recording is what was played where it fits best."""
    at = find(pattern, played)
    part = played[at : at + len(pattern)]
    scale = float(np.linalg.norm(pattern[: len(part)]) * np.linalg.norm(part))
    return float(np.dot(pattern[: len(part)], part)) / scale


def test_a_line_in_ones_own_voice(sound_card: SoundCard, home: Home, tmp_path: Path) -> None:
    with (
        sound_card.hiss(seconds=120),
        sound_card.record() as recording,
        Program(home, "record", "bridge.default", environment=sound_card.variables) as program,
    ):
        program.wait_for("What you record now is kept, because you ask for it")
        say_a_take(sound_card, program, "Yellow.")
        program.wait_for("Not good enough: too short", limit=30)
        assert not folder(home).exists()
        program.type("y")
        say_a_take(sound_card, program, WORDS)
        program.wait_for("Keep it?", limit=60)
        assert not folder(home).exists()
        played = recording.samples
        program.type("y")
        assert program.wait() == 0
    (file,) = folder(home).iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert written_sound(program, home) == []
    ours = read_wav(file)
    assert ours.rate == SPEAKER_RATE
    assert likeness(ours.samples, played) > 0.9

    pause = tmp_path / "pause.wav"
    done = run(home, "render", str(pause))
    assert "Twenty" not in done.stderr
    assert likeness(ours.samples, read_wav(pause).samples[: 30 * SPEAKER_RATE]) > 0.9

    listed = run(home, "record", "list").stdout
    assert listed.startswith("* bridge.default: Yellow light.")
    home.settings.write_text(home.settings.read_text() + "\n", "utf-8")
    other = home.settings.read_text().replace("[agreement]", '[agreement]\nsignal = "red kite"')
    home.settings.write_text(other, "utf-8")
    assert run(home, "record", "list").stdout.startswith("! bridge.default: not used")
    assert "Kept: 1 line in your own voice" in run(home, "wipe", "--yes").stdout
    assert "Removed: 1 line" in run(home, "wipe", "--yes", "--recordings").stdout
    assert Recordings(folder(home)).kept() == ()


def test_ctrl_c_while_recording_keeps_nothing(sound_card: SoundCard, home: Home) -> None:
    with (
        sound_card.hiss(),
        Program(home, "record", "breathing.in", environment=sound_card.variables) as program,
    ):
        program.type("")
        program.wait_for("Now.", limit=20)
        program.interrupt()
        program.wait_for("Nothing was kept.")
        assert program.wait() == 0
    assert not folder(home).exists()
    assert written_sound(program, home) == []


def test_without_a_microphone_it_says_so(home: Home) -> None:
    home.settings.write_text('[computer]\nmicrophone = "unplugged"\n', "utf-8")
    with Program(home, "record", "bridge.default") as program:
        program.type("")
        program.wait_for("Not good enough: there is no input device", limit=20)
        program.type("n")
        program.wait_for("Nothing was kept.")
    gone = run(home, "record", "remove", "bridge.default")
    assert gone.returncode == 1
    assert "'bridge.default' is not recorded" in gone.stderr
