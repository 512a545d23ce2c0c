"""Real engines and small test voices, and what the tests of the voice share."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

import numpy as np

from calmvoice.errors import VoiceError
from calmvoice.sound import Sound

SCRIPT = """
import sys, wave, array, math, pathlib
path, rate, voice = sys.argv[-3:]
sys.stdin.buffer.read()
def tone(seconds, peak=9000):
    with wave.open(path, "wb") as file:
        file.setnchannels(1); file.setsampwidth(2); file.setframerate(22050)
        file.writeframes(array.array("h", [
            round(peak * math.sin(n / 20)) for n in range(round(seconds * 22050))]).tobytes())
"""


class ToneVoice:
    """A voice that "speaks" a tone of 0.05 s a letter, counts its work and can refuse a text."""

    identity = "tone 1"

    def __init__(self, refuses: str = "") -> None:
        self._refuses = refuses
        self._lock = threading.Lock()
        self.rendered: list[str] = []

    def render(self, text: str) -> Sound:
        with self._lock:
            self.rendered.append(text)
        if text == self._refuses:
            raise VoiceError("refused", "Choose another text.")
        time = np.arange(round(0.05 * len(text) * 16_000)) / 16_000
        return Sound((0.3 * np.sin(2 * np.pi * 440 * time)).astype(np.float32), 16_000)


def worker(tmp_path: Path, body: str) -> tuple[str, ...]:
    """Write a stand-in for the worker that does ``body``; return its command."""
    path = tmp_path / "worker.py"
    path.write_text(SCRIPT + body)
    return (sys.executable, "-S", str(path))
