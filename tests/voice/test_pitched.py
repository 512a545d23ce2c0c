"""A voice that is made higher or lower keeps its pace, and says what it is."""

from __future__ import annotations

import numpy as np
import parselmouth
import pytest

from calmvoice import wiring
from calmvoice.settings import Computer, Settings
from calmvoice.sound import Sound
from calmvoice.voice.levels import audible_seconds
from calmvoice.voice.pace import count_words

LINE = "If you're practising your next line, put it down."


def voice_at(semitones: float, engine: str) -> Sound:
    computer = Computer.model_validate({"engine": engine, "pitch_semitones": semitones})
    return wiring.voice(Settings(computer=computer)).render(LINE)


def hertz(sound: Sound) -> float:
    pitch = parselmouth.Sound(sound.samples.astype(np.float64), sound.rate).to_pitch(0.01, 45, 450)
    found = pitch.selected_array["frequency"]
    return float(np.median(found[found > 0]))


@pytest.mark.parametrize("engine", ["pyttsx3", "pico"])
@pytest.mark.parametrize("semitones", [-4.0, 3.0])
def test_the_pitch_moves_and_the_pace_stays(engine: str, semitones: float) -> None:
    own, moved = voice_at(0, engine), voice_at(semitones, engine)
    assert 12 * np.log2(hertz(moved) / hertz(own)) == pytest.approx(semitones, abs=0.7)
    assert 110 <= 60 * count_words(LINE) / audible_seconds(moved) <= 140


def test_the_identity_tells_pitches_apart() -> None:
    names = {
        wiring.voice(Settings(computer=Computer(pitch_semitones=pitch))).identity
        for pitch in (-1, 0, 0.5, 1)
    }
    assert len(names) == 4
