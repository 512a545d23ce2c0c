"""The gate: shut in a quiet room, open before anything that could be speech has gone by."""

from __future__ import annotations

import numpy as np
import pytest
from people import speech

from calmvoice.ears.gate import HOLD_BLOCKS, Gate
from calmvoice.sound import PcmSamples, to_pcm

BLOCK = 800


def room(seconds: float, level: float, seed: int = 3) -> PcmSamples:
    noise = np.random.default_rng(seed).normal(0.0, level, round(seconds * 16_000))
    return np.clip(noise, -32768, 32767).astype(np.int16)


def opened(gate: Gate, samples: PcmSamples) -> list[bool]:
    whole = len(samples) - len(samples) % BLOCK
    return [gate.feed(samples[at : at + BLOCK]) for at in range(0, whole, BLOCK)]


@pytest.mark.parametrize("level", [0.0, 3.0, 30.0, 300.0, 3000.0])
def test_it_shuts_in_any_steady_room(level: float) -> None:
    assert not any(opened(Gate(), room(30, level))[40:])


@pytest.mark.parametrize("noise", [3.0, 30.0, 300.0])
def test_it_is_open_while_someone_speaks(noise: float) -> None:
    gate = Gate()
    opened(gate, room(8, noise))
    said = to_pcm(speech("Yellow light.").samples)
    loud = np.flatnonzero(np.abs(said) > 0.25 * np.max(np.abs(said)))
    mixed = np.clip(said.astype(np.int32) + room(60, noise, 5)[: len(said)], -32768, 32767)
    states = opened(gate, mixed.astype(np.int16))
    first, last = loud[0] // BLOCK, min(loud[-1] // BLOCK, len(states) - 1)
    assert states[first + 1]
    assert all(states[first + 1 : last])


def test_it_opens_for_a_voice_as_soft_as_six_decibels_over_the_room() -> None:
    gate = Gate()
    opened(gate, room(10, 100.0))
    assert any(opened(gate, room(0.1, 200.0)))


def test_it_stays_open_after_the_last_word_until_the_recogniser_has_ended() -> None:
    gate = Gate()
    opened(gate, room(10, 30.0))
    opened(gate, room(0.5, 2000.0))
    states = opened(gate, room(5, 30.0, seed=9))
    assert states.index(False) == pytest.approx(HOLD_BLOCKS - 1, abs=1)


def test_a_fan_that_is_switched_on_is_the_floor_after_ten_seconds() -> None:
    gate = Gate()
    opened(gate, room(10, 10.0))
    states = opened(gate, room(20, 500.0))
    assert states[0]
    assert not any(states[-100:])
