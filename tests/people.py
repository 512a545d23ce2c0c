"""People for the tests: sentences spoken by a voice that CalmVoice itself does not use."""

from __future__ import annotations

from functools import cache

import numpy as np
from py_nanotts import NanoTTS

from calmvoice.sound import MICROPHONE_RATE, Sound, from_pcm, silence


@cache
def speech(text: str, voice: str = "en-GB", speed: float = 0.85) -> Sound:
    """Return a sentence at 16 kHz, as loud as a person near the microphone."""
    pcm = NanoTTS().speak(text, voice=voice, speed=speed, volume=0.7)
    return Sound(from_pcm(np.frombuffer(pcm, "<i2").astype(np.int16)), MICROPHONE_RATE)


def scene(*parts: tuple[float, str], seconds: float) -> Sound:
    """Return a recording in which each text begins at its second, in a room that hisses."""
    samples = silence(seconds, MICROPHONE_RATE).samples.copy()
    samples += np.random.default_rng(7).normal(0.0, 3e-4, len(samples)).astype(np.float32)
    for at, text in parts:
        said = speech(text).samples
        begin = round(at * MICROPHONE_RATE)
        samples[begin : begin + len(said)] += said[: len(samples) - begin]
    return Sound(samples, MICROPHONE_RATE)
