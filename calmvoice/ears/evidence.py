"""How much better a phrase explains a stretch of sound than any other sounds would.

The measure is a log-likelihood ratio in natural logarithms: all ways to say the phrase in the
stretch against all strings of speech sounds, each sound of which costs ``SOUND_COST``; what lies
before and after the phrase may be anything on both sides. It is a number where a strict decode is
yes or no, so that a threshold can be set from a whole operating curve (scripts/bench/ear.py).

Rules: columns are as in ``network``; unit 0 is silence, which may stand between words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import sliding_window_view

from calmvoice.ears.nnet_file import Array

# Of 1.5 to 5 the cost with the fewest misses: at 2 false alarms an hour, over 23 phrases, 7 % of
# "smart mirror" (9 % at 4, 22 % at 1.5); 18 % if only the likeliest way counted instead of all.
SOUND_COST = 3.5
SILENCE = 0
LEAD_ROWS = 20  # a rival may begin up to 0.6 s before the phrase …
SHIFT_ROWS = 6  # … and end up to 0.2 s before or after it
# Whether somebody talks is heard in 0.12 s before a phrase, and after it in the most silent 0.12 of
# 0.36 s. The row next to it is left out: in it a sound still fades; in noise and in rooms that ring
# it fades for longer, and talk hardly ever pauses so soon. In noise 14 % of the takes are missed
# so, and 18 % with the mean of 0.18 s after a phrase, at as many false alarms; with 0.36 s before
# it no fewer, and a call may follow other words closely.
BEFORE_ROWS, AFTER_ROWS, PAUSE_ROWS, SPARE_ROWS = 4, 12, 4, 1
NOTHING = -1e9
Sums = npt.NDArray[np.float64]
Counts = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Sighting:
    """A phrase found in rows ``first`` to ``last``, both included."""

    first: int
    last: int
    score: float
    silent: int  # rows of silence between its words


class Ways:
    """Several strings of units, side by side for one pass: ``(ways, longest)``, padded.

    Each may have a cost, which is taken off its score.
    """

    def __init__(self, strings: Sequence[Sequence[int]], costs: Sequence[float] = ()) -> None:
        self.costs = np.array(costs or [0.0] * len(strings))
        longest = max(map(len, strings))
        self.units = np.full((len(strings), longest), SILENCE)
        for row, string in zip(self.units, strings, strict=True):
            row[: len(string)] = string
        self.ends = np.array([len(string) - 1 for string in strings])
        quiet = self.units == SILENCE
        self.quiet = quiet
        self.skips = np.zeros_like(quiet)  # sounds that may follow without the silence before them
        self.skips[:, 2:] = quiet[:, 1:-1]


class Evidence:
    """What any sounds explain of a stretch; then phrases are held against it."""

    def __init__(self, rows: Array) -> None:
        """Take the network's rows for a stretch."""
        self._rows = rows
        self._before, silent_before = _forward(rows)
        self._after, silent_after = _backward(rows)
        self._silence = np.exp(np.minimum(silent_before + silent_after - self._before[-1], 0.0))

    def sightings(self, phrase: Ways, floor: float) -> list[Sighting]:
        """Return where the phrase scores above ``floor``, in order; none overlaps a better one."""
        scores, firsts, silent = self._scores(phrase, 0, len(self._rows))
        found = [
            Sighting(int(firsts[t, way]), int(t), float(scores[t, way]), int(silent[t, way]))
            for t, way in np.argwhere(scores > floor)
        ]
        best: list[Sighting] = []
        for sighting in sorted(found, key=lambda s: -s.score):
            if all(sighting.first > o.last or sighting.last < o.first for o in best):
                best.append(sighting)
        return sorted(best, key=lambda s: s.last)

    def best_rival(self, rivals: Ways, place: Sighting) -> float:
        """Return the highest score of any rival in the place of a sighting."""
        first = max(0, place.first - LEAD_ROWS)
        scores, _, _ = self._scores(
            rivals, first, min(len(self._rows), place.last + SHIFT_ROWS + 1)
        )
        return float(scores[max(0, place.last - SHIFT_ROWS - first) :].max())

    def talk_around(self, place: Sighting) -> tuple[float, float]:
        """Return how likely it is that somebody speaks before and after a sighting, 0 to 1.

        It is one less the mean share of all strings that are silent there (the forward-backward
        probability of silence), in the ``PAUSE_ROWS`` that are most silent; nothing is known
        beyond an end of the stretch, and then it is 0.
        """
        first, end = max(0, place.first - SPARE_ROWS), place.last + 1 + SPARE_ROWS
        before = self._silence[max(0, first - BEFORE_ROWS) : first]
        return _talk(before), _talk(self._silence[end : end + AFTER_ROWS])

    def _scores(self, ways: Ways, first: int, stop: int) -> tuple[Sums, Counts, Counts]:
        """Return score, first row and silent rows of each way that ends with each row."""
        rows = self._rows[first:stop]
        enter, stay = rows[:, 2 * ways.units], rows[:, 2 * ways.units + 1]
        count, size = ways.units.shape
        reached, nowhere = np.full((count, size), NOTHING), np.full((count, 2), NOTHING)
        trace = np.zeros((2, count, size), np.intp)  # of the likeliest way: first row, silent rows
        scores, traces = np.empty((len(rows), count)), np.empty((len(rows), 2, count), np.intp)
        ends = (np.arange(count), ways.ends)
        for i in range(len(rows)):
            came = np.zeros_like(trace)
            came[:, :, 1:], came[0, :, 0] = trace[:, :, :-1], first + i
            coming = np.concatenate([nowhere[:, 1:], reached[:, :-1]], axis=1)
            coming[:, 0] = self._before[first + i]
            past = np.where(
                ways.skips, np.concatenate([nowhere, reached], axis=1)[:, :size], NOTHING
            )
            skipped = past > coming
            came[:, :, 2:] = np.where(skipped[:, 2:], trace[:, :, :-2], came[:, :, 2:])
            coming, staying = np.logaddexp(coming, past) + enter[i], reached + stay[i]
            trace = np.where(coming > staying, came, trace)
            trace[1] += ways.quiet
            reached = np.logaddexp(coming, staying)
            scores[i] = reached[ends] + self._after[first + i + 1] - self._before[-1]
            traces[i] = trace[:, ends[0], ends[1]]
        return scores - ways.costs, traces[:, 0], traces[:, 1]


