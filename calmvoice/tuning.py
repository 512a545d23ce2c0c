"""The voice tuned by ear: one step slower or faster, lower or higher, inside the limits. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

from calmvoice.settings import FASTEST_WORDS, PITCH_SEMITONES, SLOWEST_WORDS

WORDS_STEP = 5  # a minute: the least that is heard as another pace
PITCH_STEP = 1.0  # semitone


@dataclass(frozen=True)
class Tuning:
    """A pace and a pitch."""

    words_per_minute: int
    pitch_semitones: float

    def slower(self) -> Tuning:
        """Return one step slower."""
        return self._paced(self.words_per_minute - WORDS_STEP)

    def faster(self) -> Tuning:
        """Return one step faster."""
        return self._paced(self.words_per_minute + WORDS_STEP)

    def lower(self) -> Tuning:
        """Return one step lower."""
        return self._pitched(self.pitch_semitones - PITCH_STEP)

    def higher(self) -> Tuning:
        """Return one step higher."""
        return self._pitched(self.pitch_semitones + PITCH_STEP)

    def __str__(self) -> str:
        """Say it as a person would."""
        if not self.pitch_semitones:
            pitch = "its own pitch"
        else:
            size = f"{abs(self.pitch_semitones):g}"
            way = "higher" if self.pitch_semitones > 0 else "lower"
            pitch = f"{size} {'semitone' if size == '1' else 'semitones'} {way}"
        return f"{self.words_per_minute} words a minute, {pitch}"

    def _paced(self, words: int) -> Tuning:
        return replace(self, words_per_minute=min(max(words, SLOWEST_WORDS), FASTEST_WORDS))

    def _pitched(self, semitones: float) -> Tuning:
        limited = min(max(semitones, -PITCH_SEMITONES), PITCH_SEMITONES)
        return replace(self, pitch_semitones=float(limited))
