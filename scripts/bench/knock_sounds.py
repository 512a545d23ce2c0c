"""Knocks and claps that are computed: what two sharp sounds are like in a room.

A knock on wood is the sum of a plate's modes, each dying away in milliseconds, after the click of
the contact; a clap is a burst of noise around 1 to 3 kHz. Both are put into a simulated room.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from reverberation import Wave, impulse_response

from calmvoice.sound import MICROPHONE_RATE, PcmSamples

KINDS = ("door", "table", "clap")
MODES_HZ = {"door": (90, 900), "table": (180, 2600)}
MODES_SECONDS = (0.004, 0.025)
ROOM_RT60_SECONDS = (0.2, 0.6)  # small rooms, furnished or not
GAP_SECONDS = (0.17, 0.45)
ALIKE_DB = 4.0
LEVELS_DB = (-36.0, -6.0)  # peaks, below full scale: from the next room's table to nearby
ROOM_STEPS = 3.0  # the faint noise of a quiet room, in int16 steps
BEFORE_SECONDS, AFTER_SECONDS = 1.0, 1.5


@dataclass(frozen=True)
class DoubleKnock:
    """A scene with two knocks, and when they begin."""

    samples: PcmSamples
    first_seconds: float
    second_seconds: float


def one(kind: str, rng: np.random.Generator) -> Wave:
    """Return one knock or clap at 16 kHz with a peak of 1."""
    times = np.arange(round(0.15 * MICROPHONE_RATE)) / MICROPHONE_RATE
    noise = rng.normal(size=len(times))
    if kind == "clap":
        spectrum = np.fft.rfft(noise * np.exp(-times / rng.uniform(0.004, 0.010)))
        frequencies = np.fft.rfftfreq(len(times), 1 / MICROPHONE_RATE)
        centre = rng.uniform(1000, 2500)
        shape = np.exp(-(np.log2(np.maximum(frequencies, 1) / centre) ** 2) / 2)
        sound = np.fft.irfft(spectrum * shape, len(times))
    else:
        low, high = MODES_HZ[kind]
        sound = 0.5 * noise * np.exp(-times / 0.0008)  # the contact
        for hertz in np.exp(rng.uniform(np.log(low), np.log(high), size=7)):
            decay = rng.uniform(*MODES_SECONDS)
            sound += np.exp(-times / decay) * np.sin(2 * np.pi * hertz * times)
    return np.asarray(sound / np.abs(sound).max())


def double(kind: str, rng: np.random.Generator, noise: Wave | None = None) -> DoubleKnock:
    """Return two knocks in a small room, over the faint noise of a quiet one or over ``noise``."""
    gap = rng.uniform(*GAP_SECONDS)
    length = round((BEFORE_SECONDS + gap + AFTER_SECONDS) * MICROPHONE_RATE)
    dry = np.zeros(length)
    starts = (BEFORE_SECONDS, BEFORE_SECONDS + gap)
    for start in starts:
        knock = one(kind, rng) * 10 ** (rng.uniform(-ALIKE_DB, 0) / 20)
        at = round(start * MICROPHONE_RATE)
        dry[at : at + len(knock)] += knock
    response = impulse_response(rng.uniform(*ROOM_RT60_SECONDS), rng)
    size = length + len(response) - 1
    wet = np.fft.irfft(np.fft.rfft(dry, size) * np.fft.rfft(response, size), size)[:length]
    wet *= 32767 * 10 ** (rng.uniform(*LEVELS_DB) / 20) / np.abs(wet).max()
    wet += rng.normal(0, ROOM_STEPS, length) if noise is None else noise[:length]
    return DoubleKnock(np.clip(np.round(wet), -32768, 32767).astype(np.int16), *starts)
