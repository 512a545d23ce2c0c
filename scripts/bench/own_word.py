#!/usr/bin/env python
"""Speak one word in many synthetic voices, for the spotters that know no other.

    scripts/bench/own_word.py DIR

Writes ``voice__alexa-N.flac`` by espeak-ng and Pico, which the tests bring along, and by flite and
festival where they are installed. Recordings of people are better, if there are any.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import soundfile

sys.path.insert(0, str(Path(__file__).parents[2] / "tests"))

from peers import OWN_WORD
from people import speech

from calmvoice.sound import Samples
from calmvoice.voice.pyttsx3_voice import Pyttsx3Voice

ESPEAK = (
    "en-us", "en-gb-x-rp", "en-gb-scotland", "en-029", "en-us+m1", "en-us+m3", "en-us+m7",
    "en-us+f1", "en-us+f3", "en-us+f5", "en-gb-x-rp+f2", "en-gb-scotland+f4",
)  # fmt: skip
FLITE = ("awb", "kal", "kal16", "rms", "slt")
FESTIVAL = ("cmu_us_slt_arctic_hts", "kal_diphone")
STRETCHES = (0.9, 1.15)  # flite's and festival's two paces


def spoken(word: str) -> Iterator[tuple[str, Samples, int]]:
    """Yield the name of each voice, what it says and the rate."""
    text = word.capitalize() + "."
    for voice in ESPEAK:
        for pace in (110, 150):
            sound = Pyttsx3Voice(voice, pace).render(text)
            yield f"espeak_{voice}", sound.samples, sound.rate
    for voice in ("en-GB", "en-US"):
        for speed in (0.75, 1.0):
            sound = speech(text, voice, speed)
            yield f"pico_{voice}", sound.samples, sound.rate
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "word.wav"
        for voice in FLITE if shutil.which("flite") else ():
            for stretch in STRETCHES:
                setting = f"duration_stretch={stretch}"
                run(["flite", "-voice", voice, "--setf", setting, "-t", text, "-o", str(out)])
                yield f"flite_{voice}", *soundfile.read(out, dtype="float32")
        for voice in FESTIVAL if shutil.which("text2wave") else ():
            for stretch in STRETCHES:
                settings = f"(voice_{voice})(Parameter.set 'Duration_Stretch {stretch})"
                run(["text2wave", "-eval", f"(begin {settings})", "-o", str(out)], text)
                yield f"festival_{voice}", *soundfile.read(out, dtype="float32")


def run(command: list[str], said: str = "") -> None:
    """Let another program speak."""
    subprocess.run(command, input=said, text=True, check=True, capture_output=True)


def main() -> None:
    """Write the folder."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    number = 0
    for number, (voice, samples, rate) in enumerate(spoken(OWN_WORD), 1):
        soundfile.write(folder / f"{voice}__{OWN_WORD}-{number}.flac", samples, rate)
    print(f"{folder}: {number} clips")


if __name__ == "__main__":
    main()
