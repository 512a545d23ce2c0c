"""The same moment twice: as it was said in a quiet room, and as a home lets it be heard.

A scene is some seconds of people's whole sentences with pauses around them. ``quiet`` is what the
teacher hears, ``heard`` what the student does: in a room, in noise, too soft, or clipped; or the
same, so that what is heard in a quiet room stays as it was. ``words`` is what was said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from calmvoice.ears.spectrum import FRAME, STEP, cepstra
from calmvoice.sound import MICROPHONE_RATE
from models.recipe.data import Ways, states_of
from models.recipe.noises import MAKERS, babble, cut, unit_power
from models.recipe.recordings import (
    FULL_SCALE,
    RecipeError,
    Wave,
    at_speed,
    in_a_room,
    to_samples,
)

Rng = np.random.Generator
PEAKS_DB = (-20.0, -3.0)  # under full scale, of a sentence
SPEEDS = (0.9, 1.12)
PAUSES = (0.05, 0.9)  # seconds
FIRST_PAUSE, LAST_PAUSE = (0.35, 0.8), 0.3  # what the network sees beyond its rows is a pause
MOST_STATES = 260  # sounds and pauses of a scene's words
TRIES = 6  # sentences drawn and found too long, then the scene is full
NOISE_DB = (0.0, 20.0)  # under the speech
IN_ROOM, IN_NOISE, COLOURED, LOWERED, CLIPPED = 0.4, 0.85, 0.4, 0.25, 0.1
LOWERED_DB, CLIPPED_DB = (-30.0, -6.0), (3.0, 18.0)
STEPS = 3.0  # the faint noise of any microphone, as ``calmvoice.ears.floor`` puts it
NOISE_SECONDS = 10
MADE = 150  # noises of each kind


@dataclass(frozen=True)
class Sentence:
    """What somebody said, and how it sounded."""

    wave: Wave
    words: Ways


@dataclass(frozen=True)
class Scene:
    """Cepstra of one moment, ``(frames, 40)`` each, and the units of each word in it."""

    quiet: np.ndarray[tuple[int, int], np.dtype[np.float32]]
    heard: np.ndarray[tuple[int, int], np.dtype[np.float32]]
    words: list[list[int]]


class Scenes:
    """Scenes of ``frames`` frames without end, from sentences and noises."""

    def __init__(
        self,
        sentences: Sequence[Sentence],
        recorded: Sequence[Wave],
        frames: int,
        seed: int = 0,
        made: int = MADE,
    ) -> None:
        """Take people's sentences, and noises that were recorded; others are made of each kind.

        Only sentences that fit into a scene are taken; raises ``RecipeError`` if none does.
        """
        self._rng = np.random.default_rng(seed)
        self._samples = FRAME + STEP * (frames - 1)
        longest = self._samples - round((FIRST_PAUSE[1] + LAST_PAUSE) * MICROPHONE_RATE)
        longest = int(longest * SPEEDS[0])  # said slowly it must fit too
        self._sentences = [
            s for s in sentences if 0 < len(s.wave) <= longest and states_of(s.words) < MOST_STATES
        ]
        if not self._sentences:
            raise RecipeError(
                f"of {len(sentences)} sentences none is shorter than "
                f"{longest / MICROPHONE_RATE:.1f} s and {MOST_STATES} sounds and pauses",
                "Take shorter recordings, or words that can be said.",
            )
        voices = [sentence.wave for sentence in self._sentences]
        length = NOISE_SECONDS * MICROPHONE_RATE
        kinds = [[maker(length, self._rng) for _ in range(made)] for maker in MAKERS]
        kinds.append([babble(length, voices, self._rng) for _ in range(made)])
        if recorded:
            kinds.append(list(recorded))
        self._kinds = kinds

    def __len__(self) -> int:
        """Return how many of the sentences are taken."""
        return len(self._sentences)

    def draw(self, *, changed: bool) -> Scene:
        """Return another scene, heard as it was said or changed."""
        speech, words = self._said()
        quiet = cepstra(to_samples(self._with_floor(speech)))
        return Scene(quiet, cepstra(to_samples(self._changed(speech))) if changed else quiet, words)

    def _said(self) -> tuple[Wave, list[list[int]]]:
        """Return whole sentences one after the other, as many as fit, and the words in them."""
        rng, words = self._rng, list[list[int]]()
        parts = [self._pause(*FIRST_PAUSE)]
        left = self._samples - len(parts[0]) - round(LAST_PAUSE * MICROPHONE_RATE)
        states, too_long = MOST_STATES, 0
        while too_long < TRIES:
            sentence = self._sentences[int(rng.integers(len(self._sentences)))]
            said = at_speed(sentence.wave, float(rng.uniform(*SPEEDS)))
            if len(said) > left or states_of(sentence.words) > states:
                too_long += 1
                continue
            peak = FULL_SCALE * 10 ** (rng.uniform(*PEAKS_DB) / 20)
            said = said * np.float32(peak / max(float(np.abs(said).max()), 1.0))
            parts += [said, self._pause(*PAUSES)]
            left -= len(parts[-2]) + len(parts[-1])
            states -= states_of(sentence.words)
            words += [ways[int(rng.integers(len(ways)))] for ways in sentence.words]
        parts.append(np.zeros(self._samples, np.float32))
        return np.asarray(np.concatenate(parts)[: self._samples], np.float32), words

    def _pause(self, shortest: float, longest: float) -> Wave:
        seconds = self._rng.uniform(shortest, longest)
        return np.zeros(round(seconds * MICROPHONE_RATE), np.float32)

    def _changed(self, speech: Wave) -> Wave:
        """Return it as another room, noise and microphone make it."""
        rng = self._rng
        level = _loudness(speech)
        heard = in_a_room(speech, rng) if rng.random() < IN_ROOM else speech
        if rng.random() < IN_NOISE:
            below = 10 ** (-rng.uniform(*NOISE_DB) / 20)
            heard = heard + np.float32(level * below) * self._noise()
        if rng.random() < COLOURED:
            heard = _coloured(heard, rng)
        if rng.random() < LOWERED:
            heard = heard * np.float32(10 ** (rng.uniform(*LOWERED_DB) / 20))
        elif rng.random() < CLIPPED:
            louder = 10 ** (rng.uniform(*CLIPPED_DB) / 20) / max(float(np.abs(heard).max()), 1.0)
            heard = heard * np.float32(FULL_SCALE * louder)
        return self._with_floor(heard)

    def _with_floor(self, wave: Wave) -> Wave:
        return np.asarray(wave + self._rng.normal(0, STEPS, len(wave)), np.float32)

    def _noise(self) -> Wave:
        """Return a piece of some noise, now and then of two at once, of power 1."""
        rng = self._rng
        kinds = rng.integers(len(self._kinds), size=1 + (rng.random() < 0.25))
        total = np.zeros(self._samples, np.float32)
        for kind in kinds:
            noise = self._kinds[kind][int(rng.integers(len(self._kinds[kind])))]
            piece = unit_power(cut(noise, self._samples, rng))
            total += np.float32(rng.uniform(0.3, 1.0)) * piece
        return unit_power(total)


def _loudness(speech: Wave) -> float:
    """Return the level of the stretches in which somebody speaks (within 30 dB of the loudest)."""
    power = (speech[: len(speech) // 400 * 400].reshape(-1, 400) ** 2).mean(axis=1)
    return float(np.sqrt(power[power >= power.max() * 1e-3].mean()))


def _coloured(wave: Wave, rng: Rng) -> Wave:
    """Return it through another microphone: up to some decibels more or less in each band."""
    spectrum = np.fft.rfft(wave)
    corners = np.linspace(0.0, 1.0, 8) ** 2
    decibels = np.interp(np.linspace(0, 1, len(spectrum)), corners, rng.normal(0, 3.0, 8))
    return np.asarray(np.fft.irfft(spectrum * 10 ** (decibels / 20), len(wave)), np.float32)