def _talk(silence: Sums) -> float:
    """Return one less the highest mean of ``PAUSE_ROWS`` in a row, or of all if they are fewer."""
    if not len(silence):
        return 0.0
    means = sliding_window_view(silence, min(PAUSE_ROWS, len(silence))).mean(axis=1)
    return 1.0 - float(means.max())


def _forward(rows: Array) -> tuple[Sums, Sums]:
    """Return two logarithms of sums over strings of sounds: ``(rows + 1,)`` and ``(rows,)``.

    All strings up to before each row, and at last up to the end; and those silent in each row.
    """
    enter, stay = rows[:, 0::2] - SOUND_COST, rows[:, 1::2]
    sums, silent = np.zeros(len(rows) + 1), np.empty(len(rows))
    inside = np.full(enter.shape[1], NOTHING)
    for t in range(len(rows)):
        inside = np.logaddexp(inside + stay[t], sums[t] + enter[t])
        silent[t] = inside[SILENCE]
        sums[t + 1] = np.logaddexp.reduce(inside)
    return sums, silent


def _backward(rows: Array) -> tuple[Sums, Sums]:
    """Return two logarithms of sums over strings of sounds: ``(rows + 1,)`` and ``(rows,)``.

    All strings from each row on, begun with a new sound; and what may follow silence in each row.
    """
    enter, stay = rows[:, 0::2] - SOUND_COST, rows[:, 1::2]
    sums, silent = np.zeros(len(rows) + 1), np.empty(len(rows))
    inside = np.full(enter.shape[1], NOTHING)
    for t in range(len(rows) - 1, -1, -1):
        ahead = np.logaddexp(sums[t + 1], inside)
        silent[t] = ahead[SILENCE]
        sums[t] = np.logaddexp.reduce(enter[t] + ahead)
        inside = stay[t] + ahead
    return sums, silent
