"""Any engine's voice, higher or lower: its samples are played faster or slower.

Engines differ in what their own pitch setting does, and Piper has none. Playing faster raises the
pitch and the timbre together, as a smaller speaker sounds, and adds nothing that buzzes; the
engine speaks the slower meanwhile, so that the pace stays what was asked for.
"""

from __future__ import annotations

from collections.abc import Callable

from calmvoice.ports import Voice
from calmvoice.sound import Sound


class PitchedVoice:
    """A ``Voice`` so many semitones over the engine's own."""

    def __init__(self, voice: Voice, semitones: float) -> None:
        self._voice, self._semitones = voice, semitones

    @property
    def identity(self) -> str:
        """The engine's own, and the semitones."""
        return f"{self._voice.identity}, {self._semitones:+g} semitones"

    def render(self, text: str) -> Sound:
        """Return the sentence as spoken; raises ``VoiceError``; for any thread."""
        sound = self._voice.render(text)
        return Sound(sound.samples, round(sound.rate * factor(self._semitones)))


def factor(semitones: float) -> float:
    """Return how much faster the samples are played."""
    return float(2.0 ** (semitones / 12.0))


def pitched(engine: Callable[[int], Voice], words_per_minute: int, semitones: float) -> Voice:
    """Build the engine's voice at a pace and a pitch; ``engine`` takes words a minute."""
    if not semitones:
        return engine(words_per_minute)
    return PitchedVoice(engine(round(words_per_minute / factor(semitones))), semitones)
