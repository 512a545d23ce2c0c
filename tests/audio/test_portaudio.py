"""What PortAudio only looked at, to list the devices, is not kept in memory."""

from __future__ import annotations

import subprocess
import sys

import pytest
from soundcard import SoundCard

pytestmark = pytest.mark.sound_card

PLUGINS = """
from pathlib import Path


def plugins():
    lines = Path("/proc/self/maps").read_text().splitlines()
    return len({line.split()[-1] for line in lines if "libasound_module_pcm_" in line})


"""
KEPT = """
import sounddevice

print(plugins())
"""
LET_GO = """
from calmvoice.audio import portaudio

names = [device["name"] for device in portaudio.library().query_devices()]
print(plugins())
assert portaudio.look_again()
print(plugins())
assert names == [device["name"] for device in portaudio.library().query_devices()] != []
"""


def printed(script: str, sound_card: SoundCard) -> list[int]:
    """The numbers that a script prints, which may ask for ``plugins()``."""
    command = [sys.executable, "-c", PLUGINS + script]
    done = subprocess.run(command, env=sound_card.variables, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return [int(number) for number in done.stdout.split()]


def test_plugins_of_devices_that_nobody_uses_are_unloaded(sound_card: SoundCard) -> None:
    (kept,) = printed(KEPT, sound_card)
    assert kept > 0
    assert printed(LET_GO, sound_card) == [0, 0]
