"""Counting wrong sounds: the best string of units, and how far two strings are apart."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from models.recipe.evaluate import best_units, distance
from models.recipe.lfmmi import chances_of_units

UNITS = 4
short = st.lists(st.integers(0, 3), max_size=6)


def rows_of(*outputs: int) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    rows = np.zeros((len(outputs), 2 * UNITS), np.float32)
    rows[np.arange(len(outputs)), outputs] = 8.0
    return rows


def test_the_best_string_is_the_one_that_sounds() -> None:
    following = chances_of_units([[1, 2, 2, 3]], UNITS)
    heard = best_units(rows_of(0, 1, 2, 3, 3, 4, 4, 5, 6, 7), following)
    assert heard == [0, 1, 2, 2, 3]


def test_a_unit_that_follows_often_wins_over_one_that_sounds_as_well() -> None:
    rows = rows_of(0, 2, 4)
    rows[2, 6] = 8.0
    assert best_units(rows, chances_of_units([[1, 2]] * 20 + [[1, 3]], UNITS)) == [0, 1, 2]
    assert best_units(rows, chances_of_units([[1, 3]] * 20 + [[1, 2]], UNITS)) == [0, 1, 3]


@given(short, short, short)
def test_the_distance_is_a_distance(a: list[int], b: list[int], c: list[int]) -> None:
    assert (distance(a, b) == 0) == (a == b)
    assert distance(a, b) == distance(b, a)
    assert distance(a, c) <= distance(a, b) + distance(b, c)


def test_each_change_counts_one() -> None:
    assert distance([1, 2, 3], [1, 3]) == distance([1, 3], [1, 2, 3]) == 1
    assert distance([1, 2, 3], [1, 0, 3]) == 1
    assert distance([1, 2, 3], []) == 3
