"""The simulated rooms of the ears' benchmark ring as long, and as loud, as they say."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reverberation import impulse_response, reverberant

from calmvoice.sound import MICROPHONE_RATE


@given(st.floats(0.3, 0.8), st.integers(0, 1000))
def test_the_tail_is_as_strong_as_the_direct_sound_and_decays_as_asked(
    rt60: float, seed: int
) -> None:
    response = impulse_response(rt60, np.random.default_rng(seed))
    power = response[1:] ** 2
    assert power.sum() == pytest.approx(response[0] ** 2)
    left = 10 * np.log10(np.cumsum(power[::-1])[::-1] / power.sum())  # Schroeder's integral
    first, last = (int(np.argmax(left < level)) for level in (-5.0, -25.0))
    assert 3 * (last - first) / MICROPHONE_RATE == pytest.approx(rt60, rel=0.2)


def test_the_same_seed_is_the_same_room_and_another_another() -> None:
    click = np.zeros(MICROPHONE_RATE)
    click[100] = 1000.0
    one, same, other = (reverberant(click, np.random.default_rng(s)) for s in (1, 1, 2))
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)
    assert np.abs(one).max() == pytest.approx(1000.0)
    assert np.abs(one[:100]).max() < 1e-6
    assert np.abs(one[2000:4000]).max() > 1
