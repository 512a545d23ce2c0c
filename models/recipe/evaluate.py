"""How many sounds a network gets wrong: the best string of units against what was said.

This compares networks with each other; what counts for the product is measured by
``scripts/bench/ear.py``.
"""

from __future__ import annotations

from collections.abc import Sequence

import jax
import numpy as np
import numpy.typing as npt

from models.recipe.data import Prepared, Utterance
from models.recipe.features import to_cepstra
from models.recipe.network import Network, scores, with_edges
from models.recipe.units import SILENCE

FAR = -1e9
Array = npt.NDArray[np.float32]


def unit_errors(network: Network, prepared: Prepared, following: Array, count: int = 60) -> float:
    """Return the share of sounds that are wrong, missing or too many, in ``count`` utterances.

    ``following`` is a trigram of ``lfmmi.chances_of_units``; the utterances are always the same.
    """
    order = np.random.default_rng(3).permutation(len(prepared.utterances))[:count]
    chosen = [prepared.utterances[i] for i in order]
    longest = max(utterance.frames for utterance in chosen)
    run = jax.jit(scores)
    wrong = said = 0
    for utterance in chosen:
        cepstra = to_cepstra(prepared.log_mel(utterance))
        rows = np.asarray(run(network, with_edges(cepstra, network.shape, longest)[None])[0])
        heard = best_units(rows[: -(-utterance.frames // 3)], following)
        right = _said(utterance)
        wrong += distance([unit for unit in heard if unit != SILENCE], right)
        said += len(right)
    return wrong / said


def best_units(rows: Array, following: Array) -> list[int]:
    """Return the likeliest string of units, by the same scores as the denominator's."""
    costs = np.log(following)
    reached = np.full(following.shape[1:], FAR)
    reached[SILENCE] = costs[SILENCE, SILENCE] + rows[0, 0::2]
    stayed: list[npt.NDArray[np.bool_]] = []
    before: list[npt.NDArray[np.intp]] = []
    for row in rows[1:]:
        ways = reached[:, :, None] + costs
        best = ways.argmax(axis=0)
        entered = np.take_along_axis(ways, best[None], axis=0)[0] + row[0::2]
        going_on = reached + row[1::2]
        stayed.append(going_on >= entered)
        before.append(best)
        reached = np.maximum(going_on, entered)
    first, unit = (int(i) for i in np.unravel_index(reached.argmax(), reached.shape))
    units = [unit]
    for stays, best in zip(reversed(stayed), reversed(before), strict=True):
        if not stays[first, unit]:
            first, unit = int(best[first, unit]), first
            units.append(unit)
    return units[::-1]


def distance(a: Sequence[int], b: Sequence[int]) -> int:
    """Return how many items have to be put in, taken out or replaced to make one of the other."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        corner, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            corner, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, corner + (x != y))
    return row[-1]


def _said(utterance: Utterance) -> list[int]:
    return [unit for ways in utterance.words for unit in ways[0]]
