"""The sums of LF-MMI against every path counted by itself, their slopes against differences."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.recipe.lfmmi import (
    Transcripts,
    chances_of_units,
    denominator,
    numerator,
    objective,
)
from models.recipe.units import SILENCE

UNITS, ROWS = 3, 4
HEARD = [[1, 2], [2, 1, 1]]
TRIGRAM = chances_of_units(HEARD, UNITS)
BIGRAM = chances_of_units(HEARD, UNITS, pairs=True)
Array = npt.NDArray[np.float32]
sum_of_all, sum_of_said = jax.jit(denominator), jax.jit(numerator)  # compiled once


def random_scores(seed: int, batch: int = 1) -> Array:
    rng = np.random.default_rng(seed)
    return rng.normal(0, 2, (batch, ROWS, 2 * UNITS)).astype(np.float32)


def said(units: list[int], rows: int = ROWS) -> Transcripts:
    """One utterance in which every silence may be left out."""
    return Transcripts(
        units=np.array([[*units, 0, 0]], np.int32),
        optional=np.array([[*(u == SILENCE for u in units), False, False]]),
        states=np.array([len(units)], np.int32),
        rows=np.array([rows], np.int32),
        loud=np.zeros((1, ROWS), np.float32),
    )


def lasting(units: tuple[int, ...], rows: int) -> Iterator[list[int]]:
    """Every way of giving each unit one row or more: the outputs that are added up."""
    for lengths in product(range(1, rows + 1), repeat=len(units)):
        if sum(lengths) == rows:
            yield [
                2 * unit + (i > 0)
                for unit, length in zip(units, lengths, strict=True)
                for i in range(length)
            ]


def chance(units: tuple[int, ...], following: Array) -> float:
    padded = (SILENCE, SILENCE, *units)
    triples = zip(padded, padded[1:], padded[2:], strict=False)
    return float(np.prod([following[a if len(following) > 1 else 0, b, c] for a, b, c in triples]))


def sum_over(strings: list[tuple[int, ...]], scores: Array, rows: int, following: Array) -> float:
    total = 0.0
    for units in strings:
        for outputs in lasting(units, rows):
            score = sum(float(scores[row, output]) for row, output in enumerate(outputs))
            total += chance(units, following) * np.exp(score)
    return float(np.log(total))


@pytest.mark.parametrize("following", [TRIGRAM, BIGRAM], ids=["trigram", "bigram"])
@given(seed=st.integers(0, 10**6), rows=st.integers(1, ROWS))
@settings(max_examples=15, deadline=None)
def test_the_denominator_is_the_sum_over_all_strings(
    following: Array, seed: int, rows: int
) -> None:
    scores = random_scores(seed, batch=2)
    strings = [s for n in range(1, rows + 1) for s in product(range(UNITS), repeat=n)]
    [first, second] = np.asarray(sum_of_all(scores, np.array([rows, ROWS]), following))
    assert first == pytest.approx(sum_over(strings, scores[0], rows, following), abs=1e-4)
    strings = [s for n in range(1, ROWS + 1) for s in product(range(UNITS), repeat=n)]
    assert second == pytest.approx(sum_over(strings, scores[1], ROWS, following), abs=1e-4)


@given(seed=st.integers(0, 10**6), rows=st.integers(2, ROWS))
@settings(max_examples=15, deadline=None)
def test_the_numerator_is_the_sum_over_all_times_and_pauses(seed: int, rows: int) -> None:
    scores = random_scores(seed)
    strings = [
        (*(0,) * before, 1, *(0,) * between, 2, *(0,) * after)
        for before, between, after in product((0, 1), repeat=3)
    ]
    anything = np.ones_like(TRIGRAM)
    [total] = np.asarray(sum_of_said(scores, said([0, 1, 0, 2, 0], rows)))
    assert total == pytest.approx(sum_over(strings, scores[0], rows, anything), abs=1e-4)


@pytest.mark.parametrize("following", [TRIGRAM, BIGRAM], ids=["trigram", "bigram"])
def test_the_slope_is_the_difference_that_a_small_change_makes(following: Array) -> None:
    with jax.enable_x64(True):
        scores = jnp.asarray(random_scores(7), np.float64)
        transcript = said([0, 1, 0, 2, 0])._replace(loud=np.ones((1, ROWS), np.float32))

        @jax.jit
        def loss(scores: jax.Array) -> jax.Array:
            return objective(scores, transcript, following.astype(np.float64), 2.0)[0]

        slope = np.asarray(jax.grad(loss)(scores))
        for row, output in product(range(ROWS), range(2 * UNITS)):
            small = np.zeros(scores.shape)
            small[0, row, output] = 1e-5
            change = (float(loss(scores + small)) - float(loss(scores - small))) / 2e-5
            assert slope[0, row, output] == pytest.approx(change, abs=1e-8)


def test_each_row_is_shared_out_among_the_outputs_whole() -> None:
    scores = jnp.asarray(random_scores(3))
    slope = jax.grad(lambda x: denominator(x, np.array([3]), TRIGRAM)[0])(scores)
    np.testing.assert_allclose(slope[0].sum(axis=1), [1, 1, 1, 0], atol=1e-5)


def test_a_transcript_too_long_for_its_sound_teaches_nothing() -> None:
    scores = jnp.asarray(random_scores(3))
    too_long = said([1, 2, 1, 2, 1])

    def gain(scores: jax.Array) -> jax.Array:
        return objective(scores, too_long, TRIGRAM, 0.0)[1]

    assert gain(scores) == 0.0
    assert not jax.grad(gain)(scores).any()


def test_a_pause_costs_more_where_it_is_loud() -> None:
    loud = said([0, 1, 0])._replace(loud=np.array([[0, 1, 1, 0]], np.float32))
    scores = jnp.zeros((1, ROWS, 2 * UNITS))
    slopes = jax.grad(lambda x: objective(x, loud, TRIGRAM, 6.0)[1])(scores)[0, :, 2 * SILENCE :]
    wanted_pause = slopes[:, 2 * SILENCE] + slopes[:, 2 * SILENCE + 1]
    assert min(wanted_pause[0], wanted_pause[3]) > max(wanted_pause[1], wanted_pause[2])


@given(st.lists(st.lists(st.integers(1, UNITS - 1), max_size=6), max_size=5), st.booleans())
@settings(deadline=None)
def test_what_follows_is_a_chance_and_never_impossible(
    strings: list[list[int]], pairs: bool
) -> None:
    following = chances_of_units(strings, UNITS, pairs=pairs)
    np.testing.assert_allclose(following.sum(axis=-1), 1.0, atol=1e-5)
    assert following.min() > 0
