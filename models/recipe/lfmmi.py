"""Lattice-free MMI from a flat start: what was said against everything that could have been.

The objective is the difference of two sums over paths, each path's score being the sum of the
network's outputs along it: the numerator over all times and pauses at which the transcript's sounds
can have been said, the denominator over all strings of sounds, weighed by the chance of three in a
row. Both are forward passes; JAX differentiates through them, and what comes out are the
occupations that other programs compute by a backward pass.

Rules: the chances of staying in a sound or leaving it are the same everywhere and left out, since
each path of n rows pays them n − 1 times. ``FAR`` stands for minus infinity, whose differences
would be no numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from models.recipe.units import SILENCE

FAR = -1e30
PSEUDO_COUNTS = 20.0  # of the next lower order, in the trigram
HOPELESS = -20.0  # a row, on average: a transcript that does not fit its sound
ENTRY_COST = 1.5  # of a pause; without it the flat start hears pauses everywhere
ENERGY_DECAY = 2.5e-4


class Transcripts(NamedTuple):
    """What was said in each utterance of a batch.

    ``units``: ``(batch, states)`` sounds in order, padded; ``optional``: which of them may be left
    out (pauses), never two in a row; ``states`` and ``rows``: ``(batch,)``, how many sounds and
    rows of the network's output are real; ``loud``: ``(batch, rows)``, 0 where there may be a
    pause, 1 where it is too loud for one.
    """

    units: npt.NDArray[np.int32]
    optional: npt.NDArray[np.bool_]
    states: npt.NDArray[np.int32]
    rows: npt.NDArray[np.int32]
    loud: npt.NDArray[np.float32]


def chances_of_units(
    strings: Iterable[Sequence[int]], units: int, *, pairs: bool = False
) -> npt.NDArray[np.float32]:
    """Return the chance of each unit after two others, ``(units, units, units)``.

    With ``pairs`` it is the chance after one other, ``(1, units, units)``: the sum over all strings
    is then eight times faster, and less exact. Each string is taken to stand between pauses.
    Orders are interpolated, nothing is impossible.
    """
    counts = np.zeros((units, units, units))
    for string in strings:
        padded = np.array([SILENCE, SILENCE, *string, SILENCE])
        np.add.at(counts, (padded[:-2], padded[1:-1], padded[2:]), 1.0)
    chances = (counts.sum(axis=(0, 1)) + 1.0) / (counts.sum() + units)
    for seen in (counts.sum(axis=0, keepdims=True), counts)[: 1 if pairs else 2]:
        total = seen.sum(axis=-1, keepdims=True)
        chances = (seen + PSEUDO_COUNTS * chances) / (total + PSEUDO_COUNTS)
    return np.asarray(chances, np.float32)


def denominator(scores: jax.Array, rows: npt.ArrayLike, following: npt.ArrayLike) -> jax.Array:
    """Return the logarithm of the sum over all strings of units, ``(batch,)``.

    ``scores``: ``(batch, rows, 2 units)``; ``following``: of ``chances_of_units``. A state is the
    unit that sounds and the one before it; sums are kept in a usual range by scaling each row.
    """
    best = jax.lax.stop_gradient(scores.max(axis=2, keepdims=True))
    chances = jnp.exp(scores - best).swapaxes(0, 1)
    enter, stay = chances[..., 0::2], chances[..., 1::2]
    following = jnp.asarray(following)
    contexts, units, _ = following.shape

    def scaled(reached: jax.Array) -> tuple[jax.Array, jax.Array]:
        total = reached.sum(axis=(0, 2))
        return reached / total[:, None], jnp.log(total)

    def step(
        carry: tuple[jax.Array, jax.Array], row: tuple[jax.Array, jax.Array, jax.Array]
    ) -> tuple[tuple[jax.Array, jax.Array], None]:
        reached, total = carry
        entering, staying, real = row
        moved = jnp.einsum("pbc,pcn->cbn" if contexts > 1 else "pbc,pcn->bn", reached, following)
        new, more = scaled(reached * staying + moved * entering)
        kept = jnp.where(real[:, None], new, reached)
        return (kept, total + jnp.where(real, more, 0.0)), None

    at_first = jnp.zeros((contexts, len(scores), units))
    at_first = at_first.at[SILENCE].set(following[SILENCE, SILENCE] * enter[0])
    real = jnp.arange(1, scores.shape[1])[:, None] < jnp.asarray(rows)
    (_, total), _ = jax.lax.scan(step, scaled(at_first), (enter[1:], stay[1:], real))
    lengths = jnp.arange(scores.shape[1]) < jnp.asarray(rows)[:, None]
    return total + jnp.sum(best[..., 0] * lengths, axis=1)


def numerator(scores: jax.Array, said: Transcripts) -> jax.Array:
    """Return the logarithm of the sum over all ways of saying the transcript, ``(batch,)``.

    It is near ``FAR`` where the rows are too few for its sounds.
    """
    units = jnp.asarray(said.units)[:, None]
    enter = jnp.take_along_axis(scores, 2 * units, axis=2).swapaxes(0, 1)
    stay = jnp.take_along_axis(scores, 2 * units + 1, axis=2).swapaxes(0, 1)
    optional = jnp.asarray(said.optional)
    over = jnp.pad(optional[:, :-1], ((0, 0), (1, 0)))  # may be reached past the one before

    def later(reached: jax.Array, by: int) -> jax.Array:
        return jnp.pad(reached, ((0, 0), (by, 0)), constant_values=FAR)[:, :-by]

    def step(
        reached: jax.Array, row: tuple[jax.Array, jax.Array, jax.Array]
    ) -> tuple[jax.Array, None]:
        entering, staying, real = row
        moved = jnp.logaddexp(later(reached, 1), jnp.where(over, later(reached, 2), FAR))
        new = jnp.logaddexp(reached + staying, moved + entering)
        return jnp.where(real[:, None], jnp.maximum(new, FAR), reached), None

    place = jnp.arange(units.shape[2])
    first = (place == 0) | ((place == 1) & over)
    real = jnp.arange(1, scores.shape[1])[:, None] < jnp.asarray(said.rows)
    at_first = jnp.where(first, enter[0], FAR)
    reached, _ = jax.lax.scan(step, at_first, (enter[1:], stay[1:], real))
    last = jnp.asarray(said.states)[:, None] - 1
    final = (place == last) | ((place == last - 1) & jnp.take_along_axis(optional, last, axis=1))
    return jax.scipy.special.logsumexp(jnp.where(final, reached, FAR), axis=1)


def objective(
    scores: jax.Array, said: Transcripts, following: npt.ArrayLike, guidance: npt.ArrayLike
) -> tuple[jax.Array, jax.Array]:
    """Return the loss to lower, and the mean log chance a row of what was said.

    ``guidance`` is the cost of a pause where it is loud: from a flat start it tells speech from
    pauses, and should fade to 0 as the network learns to. A transcript that cannot fit, or that is
    hopeless, teaches nothing.
    """
    pauses = jnp.zeros(scores.shape[2]).at[jnp.array([2 * SILENCE, 2 * SILENCE + 1])].set(1.0)
    loud = jnp.asarray(said.loud)[..., None]
    guided = scores - jnp.asarray(guidance) * loud * pauses
    guided = guided.at[..., 2 * SILENCE].add(-ENTRY_COST)
    rows = jnp.asarray(said.rows)
    gain = numerator(guided, said) - denominator(scores, rows, following)
    total = jnp.sum(jnp.where(gain / rows > HOPELESS, gain, 0.0)) / rows.sum()
    real = (jnp.arange(scores.shape[1]) < rows[:, None])[..., None]
    energy = jnp.sum(jnp.where(real, scores, 0.0) ** 2) / rows.sum()
    return ENERGY_DECAY * energy - total, total
