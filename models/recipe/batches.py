"""Utterances of like length side by side, changed a little, in shapes that are compiled once.

XLA compiles a program for each shape of its input, so lengths are rounded up to a few, and the
last batch of a length is filled up with utterances of that length that come twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import jax
import numpy as np
import numpy.typing as npt

from models.recipe import augment
from models.recipe.data import Frames, Prepared, Utterance
from models.recipe.features import to_cepstra
from models.recipe.lfmmi import Transcripts
from models.recipe.network import SUBSAMPLING, Shape, with_edges
from models.recipe.units import SILENCE

SHORTEST, GROWTH = 300, 1.3  # frames of the shortest shape; of each next one as many times more
ROOM = 60  # frames that quiet before and after may take
QUIET_SHARE, NOISE_SHARE = 0.4, 0.02  # utterances with quiet beside them; noise with no word in it


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Batch:
    """What the network is given, ``(batch, frames and context, 40)``, and what was said."""

    cepstra: npt.NDArray[np.float32]
    said: Transcripts


@dataclass(frozen=True)
class _Drawer:
    """Utterances of like length: ``frames`` and ``states`` hold each, ``count`` fit in a batch."""

    utterances: list[Utterance]
    frames: int
    states: int
    count: int


class Batches:
    """All utterances of a prepared folder, in batches of about ``frames`` frames."""

    def __init__(
        self, prepared: Prepared, shape: Shape, frames: int, noises: Sequence[Frames] = ()
    ) -> None:
        self._prepared, self._shape, self._noises = prepared, shape, noises
        self._drawers = list(_drawers(prepared.utterances, frames))

    def __len__(self) -> int:
        """Return the number of batches in which each utterance comes once."""
        return sum(-(-len(d.utterances) // d.count) for d in self._drawers)

    def plain(self) -> Iterator[Batch]:
        """Give every utterance as it is, each said in the first way."""
        for drawer in self._drawers:
            for some in _portions(drawer.utterances, drawer.count):
                yield self._batch(drawer, [self._prepared_one(u) for u in _filled(some, drawer)])

    def shuffled(self, rng: np.random.Generator) -> Iterator[Batch]:
        """Give every utterance, changed, said in one of its ways, in an order of chance."""
        plan: list[tuple[_Drawer, list[Utterance]]] = []
        for drawer in self._drawers:
            mixed = [drawer.utterances[i] for i in rng.permutation(len(drawer.utterances))]
            plan += [(drawer, some) for some in _portions(mixed, drawer.count)]
        for i in rng.permutation(len(plan)):
            drawer, some = plan[i]
            chosen = _filled(some, drawer)
            yield self._batch(drawer, [self._changed_one(u, drawer, rng) for u in chosen])

    def _prepared_one(self, utterance: Utterance) -> _Example:
        log_mel = self._prepared.log_mel(utterance)
        return _Example(log_mel, augment.loudness(log_mel), [ways[0] for ways in utterance.words])

    def _changed_one(
        self, utterance: Utterance, drawer: _Drawer, rng: np.random.Generator
    ) -> _Example:
        if self._noises and rng.random() < NOISE_SHARE:
            noise = augment.noise_alone(self._noises, utterance.frames, rng)
            return _Example(noise, np.zeros(len(noise), np.float32), [])
        log_mel = self._prepared.log_mel(utterance)
        loud = augment.loudness(log_mel)
        log_mel = augment.changed(log_mel, self._noises, rng)
        if self._noises and rng.random() < QUIET_SHARE:
            room = drawer.frames - len(log_mel)
            sides = augment.quiet_beside(log_mel, self._noises, room, rng)
            log_mel = np.concatenate([sides[0], log_mel, sides[1]])
            loud = np.pad(loud, (len(sides[0]), len(sides[1])))
        return _Example(log_mel, loud, [ways[rng.integers(len(ways))] for ways in utterance.words])

    def _batch(self, drawer: _Drawer, examples: Sequence[_Example]) -> Batch:
        rows = [-(-len(e.log_mel) // SUBSAMPLING) for e in examples]
        longest = -(-drawer.frames // SUBSAMPLING)
        said = transcripts([e.words for e in examples], drawer.states, rows, longest)
        cepstra = []
        for i, example in enumerate(examples):
            cepstra.append(with_edges(to_cepstra(example.log_mel), self._shape, drawer.frames))
            said.loud[i, : rows[i]] = example.loud[::SUBSAMPLING]
        return Batch(np.stack(cepstra), said)


@dataclass(frozen=True)
class _Example:
    """One utterance as it goes into a batch."""

    log_mel: Frames
    loud: npt.NDArray[np.float32]
    words: list[list[int]]


def transcripts(
    said: Sequence[Sequence[Sequence[int]]], states: int, rows: Sequence[int], longest: int
) -> Transcripts:
    """Return what is said in each of a batch, words as units, where a pause may be between any two.

    There is room for ``states`` sounds and pauses and ``longest`` rows; ``rows`` are real in each.
    """
    count = len(said)
    made = Transcripts(
        units=np.zeros((count, states), np.int32),
        optional=np.zeros((count, states), np.bool_),
        states=np.zeros(count, np.int32),
        rows=np.array(rows, np.int32),
        loud=np.zeros((count, longest), np.float32),
    )
    for i, words in enumerate(said):
        units = with_pauses(words)
        made.states[i] = len(units)
        made.units[i, : len(units)] = units
        made.optional[i, : len(units)] = [len(units) > 1 and u == SILENCE for u in units]
    return made


def with_pauses(words: Sequence[Sequence[int]]) -> list[int]:
    """Return the units of words, with a pause before, between and after them."""
    units = [SILENCE]
    for word in words:
        units += [*word, SILENCE]
    return units


def _drawers(utterances: Sequence[Utterance], frames: int) -> Iterator[_Drawer]:
    """Sort utterances into lengths, each ``GROWTH`` times the one before."""
    left = sorted(utterances, key=lambda u: u.frames)
    limit = float(SHORTEST)
    while left:
        some = [u for u in left if u.frames <= limit]
        left = left[len(some) :]
        padded = SUBSAMPLING * (round(limit + ROOM) // SUBSAMPLING)
        if some:
            count = min(max(1, frames // padded), len(some))
            yield _Drawer(some, padded, max(u.states for u in some), count)
        limit *= GROWTH


def _portions(utterances: list[Utterance], count: int) -> Iterator[list[Utterance]]:
    for first in range(0, len(utterances), count):
        yield utterances[first : first + count]


def _filled(some: Sequence[Utterance], drawer: _Drawer) -> list[Utterance]:
    """Fill up a batch that is not full by giving utterances of the same length again."""
    missing = drawer.count - len(some)
    return [*some, *drawer.utterances[:missing]]
