"""How far an echo has moved is told to a part of a sample, or not at all."""

from __future__ import annotations

import numpy as np
import pytest
import soxr
from echo_room import impulse_response
from people import speech

from calmvoice.chime import chime
from calmvoice.echo.alignment import REACH, WINDOW, Alignment
from calmvoice.echo.echo_path import BLOCK
from calmvoice.sound import MICROPHONE_RATE, SPEAKER_RATE, Samples

BEGIN = 4_000
LOOK = 5 * BLOCK


def expected() -> Samples:
    return speech("Let your shoulders drop.", "en-US").samples * np.float32(0.1)


def moved(samples: Samples, by: float) -> Samples:
    turn = np.exp(-2j * np.pi * by * np.fft.rfftfreq(len(samples)))
    return np.fft.irfft(np.fft.rfft(samples) * turn, len(samples)).astype(np.float32)


def other() -> Samples:
    """Somebody else, 10 dB louder."""
    return np.resize(speech("I need more time now.").samples, len(expected())) * np.float32(0.3)


def told(heard: Samples, looks: int = 8) -> float | None:
    """Return the first answer of several looks, 50 ms apart."""
    alignment = Alignment()
    wanted = expected()
    for at in range(BEGIN, BEGIN + WINDOW + looks * LOOK, BLOCK):
        alignment.note(heard[at : at + BLOCK], wanted[at : at + BLOCK])
        if at >= BEGIN + WINDOW and at % LOOK == 0:
            shift = alignment.shift()
            if shift is not None:
                return shift
    return None


@pytest.mark.parametrize("by", [-97.3, -12.0, -2.3, 5.5, 64.0])
def test_a_shift_is_told_under_a_louder_person(by: float) -> None:
    heard = moved(expected(), by)
    assert told(heard + other()) == pytest.approx(by, abs=0.3)


def test_what_is_where_it_was_has_not_moved() -> None:
    heard = expected()
    assert told(heard + other()) == 0.0


@pytest.mark.parametrize("seed", range(4))
def test_a_chime_agrees_at_every_period_and_has_not_moved(seed: int) -> None:
    played = soxr.resample(chime().sound.samples, SPEAKER_RATE, MICROPHONE_RATE)
    random = np.random.default_rng(seed)
    way = impulse_response(seed)[:: SPEAKER_RATE // MICROPHONE_RATE]
    error = random.standard_normal(len(way)) * np.abs(way).max() / 10
    heard = np.convolve(played, way) + random.normal(0.0, 1e-4, len(played) + len(way) - 1)
    wanted = np.convolve(played, way + error * np.logspace(0, -3, len(way)))
    alignment, told = Alignment(), list[float]()
    for at in range(0, len(played), BLOCK):
        part = slice(at, at + BLOCK)
        alignment.note(heard[part].astype(np.float32), wanted[part].astype(np.float32))
        if at % LOOK == 0:
            told.append(alignment.shift() or 0.0)
    assert max(np.abs(told)) < 5


def test_a_person_alone_says_nothing_nor_does_an_echo_out_of_reach() -> None:
    assert told(other()) is None
    assert told(moved(expected(), 3 * REACH)) is None


def test_silence_says_nothing_and_what_is_forgotten_is_silence() -> None:
    alignment = Alignment()
    assert alignment.shift() is None
    sound = expected()[BEGIN : BEGIN + WINDOW]
    alignment.note(sound, sound)
    alignment.forget()
    assert alignment.shift() is None
    assert len(sound) < MICROPHONE_RATE
