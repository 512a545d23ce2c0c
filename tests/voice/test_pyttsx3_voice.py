"""The pyttsx3 voice when its process, its file or its voice name is bad."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest
from engines import worker

from calmvoice.errors import VoiceError
from calmvoice.voice.pico_voice import PicoVoice
from calmvoice.voice.pyttsx3_voice import DEFAULT_VOICE, Pyttsx3Voice, variants, voices

FAULTS = {
    "killed": ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "status -9"),
    "reason": ("sys.exit('no memory')", "status 1: no memory"),
    "no file": ("pass", "no usable file"),
    "garbage": ("pathlib.Path(path).write_bytes(b'not sound' * 99)", "no usable file"),
    "empty": ("pathlib.Path(path).touch()", "no usable file"),
    "cut off": (
        "tone(1); b = pathlib.Path(path).read_bytes(); pathlib.Path(path).write_bytes(b[:9000])",
        "cut off",
    ),
    "silence": ("tone(2, peak=0)", "silence"),
    "too short": ("tone(0.2)", "plausible are"),
    "too long": ("tone(40)", "plausible are"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_bad_worker_is_tried_three_times_then_named(tmp_path: Path, fault: str) -> None:
    body, named = FAULTS[fault]
    count = f"pathlib.Path({str(tmp_path / 'tries')!r}).open('a').write('x')\n"
    voice = Pyttsx3Voice(worker=worker(tmp_path, count + body))
    with pytest.raises(VoiceError, match=named) as caught:
        voice.render("Nobody is leaving secretly.")
    assert (tmp_path / "tries").read_text() == "xxx"
    assert "secretly" not in str(caught.value)
    assert caught.value.hint


def test_one_bad_attempt_is_made_up_for(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    body = f"m = pathlib.Path({str(mark)!r}); s = m.exists(); m.touch(); tone(2) if s else None"
    assert Pyttsx3Voice(worker=worker(tmp_path, body)).render("Nobody is leaving.").seconds == 2


def test_a_hanging_worker_is_killed_at_the_limit(tmp_path: Path) -> None:
    voice = Pyttsx3Voice(
        time_limit_seconds=0.2, worker=worker(tmp_path, "import signal; signal.pause()")
    )
    began = time.monotonic()
    with pytest.raises(VoiceError, match=r"limit of 0\.2 s"):
        voice.render("Nobody is leaving.")
    assert time.monotonic() - began < 3


def test_a_worker_that_cannot_be_started_is_a_voice_error(tmp_path: Path) -> None:
    voice = Pyttsx3Voice(worker=(str(tmp_path / "missing"),))
    with pytest.raises(VoiceError, match="FileNotFoundError"):
        voice.render("Nobody is leaving.")


def test_the_real_worker_ends_at_once_when_it_cannot_write(tmp_path: Path) -> None:
    path = str(tmp_path / "missing" / "a.wav")
    command = [sys.executable, "-m", "calmvoice.voice.pyttsx3_worker", path, "94", DEFAULT_VOICE]
    done = subprocess.run(command, input=b"Hello.", capture_output=True, timeout=5, check=False)
    assert done.returncode == 1
    assert b"Error saving" in done.stderr


@pytest.mark.parametrize(
    ("name", "candidate"),
    [("en-gb", "en-gb-scotland"), ("en-su", "en-us"), ("en-us+annie", "Annie"), ("en-us+", "f2")],
)
def test_an_unknown_name_lists_what_is_near(name: str, candidate: str) -> None:
    with pytest.raises(VoiceError, match=candidate) as caught:
        Pyttsx3Voice(name)
    assert DEFAULT_VOICE in caught.value.hint


def test_the_voices_present_are_listed() -> None:
    assert {"en", "en-us", "de", "fr"} <= set(voices())
    assert {"f2", "m3", "Annie"} <= set(variants())


def test_a_missing_pico_package_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "py_nanotts", None)
    with pytest.raises(VoiceError, match="not installed") as caught:
        PicoVoice()
    assert 'pip install "calmvoice[pico]"' in caught.value.hint


def test_the_voices_load_no_heavy_library() -> None:
    code = (
        "import sys, calmvoice.voice.studio, calmvoice.voice.pyttsx3_voice, "
        "calmvoice.voice.pico_voice, calmvoice.voice.piper_voice; "
        "assert not {'scipy', 'pyttsx3', 'py_nanotts', 'piper', 'onnxruntime'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=10)
