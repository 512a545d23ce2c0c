"""The tables of the ears' benchmark, from what two spotters found in the same scenes."""

from __future__ import annotations

import math

import ear_tables
import pytest
from counting import Trial
from listening import OURS, Outcome, Passage


def clip(speaker: str, score: float, *, sure: bool = False, asked: bool = False) -> Trial:
    return Trial(
        speaker, score, sure, asked, late=False, elsewhere=0, latency=0.3 if sure else None
    )


def outcome(spotter: str, clips: list[Trial], scores: tuple[float, ...], sure: int) -> Outcome:
    speech = Passage(hours=2.0, sure=sure, asked=1, scores=scores, cpu_percent=3.0)
    return Outcome(spotter, "sleepy panda", trials={"clean": clips}, other=speech)


OUR_CLIPS = [
    clip("ann", 9.0, sure=True),
    clip("bob", 4.0, asked=True),
    clip("espeak_en", -math.inf),
    clip("cleo", 8.0, sure=True),
]


def test_a_doubtful_one_is_missed_by_the_sure_and_not_by_those_who_are_asked() -> None:
    everybody, people = ear_tables.missed(outcome(OURS, OUR_CLIPS, (), 0))
    assert everybody["missed"]["percent"] == 50
    assert everybody["missed_or_asked"]["percent"] == 25
    assert (people["condition"], people["clips"]) == ("clean, without espeak", 3)
    assert people["missed_or_asked"]["percent"] == 0
    assert everybody["latency_p50"] == pytest.approx(0.3)


def test_what_is_listened_for_twelvefold_is_counted_for_each_phrase() -> None:
    row = ear_tables.false(outcome(OURS, [], (5.0, 3.0, 2.0), sure=2), phrases=12)
    assert row["hours"] == 24
    assert row["sure_per_hour"] == pytest.approx(1 / 12)
    assert row["sure_per_hour"] < row["sure_at_most"] < row["either_at_most"]
    assert row["noise_sure"] is None


def test_a_peer_is_asked_what_it_misses_at_our_rate_of_false_alarms() -> None:
    ours = outcome(OURS, OUR_CLIPS, (1.0,), sure=0)
    theirs = [clip("ann", -10.0), clip("bob", -20.0), clip("espeak_en", -30.0), clip("cleo", -40.0)]
    peer = outcome("PocketSphinx", theirs, (-15.0, -35.0), sure=1)
    (row,) = ear_tables.side_by_side(ours, peer)
    assert (row["ours_missed"], row["peer_missed"]) == (50, 75)
    assert (row["beaten"], row["points"]) == (5, 6)


def test_near_phrases_taken_for_the_signal_are_counted_with_and_without_espeak() -> None:
    found = Outcome(OURS, "sleepy panda", near={"sleepy sander": [
        clip("espeak_en", 9.0, sure=True), clip("ann", 4.0, asked=True), clip("bob", -math.inf),
    ]})  # fmt: skip
    (row,) = ear_tables.near(found)
    assert (row["clips"], row["sure_without_espeak"], row["asked"]) == (3, 0, 1)
    assert row["sure"]["percent"] == pytest.approx(100 / 3)
