"""How the peers' scores become detections, and what a peer that cannot run says."""

from __future__ import annotations

import pytest
from counting import Answer
from peers import MicroWakeWord, OpenWakeWord, Rising
from spotters import SpotterMissingError


def test_a_probability_that_stays_up_is_one_detection_known_when_it_first_was_enough() -> None:
    rising = Rising(0.5, 1.0)
    for step, score in enumerate((0.1, 0.6, 0.9, 0.7, 0.6, 0.5, 0.3)):
        rising.add(2.0 + step / 2, 2.0 + step / 2, score)
    (found,) = rising.found
    assert (found.known, found.score, found.answer) == (2.5, 0.9, Answer.SURE)


def test_one_that_comes_again_after_a_second_is_another() -> None:
    rising = Rising(0.5, 1.0)
    for at, score in ((1.0, 0.3), (2.5, 0.4), (2.6, 0.2)):
        rising.add(at, at, score)
    assert [(d.known, d.score) for d in rising.found] == [(1.0, 0.3), (2.5, 0.4)]
    assert {d.answer for d in rising.found} == {Answer.PASSED}


@pytest.mark.parametrize("peer", [OpenWakeWord, MicroWakeWord])
def test_a_wake_word_is_no_peer_for_a_couples_own_phrase(
    peer: type[OpenWakeWord | MicroWakeWord],
) -> None:
    with pytest.raises(SpotterMissingError, match=r'no model for any phrase|"calmvoice\[bench\]"'):
        peer("sleepy panda")
