"""People for the ears' tests: spoken by Pico, or recorded ones from the shared folder."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
import py_nanotts
import pytest
import soundfile

from calmvoice.ears.model import SpeechModel
from calmvoice.ears.vosk_ears import VoskEars
from calmvoice.meanings import Meaning
from calmvoice.ports import Heard
from calmvoice.sound import MICROPHONE_RATE, PcmSamples

SIGNAL = {Meaning.SIGNAL: ["yellow light"]}


@lru_cache
def model() -> SpeechModel:
    return SpeechModel()


@lru_cache
def say(text: str, voice: str = "en-GB") -> PcmSamples:
    """Pico's sentence at a peak of −8 dBFS, without the silence around it."""
    raw = np.frombuffer(py_nanotts.NanoTTS().speak(text, voice=voice, speed=0.8), np.int16)
    loud = np.flatnonzero(np.abs(raw.astype(np.int32)) > 300)
    part = raw[loud[0] : loud[-1] + 800].astype(np.float64)
    spoken: PcmSamples = (part / np.abs(part).max() * 13_000).astype(np.int16)
    return spoken


def room(seconds: float) -> PcmSamples:
    """The faint noise of a quiet room, always the same."""
    rng = np.random.default_rng(round(seconds * 1000))
    return rng.normal(0, 3, round(seconds * MICROPHONE_RATE)).astype(np.int16)


def scene(*parts: str | float) -> PcmSamples:
    """Sentences and pauses (seconds) one after the other, and 2 s of room at the end."""
    sounds = [say(p) if isinstance(p, str) else room(p) for p in parts]
    return np.concatenate([*sounds, room(2.0)])


def feed(ears: VoskEars, audio: PcmSamples, chunk: int = 1600) -> list[Heard]:
    heard: list[Heard] = []
    for start in range(0, len(audio), chunk):
        heard += ears.feed(audio[start : start + chunk])
    return heard


def listen(
    audio: PcmSamples, phrases: Mapping[Meaning, Sequence[str]] | None = None, chunk: int = 1600
) -> list[Heard]:
    ears = VoskEars(model())
    ears.expect(SIGNAL if phrases is None else phrases)
    return feed(ears, audio, chunk)


def recordings(pattern: str) -> list[Path]:
    """Files below the shared speech folder; skips the test where there are none."""
    beside = Path(__file__).resolve().parents[3] / "shared"
    folder = Path(os.environ.get("CALMVOICE_SHARED", beside)) / "data" / "speech"
    files = sorted(folder.glob(pattern))
    if not files:
        pytest.skip(f"no recordings {pattern} in {folder} (set CALMVOICE_SHARED)")
    return files


def recorded(path: Path) -> PcmSamples:
    samples, rate = soundfile.read(path, dtype="int16")
    assert rate == MICROPHONE_RATE
    whole: PcmSamples = np.concatenate([room(0.5), samples, room(1.5)])
    return whole
