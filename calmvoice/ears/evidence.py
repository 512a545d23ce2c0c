"""How much better a phrase explains a stretch of sound than any other sounds would.

The measure is a log-likelihood ratio in natural logarithms: all ways to say the phrase in the
stretch against all strings of speech sounds, each sound of which costs ``SOUND_COST``; what lies
before and after the phrase may be anything on both sides. It is a number where a strict decode is
yes or no, so that one threshold can be set from a whole operating curve (scripts/bench/ear.py).

Rules: columns are as in ``network``; unit 0 is silence, which may stand between words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from calmvoice.ears.nnet_file import Array

# Among 1.5 to 5, the cost with the fewest misses of "smart mirror" at 0.5 false alarms an hour of
# 23 phrases: 19 % in clean speech, against 18 to 25 %; summed over all ways, not the best way: 28 %.
SOUND_COST = 3.5
SILENCE = 0
APART_ROWS = 10  # two sightings of one phrase are at least 0.3 s apart
NOTHING = -1e9
Row = npt.NDArray[np.float64]
Counts = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Sighting:
    """A phrase found in rows ``first`` to ``last``, both included."""

    first: int
    last: int
    score: float
    silent: int  # rows of silence between its words


class Evidence:
    """What any sounds explain of a stretch; then phrases are held against it."""

    def __init__(self, rows: Array) -> None:
        """Take the network's rows for a stretch."""
        self._rows = rows
        self._before = _forward(rows)
        self._after = _backward(rows)

    def sightings(self, pronunciations: Sequence[Sequence[int]], floor: float) -> list[Sighting]:
        """Return where the phrase is more likely than ``floor``, best of each place, in order.

        A pronunciation is a row of units, with ``SILENCE`` between words.
        """
        found: list[Sighting] = []
        for units in pronunciations:
            scores, starts, silent = self._scores(units)
            found += [
                Sighting(int(starts[t]), int(t), float(scores[t]), int(silent[t]))
                for t in np.flatnonzero(scores > floor)
            ]
        best: list[Sighting] = []
        for sighting in sorted(found, key=lambda s: -s.score):
            if all(abs(sighting.last - other.last) > APART_ROWS for other in best):
                best.append(sighting)
        return sorted(best, key=lambda s: s.last)

    def _scores(self, units: Sequence[int]) -> tuple[Row, Counts, Counts]:
        """Return for a phrase that ends with each row its score, first row and silent rows."""
        wanted = np.array(units)
        enter, stay = self._rows[:, 2 * wanted], self._rows[:, 2 * wanted + 1]
        quiet = wanted == SILENCE
        after_quiet = np.flatnonzero(quiet) + 1  # sounds that may follow without the silence
        reached = np.full(len(units), NOTHING)
        trace = np.zeros((2, len(units)), np.intp)  # of the likeliest way: first row, silent rows
        scores, traces = np.full(len(enter), NOTHING), np.zeros((2, len(enter)), np.intp)
        for t in range(len(enter)):
            coming = np.concatenate([self._before[t : t + 1], reached[:-1]])
            come = np.concatenate([[[t], [0]], trace[:, :-1]], axis=1)
            past = reached[after_quiet - 2]
            likelier = after_quiet[past > coming[after_quiet]]
            come[:, likelier] = trace[:, likelier - 2]
            coming[after_quiet] = np.logaddexp(coming[after_quiet], past)
            coming, staying = coming + enter[t], reached + stay[t]
            trace = np.where(coming > staying, come, trace)
            trace[1] += quiet
            reached = np.logaddexp(coming, staying)
            scores[t] = reached[-1] + self._after[t + 1] - self._before[-1]
            traces[:, t] = trace[:, -1]
        return scores, traces[0], traces[1]


def _forward(rows: Array) -> Row:
    """Return the sum over all strings of sounds up to before each row, and at last over all."""
    enter, stay = rows[:, 0::2] - SOUND_COST, rows[:, 1::2]
    sums = np.zeros(len(rows) + 1)
    inside = np.full(enter.shape[1], NOTHING)
    for t in range(len(rows)):
        inside = np.logaddexp(inside + stay[t], sums[t] + enter[t])
        sums[t + 1] = np.logaddexp.reduce(inside)
    return sums


def _backward(rows: Array) -> Row:
    """Return the sum over all strings of sounds from each row on, begun with a new sound."""
    enter, stay = rows[:, 0::2] - SOUND_COST, rows[:, 1::2]
    sums = np.zeros(len(rows) + 1)
    inside = np.full(enter.shape[1], NOTHING)
    for t in range(len(rows) - 1, -1, -1):
        ahead = np.logaddexp(sums[t + 1], inside)
        sums[t] = np.logaddexp.reduce(enter[t] + ahead)
        inside = stay[t] + ahead
    return sums
