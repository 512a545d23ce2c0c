"""What was somebody else's is known from what the canceller left, once it has learnt the room."""

from __future__ import annotations

import numpy as np

from calmvoice.echo.ledger import ENOUGH_SECONDS, Ledger
from calmvoice.sound import PcmSamples


def sound(level: float) -> PcmSamples:
    return np.full(1600, round(level), np.int16)


def ledger(left: float, seconds: float) -> Ledger:
    """Our own voice for some seconds from 100 on, of which this much of 1000 was left."""
    kept = Ledger()
    for n in range(round(seconds * 10)):
        kept.note(100.1 + n / 10, sound(1000), sound(left), ours=True)
    return kept


def test_what_the_canceller_leaves_is_somebody_else() -> None:
    kept = ledger(left=100, seconds=8.0)
    kept.note(108.1, sound(3000), sound(2900), ours=True)
    assert kept.is_other(108.0, 108.1)
    assert not kept.is_ours(108.0, 108.1)


def test_what_it_takes_out_is_our_own() -> None:
    kept = ledger(left=100, seconds=8.0)
    assert kept.is_ours(107.0, 107.5)
    assert not kept.is_ours(120.0, 121.0)
    assert not kept.is_other(107.0, 107.5)


def test_after_our_voice_it_is_somebody_else() -> None:
    kept = ledger(left=100, seconds=8.0)
    kept.note(108.1, sound(3000), sound(3000), ours=False)
    assert kept.is_other(108.0, 108.1)


def test_a_canceller_that_has_not_learnt_says_nothing() -> None:
    for kept in (ledger(left=900, seconds=8.0), ledger(left=100, seconds=ENOUGH_SECONDS - 1)):
        kept.note(108.1, sound(3000), sound(2900), ours=True)
        assert not kept.is_other(108.0, 108.1)


def test_a_canceller_that_lost_its_way_says_nothing() -> None:
    kept = ledger(left=100, seconds=8.0)
    kept.note(108.1, sound(3000), sound(3000), ours=True, sure=False)
    assert not kept.is_other(108.0, 108.1)


def test_an_echo_that_moved_makes_the_moments_before_doubtful() -> None:
    kept = ledger(left=100, seconds=8.0)
    kept.note(108.1, sound(3000), sound(2900), ours=True)
    kept.note(109.3, sound(3000), sound(2900), ours=True)
    kept.doubt(109.3)
    assert not kept.is_other(109.2, 109.3)
    assert kept.is_other(108.0, 108.1)


def test_nothing_is_known_of_a_time_it_did_not_note() -> None:
    kept = ledger(left=100, seconds=8.0)
    assert not kept.is_other(50.0, 51.0)
    assert not kept.is_other(120.0, 121.0)
