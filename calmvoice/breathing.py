"""Paced breathing as one buffer: every cue and every breath at its absolute sample.

Rules:
1. A position is computed from the start of the track and rounded once; lengths are never summed
   (rounding steps of 0.33 s at 22 050 Hz is a quarter of a second late after an hour).
2. Cues are added into the buffer, never written over what is there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

import numpy as np

from calmvoice.patterns import NAMED, Breath, Part
from calmvoice.sound import SPEAKER_RATE, Clip, Cue, Samples, Sound

Tone = Literal["tone", "noise", "none"]

LOW_HZ, HIGH_HZ = 174.6, 220.0  # F3 to A3: low, and small loudspeakers still carry it
TONE_PEAK = 0.045  # about 14 dB under the voice: it carries, and leaves room for "stop"
NOISE_PEAK = 0.06
FIRST_OF_TWO = 0.7  # how full the first breath in of a sigh is
WARN_GAP_SECONDS = 0.5  # between "last one" and the breath it announces


@dataclass(frozen=True)
class Pattern:
    """One breath, how it is counted, and what sound carries it."""

    breath: Breath = NAMED["4-6"]
    counted: bool = False
    spoken: bool = True
    tone: Tone = "tone"

    @property
    def seconds(self) -> float:
        """One whole breath."""
        return self.breath.seconds

    @property
    def only_sound(self) -> Pattern:
        """The same breath without a word; something must carry it."""
        return replace(self, spoken=False, tone="tone" if self.tone == "none" else self.tone)

    @property
    def only_words(self) -> Pattern:
        """The same breath without a sound; something must be said."""
        return replace(self, spoken=True, tone="none")


@dataclass(frozen=True)
class CueWords:
    """What is said at each place; ``count(n)`` is the number in words."""

    breathe_in: str
    breathe_out: str
    warn_last: str
    last_out: str
    count: Callable[[int], str]
    more: str = ""
    hold: str = ""
    rest: str = ""

    def of(self, part: Part, *, is_last: bool = False) -> str:
        """Return what is said when a part begins."""
        match part:
            case Part.IN:
                return self.breathe_in
            case Part.MORE:
                return self.more
            case Part.HOLD:
                return self.hold
            case Part.OUT:
                return self.last_out if is_last else self.breathe_out
            case Part.REST:
                return self.rest

    @property
    def numbers_give_way_to(self) -> frozenset[str]:
        """Return all words but the numbers."""
        said = (self.breathe_in, self.breathe_out, self.warn_last, self.last_out)
        return frozenset((*said, self.more, self.hold, self.rest))


@dataclass(frozen=True)
class Place:
    """A text and the sample at which it begins."""

    at: int
    text: str


def texts(pattern: Pattern, words: CueWords) -> tuple[str, ...]:
    """Return every text that a track may speak, whatever part of it is asked for."""
    parts = pattern.breath.parts
    said = [words.of(part) for part, _, _ in parts]
    said += [words.warn_last, words.last_out]
    if pattern.counted:
        longest = int(max(seconds for _, _, seconds in parts))
        said += [words.count(n) for n in range(2, longest + 1)]
    return tuple(said)


def places(
    pattern: Pattern,
    words: CueWords,
    breaths: int,
    warn_last: bool,
    length: Callable[[str], int],
) -> list[Place]:
    """Lay out the cues of so many breaths, in order; ``length`` gives a text's samples."""
    if not pattern.spoken:
        return []
    cues: list[Place] = []
    for breath in range(breaths):
        is_last = warn_last and breath == breaths - 1
        for part, begin, seconds in pattern.breath.parts:
            start = breath * pattern.seconds + begin
            cues.append(Place(_sample(start), words.of(part, is_last=is_last)))
            if pattern.counted:
                cues.extend(
                    Place(_sample(start + n - 1), words.count(n))
                    for n in range(2, int(seconds) + 1)
                )
    if warn_last and breaths > 1:
        last = _sample((breaths - 1) * pattern.seconds)
        cues.append(
            Place(
                last - _sample(WARN_GAP_SECONDS) - length(words.warn_last),
                words.warn_last,
            )
        )
    return _without_overlap(sorted(cues, key=lambda place: place.at), words, length)


