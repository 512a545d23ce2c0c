"""A sound file through the ears, as fast as it can be worked on: ``calmvoice hear``."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import soxr

from calmvoice.ports import Ears, Heard
from calmvoice.sound import MICROPHONE_RATE, PcmSamples, Sound, read_wav, to_pcm

CHUNK = 1600  # samples: what the microphone delivers
TAIL_SECONDS = 1.5  # silence after the end: final results come 0.9 to 1.0 s after a phrase


def hear(ears: Ears, sound: Sound | Path) -> list[Heard]:
    """Return what the ears hear in a sound or a WAV file; raises ``SoundError`` if unreadable."""
    if isinstance(sound, Path):
        sound = read_wav(sound)
    heard: list[Heard] = []
    samples = microphone_samples(sound)
    for start in range(0, len(samples), CHUNK):
        heard += ears.feed(samples[start : start + CHUNK])
    return heard


def microphone_samples(sound: Sound) -> PcmSamples:
    """Return a sound as the microphone would deliver it, and silence after it."""
    samples = sound.samples
    if sound.rate != MICROPHONE_RATE:
        samples = soxr.resample(samples, sound.rate, MICROPHONE_RATE)
    tail = np.zeros(round(TAIL_SECONDS * MICROPHONE_RATE), np.int16)
    return np.concatenate([to_pcm(samples), tail])
