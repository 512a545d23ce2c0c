"""Devices are found by a part of their name, and their absence is said, not crashed on."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from soundcard import SoundCard

from calmvoice.audio.devices import find_device, list_devices
from calmvoice.errors import SoundError


def python(code: str, path: Path | None = None) -> str:
    environment = {**os.environ, "PYTHONPATH": str(path)} if path else dict(os.environ)
    return subprocess.run(
        [sys.executable, "-c", code], env=environment, check=True, text=True, timeout=20,
        stdout=subprocess.PIPE,
    ).stdout  # fmt: skip


@pytest.mark.sound_card
def test_the_default_device_is_found_by_no_name_and_others_by_a_part_of_it(
    sound_card: SoundCard,
) -> None:
    assert sound_card.running
    assert find_device("", "output").is_default_output
    assert find_device("", "input").is_default_input
    assert find_device("PUL", "output").name == "pulse"
    assert {device.name for device in list_devices()} >= {"pulse", "default"}


@pytest.mark.sound_card
def test_a_failed_look_up_lists_the_candidates(sound_card: SoundCard) -> None:
    assert sound_card.running
    with pytest.raises(SoundError, match=r"“Bose”.*there is “pulse”, “default”"):
        find_device("Bose", "output")


def test_without_portaudio_the_error_says_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "sounddevice.py").write_text('raise OSError("PortAudio library not found")\n')
    code = (
        "from calmvoice.audio.devices import find_device\n"
        "from calmvoice.errors import SoundError\n"
        "try: find_device('', 'output')\n"
        "except SoundError as error: print(error, error.hint)\n"
    )
    said = python(code, tmp_path)
    assert "PortAudio library not found" in said
    assert "sudo apt install libportaudio2" in said


def test_no_module_loads_portaudio_when_it_is_imported() -> None:
    code = (
        "import sys\n"
        "import calmvoice.audio.devices, calmvoice.audio.silent_speaker\n"
        "import calmvoice.audio.sounddevice_speaker, calmvoice.audio.sounddevice_microphone\n"
        "print('sounddevice' in sys.modules)\n"
    )
    assert python(code).strip() == "False"


@pytest.mark.sound_card
def test_a_frozen_server_is_said_and_not_waited_for(sound_card: SoundCard) -> None:
    sound_card.freeze()
    done = subprocess.run(
        [sys.executable, "-m", "calmvoice", "devices"],
        env=sound_card.variables,
        capture_output=True,
        text=True,
        check=False,
        timeout=20,
    )
    assert done.returncode == 1
    assert "the sound server did not answer for 5 s" in done.stderr
