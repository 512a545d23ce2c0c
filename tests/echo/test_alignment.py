"""How far an echo has moved is told to a part of a sample, or not at all."""

from __future__ import annotations

import numpy as np
import pytest
from people import speech

from calmvoice.echo.alignment import REACH, WINDOW, Alignment
from calmvoice.echo.echo_path import BLOCK
from calmvoice.sound import MICROPHONE_RATE, Samples

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


def test_a_chime_agrees_at_every_period_and_has_not_moved() -> None:
    at = np.arange(len(expected())) / MICROPHONE_RATE
    chime = np.sum([np.sin(2 * np.pi * hertz * at) for hertz in (523, 1046, 1569)], axis=0)
    sound = (0.05 * chime).astype(np.float32)
    hiss = np.random.default_rng(2).normal(0.0, 1e-3, len(sound)).astype(np.float32)
    alignment = Alignment()
    for begin in range(0, 3 * WINDOW, BLOCK):
        part = slice(begin, begin + BLOCK)
        alignment.note(sound[part] + hiss[part], sound[part])
        assert alignment.shift() in (None, 0.0)


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