def _without_overlap(
    cues: list[Place], words: CueWords, length: Callable[[str], int]
) -> list[Place]:
    """Leave out a counted number that would run into another cue."""
    never_dropped = words.numbers_give_way_to
    kept: list[Place] = []
    for place in cues:
        if kept and kept[-1].at + length(kept[-1].text) > place.at:
            if place.text not in never_dropped:
                continue
            if kept[-1].text not in never_dropped:
                kept.pop()
        kept.append(place)
    return kept


def render(
    pattern: Pattern,
    words: CueWords,
    breaths: int,
    warn_last: bool,
    voice: Callable[[str], Sound],
) -> Clip:
    """Render so many breaths as one clip of 48 kHz whose breaks are the ends of the breaths.

    ``voice`` gives the sound of a cue, trimmed so that its first sample is audible.
    """
    buffer = np.zeros(_sample(breaths * pattern.seconds), np.float32)
    carrier = breath_sound(pattern)
    for breath in range(breaths):
        at = _sample(breath * pattern.seconds)
        part = carrier[: len(buffer) - at]
        buffer[at : at + len(part)] += part
    laid: list[Cue] = []
    for place in places(pattern, words, breaths, warn_last, lambda text: len(voice(text).samples)):
        samples = voice(place.text).samples[: len(buffer) - place.at]
        buffer[place.at : place.at + len(samples)] += samples
        laid.append(Cue(place.text, place.at, place.at + len(samples)))
    breaks = tuple(_sample((breath + 1) * pattern.seconds) for breath in range(breaths))
    return Clip(Sound(buffer), tuple(laid), breaks)


@cache
def breath_sound(pattern: Pattern) -> Samples:
    """Return one breath of the carrier: swelling while breathing in, sinking while breathing out.

    The pitch follows half a cosine between ``LOW_HZ`` and ``HIGH_HZ``; the phase is its integral,
    so there is no step anywhere, and it begins and ends at zero. A hold stands where it is.
    """
    count = _sample(pattern.seconds)
    if pattern.tone == "none":
        return np.zeros(count, np.float32)
    swell = _swell(pattern.breath, count)
    if pattern.tone == "noise":
        return (NOISE_PEAK * swell * _soft_noise(count)).astype(np.float32)
    hertz = LOW_HZ * (HIGH_HZ / LOW_HZ) ** swell
    phase = 2.0 * np.pi * np.cumsum(hertz) / SPEAKER_RATE
    wave = np.sin(phase) + 0.3 * np.sin(2.0 * phase)
    return (TONE_PEAK * swell * wave / 1.3).astype(np.float32)


def _swell(breath: Breath, count: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return how full the breath is at each sample, 0 to 1, with no corner in it."""
    time = np.arange(count) / SPEAKER_RATE
    full = {
        Part.IN: FIRST_OF_TWO if breath.more_seconds else 1.0,
        Part.MORE: 1.0,
        Part.OUT: 0.0,
    }
    swell, level = np.zeros(count), 0.0
    for part, begin, seconds in breath.parts:
        goal = full.get(part, level)
        done = np.clip((time - begin) / seconds, 0.0, 1.0)
        swell += (goal - level) * (0.5 - 0.5 * np.cos(np.pi * done))
        level = goal
    return swell


def _soft_noise(count: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Noise like slow surf: its spectrum falls by 12 dB an octave above 400 Hz."""
    spectrum = np.fft.rfft(np.random.default_rng(4).standard_normal(count))
    hertz = np.fft.rfftfreq(count, 1.0 / SPEAKER_RATE)
    noise = np.fft.irfft(spectrum / (1.0 + (hertz / 400.0) ** 2), count)
    return np.asarray(noise / np.max(np.abs(noise)))


def _sample(seconds: float) -> int:
    return round(seconds * SPEAKER_RATE)
