"""What the ears' benchmark counts as heard, missed, late and false; its intervals and bounds."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from counting import (
    Answer,
    Detection,
    Point,
    band,
    beaten,
    curve,
    highest_rate,
    highest_share,
    judge,
    missed_at,
    share,
)
from hypothesis import given
from hypothesis import strategies as st

SCORES = st.lists(st.integers(-3, 3).map(float), min_size=1, max_size=12)


def told(known: float, *, end: float | None = None, answer: Answer = Answer.SURE) -> Detection:
    return Detection(known if end is None else end, known, 5.0, answer)


def test_a_phrase_told_up_to_half_a_second_after_the_clip_is_heard() -> None:
    trial = judge([told(2.5, end=1.9)], 0.5, 2.0, 1.8, "ann")
    assert (trial.sure, trial.late, trial.elsewhere) == (True, False, 0)
    assert trial.latency == pytest.approx(0.7)


def test_told_later_than_that_is_missed_and_late_but_no_false_alarm() -> None:
    trial = judge([told(2.6, end=1.9)], 0.5, 2.0, 1.8, "ann")
    assert (trial.sure, trial.late, trial.elsewhere) == (False, True, 0)
    assert (trial.score, trial.latency) == (-math.inf, None)


def test_told_before_the_clip_or_of_another_place_is_a_false_alarm() -> None:
    trial = judge([told(0.4), told(1.0), told(3.4, end=3.2)], 0.5, 2.0, 1.8, "ann")
    assert (trial.sure, trial.late, trial.elsewhere) == (True, False, 2)


def test_a_doubtful_one_asks_and_is_not_sure() -> None:
    trial = judge([told(1.9, answer=Answer.ASKED)], 0.5, 2.0, 1.8, "ann")
    assert (trial.sure, trial.asked, trial.latency) == (False, True, None)


def test_what_was_let_pass_gives_a_score_and_nothing_else() -> None:
    trial = judge([told(1.9, answer=Answer.PASSED)], 0.5, 2.0, 1.8, "ann")
    assert (trial.sure, trial.asked, trial.elsewhere, trial.score) == (False, False, 0, 5.0)


def test_the_interval_is_wider_when_the_misses_are_one_persons() -> None:
    events = [True] * 10 + [False] * 40
    one_persons = share(events, [f"voice {i // 10}" for i in range(50)])
    everybodys = share(events, [f"voice {i}" for i in range(50)])
    assert one_persons.percent == everybodys.percent == 20.0
    assert one_persons.high - one_persons.low > 1.5 * (everybodys.high - everybodys.low)
    assert everybodys.low < 20 < everybodys.high < everybodys.at_most + 2


def test_no_miss_in_thirty_clips_may_still_be_one_in_ten() -> None:
    none = share([False] * 30, [str(i) for i in range(30)])
    assert (none.percent, none.high) == (0.0, 0.0)
    assert none.at_most == pytest.approx(100 * (1 - 0.05 ** (1 / 30)))
    assert highest_share(30, 30) == 1.0


def test_a_share_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="no clips"):
        share([], [])


def test_nothing_in_an_hour_may_be_three_an_hour() -> None:
    assert highest_rate(0, 1.0) == pytest.approx(-math.log(0.05))
    assert highest_rate(0, 2.0) == pytest.approx(-math.log(0.05) / 2)


@given(st.integers(0, 30), st.floats(0.1, 10))
def test_at_the_bound_so_few_events_come_once_in_twenty(events: int, hours: float) -> None:
    mean = highest_rate(events, hours) * hours
    few = sum(math.exp(-mean) * mean**k / math.factorial(k) for k in range(events + 1))
    assert few == pytest.approx(0.05, abs=1e-6)


@given(SCORES, SCORES)
def test_a_looser_threshold_misses_no_more_and_is_mistaken_no_less(
    positives: list[float], negatives: list[float]
) -> None:
    points = curve(positives, negatives, 0.5)
    for strict, loose in pairwise(points):
        assert strict.false_per_hour <= loose.false_per_hour
        assert strict.missed_percent >= loose.missed_percent
    assert points[-1].false_per_hour == 2 * len(negatives)
    assert points[-1].missed_percent == 0


def test_a_clip_without_any_place_is_missed_at_every_threshold() -> None:
    points = curve([5.0, 4.5, 3.0, -math.inf], [4.0], 2.0)
    assert points == [
        Point(5.0, 0.0, 75.0),
        Point(4.5, 0.0, 50.0),
        Point(4.0, 0.5, 50.0),
        Point(3.0, 0.5, 25.0),
    ]
    assert missed_at(points, 0.5) == 25
    assert missed_at(points[2:], 0.4) == 100


def test_the_band_encloses_the_curve() -> None:
    scores = np.random.default_rng(1).normal(size=60).tolist()
    points = curve(scores, [0.0], 1.0)
    edges = band(scores, [str(i) for i in range(60)], points)
    assert all(
        low <= p.missed_percent <= high for p, (low, high) in zip(points, edges, strict=True)
    )
    assert band(scores, [str(i) for i in range(60)], []) == []


def test_a_peer_is_beaten_only_where_ours_is_no_worse_in_either() -> None:
    ours = [Point(1, 0.0, 10.0), Point(0, 1.0, 5.0)]
    assert beaten([Point(1, 0.0, 12.0), Point(0, 3.0, 6.0)], ours) == 2
    assert beaten([Point(1, 0.0, 10.0), Point(0, 0.5, 6.0)], ours) == 0
    assert beaten([Point(1, 0.5, 10.0)], ours) == 1
