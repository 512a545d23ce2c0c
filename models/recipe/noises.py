"""Household noise that is made, not recorded: as much of it as training asks for, all different.

A sound for each kind of thing that goes on beside a talk: something that hums or rushes, dishes,
other people, music, and what an animal or a hinge says. Each maker returns waves at 16 kHz of no
particular level.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from calmvoice.sound import MICROPHONE_RATE
from models.recipe.recordings import Wave

Rng = np.random.Generator
FLOOR = 1e-6
SPREAD_DB = 14.0  # how unlike the bands of a rushing sound are
TALKERS = (2, 8)


def rush(samples: int, rng: Rng) -> Wave:
    """Return wind, water, a fan, an engine: hiss of some colour that swells and ebbs."""
    spectrum = np.fft.rfft(rng.normal(size=samples))
    frequency = np.linspace(0.0, 1.0, len(spectrum))
    corners = np.concatenate([[0.0], np.sort(rng.uniform(0, 1, 6)) ** 2, [1.0]])
    slope = rng.uniform(-40.0, 5.0)  # dB from the lowest to the highest
    decibels = rng.normal(0, SPREAD_DB / 2, len(corners)) + slope * np.sqrt(corners)
    hiss = np.fft.irfft(spectrum * 10 ** (np.interp(frequency, corners, decibels) / 20), samples)
    swell = rng.uniform(0.0, 0.8)
    if rng.random() < 0.5:  # as something turns
        turns = 2 * np.pi * rng.uniform(0.3, 12.0) * _seconds(samples) + rng.uniform(0, 6)
        return _wave(hiss * (1 + swell * np.sin(turns)))
    return _wave(hiss * np.exp(2 * swell * _wandering(samples, rng)))


def hum(samples: int, rng: Rng) -> Wave:
    """Return a motor or a transformer: a low tone with its harmonics, above some hiss."""
    lowest = rng.choice([50.0, 60.0, 100.0, 120.0, rng.uniform(30, 300)])
    numbers = np.arange(1, min(30, int(7000 / lowest)) + 1)
    loud = rng.exponential(1.0, len(numbers)) * numbers ** -rng.uniform(0.3, 1.5)
    wobble = 1 + rng.uniform(0, 0.01) * _wandering(samples, rng)
    phase = 2 * np.pi * lowest * np.cumsum(wobble) / MICROPHONE_RATE
    tones = sum(a * np.sin(n * phase + 6 * n * n) for a, n in zip(loud, numbers, strict=True))
    hiss = rush(samples, rng)
    return _wave(tones + rng.uniform(0.1, 1.0) * loud.sum() * hiss)


def clatter(samples: int, rng: Rng) -> Wave:
    """Return dishes, cutlery, steps, keys, doors: blows, each with a ring of its own."""
    sound = rng.uniform(0.0, 0.05) * rush(samples, rng)
    blows = max(1, rng.poisson(rng.uniform(0.5, 8.0) * samples / MICROPHONE_RATE))
    bright, long = rng.uniform(300, 4000), rng.uniform(0.01, 0.25)
    for first in rng.integers(0, samples, blows):
        time = _seconds(min(samples - int(first), MICROPHONE_RATE // 2))
        blow = rng.normal(size=len(time)) * np.exp(-time / rng.uniform(0.002, 0.02))
        for _ in range(int(rng.integers(1, 8))):
            tone = np.sin(2 * np.pi * min(7500.0, bright * rng.uniform(0.5, 3.0)) * time)
            blow += rng.exponential(0.7) * tone * np.exp(-time / (long * rng.uniform(0.2, 1.5)))
        sound[first : first + len(time)] += rng.exponential(1.0) * blow
    return _wave(sound)


def music(samples: int, rng: Rng) -> Wave:
    """Return chords, a melody and a beat."""
    sound, beat = np.zeros(samples), rng.uniform(0.25, 0.8)
    scale = rng.choice([0, 2, 4, 5, 7, 9, 11], 5, replace=False)
    tone = rng.uniform(80, 200)
    numbers = np.arange(1, 12)
    timbre = rng.exponential(1.0, len(numbers)) / numbers
    drums = rng.uniform(0, 1.5)
    for first in np.arange(0, samples, round(beat * MICROPHONE_RATE)):
        time = _seconds(min(samples - int(first), round(2 * beat * MICROPHONE_RATE)))
        fades = np.minimum(1, time / 0.01) * np.exp(-time / rng.uniform(0.1, 1.0))
        for octave in rng.integers(0, 4, int(rng.integers(1, 5))):
            pitch = tone * 2 ** (octave + rng.choice(scale) / 12)
            heard = numbers[numbers * pitch < 7500]
            waves = np.sin(2 * np.pi * pitch * heard[:, None] * time)
            sound[first : first + len(time)] += fades * (timbre[: len(heard)] @ waves)
        hit = drums * rng.normal(size=len(time)) * np.exp(-time / rng.uniform(0.01, 0.1))
        sound[first : first + len(time)] += hit
    return _wave(sound)


def cry(samples: int, rng: Rng) -> Wave:
    """Return a cat, a baby, a hinge: gliding tones with the resonances of a mouth, now and then."""
    sound, first = rng.uniform(0.0, 0.03) * rush(samples, rng), 0
    while first < samples:
        time = _seconds(min(samples - first, round(rng.uniform(0.2, 1.5) * MICROPHONE_RATE)))
        pitch = rng.uniform(120, 900) * np.exp(0.5 * _wandering(len(time), rng))
        phase = 2 * np.pi * np.cumsum(pitch) / MICROPHONE_RATE
        resonances = rng.uniform(300, 4000, 3)
        for n in range(1, 16):
            frequency = n * pitch
            gain = sum(1 / (1 + ((frequency - r) / 250) ** 2) for r in resonances) + 0.02
            sound[first : first + len(time)] += np.where(
                frequency < 7500, gain * np.sin(n * phase), 0.0
            ) * np.sin(np.pi * np.arange(len(time)) / len(time))
        first += len(time) + round(rng.uniform(0.05, 2.0) * MICROPHONE_RATE)
    return _wave(sound)


def babble(samples: int, voices: Sequence[Wave], rng: Rng) -> Wave:
    """Return other people: several voices at once, some nearer than others."""
    sound = np.zeros(samples)
    for _ in range(int(rng.integers(*TALKERS, endpoint=True))):
        parts: list[Wave] = []
        while sum(map(len, parts)) < samples:
            parts.append(unit_power(voices[int(rng.integers(len(voices)))]))
        sound += rng.uniform(0.3, 1.0) * cut(np.concatenate(parts), samples, rng)
    return _wave(sound)


MAKERS: tuple[Callable[[int, Rng], Wave], ...] = (rush, hum, clatter, music, cry)


def unit_power(wave: Wave) -> Wave:
    """Return it with a mean power of 1."""
    return np.asarray(wave / max(float(np.sqrt((wave**2).mean())), FLOOR), np.float32)


def cut(wave: Wave, samples: int, rng: Rng) -> Wave:
    """Return a piece from anywhere in a wave, which is repeated if it is too short."""
    first = int(rng.integers(max(len(wave) - samples, 0) + 1))
    return np.resize(wave[first : first + samples], samples)


def _wave(sound: npt.NDArray[np.floating]) -> Wave:
    return unit_power(np.asarray(sound, np.float32))


def _seconds(samples: int) -> npt.NDArray[np.float64]:
    return np.arange(samples) / MICROPHONE_RATE


def _wandering(samples: int, rng: Rng) -> npt.NDArray[np.float64]:
    """Return a slow line between −1 and 1, more or less."""
    corners = max(3, round(samples / MICROPHONE_RATE * rng.uniform(1, 6)))
    heights = rng.normal(0, 0.6, corners)
    return np.interp(np.linspace(0, corners - 1, samples), range(corners), heights)
