"""Ordinary talk, as the model's own language has it: a sample to look for a phrase's sounds in.

Rules: the sample is drawn from the word pairs that came with the model, always the same one, so
that it needs no text and a phrase is judged alike everywhere; it takes a second, and is not
needed for listening.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from calmvoice.ears.fst import read_graph, read_symbols
from calmvoice.ears.lexicon import Lexicon

WORDS = 100_000  # eleven hours of talk
WORDS_AN_HOUR = 9_000  # 150 a minute, without pauses
CHAINS = 1_000  # drawn side by side

Distances = npt.NDArray[np.float32]


class Talk:
    """What people say, by one model's word pairs; empty for a model of another make."""

    def __init__(self, model_path: Path, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._numbers: dict[str, int] = {}
        self._sounds = np.zeros(0, np.intp)
        self.hours = 0.0
        try:
            self._states, self._arcs = read_graph(model_path / "graph/Gr.fst")
            names = read_symbols(model_path / "graph/words.txt")
        except (OSError, ValueError, IndexError, struct.error):
            return
        self._numbers = {name: i for i, name in enumerate(names)}
        self._sample(names)

    def said_per_hour(self, phrase: str) -> float:
        """Return how often the words of a phrase follow one another in an hour of talk."""
        numbers = [self._numbers.get(word) for word in phrase.split()]
        if None in numbers or not numbers:
            return 0.0
        state, cost = 0, 0.0
        for number in numbers:
            arcs = self._arcs_of(state)
            found = arcs[arcs["input"] == number]
            if not len(found) and state:
                back = arcs[arcs["input"] == 0]
                cost += float(back["weight"][0]) if len(back) else 0.0
                arcs = self._arcs_of(0)
                found = arcs[arcs["input"] == number]
            if not len(found):
                return 0.0
            cost, state = cost + float(found["weight"][0]), int(found["next"][0])
        return WORDS_AN_HOUR * float(np.exp(-cost))

    def share(self, word: str) -> float:
        """Return how many of all words said are this one."""
        return self.said_per_hour(word) / WORDS_AN_HOUR

    def distances(self, ways: Sequence[tuple[str, ...]]) -> Distances:
        """Return how far each stretch of the talk is from the nearest of strings, in sounds.

        One number a stretch as long as the shortest: that of the place in it most like one.
        """
        size = min(map(len, ways))
        nearest = np.min([self._to_each_place(way) for way in ways], axis=0)
        stretches: Distances = nearest[: len(nearest) // size * size].reshape(-1, size).min(axis=1)
        return stretches

    def _to_each_place(self, spoken: tuple[str, ...]) -> Distances:
        """Return the least that it costs to hear the string end with each sound of the talk."""
        text = self._sounds
        steps = np.arange(len(text) + 1, dtype=np.float32)
        row = np.zeros(len(text) + 1, np.float32)
        for sound in spoken:
            before, row = row, row + 1
            np.minimum(row[1:], before[:-1] + self._lexicon.costs(sound)[text], out=row[1:])
            row = np.minimum.accumulate(row - steps) + steps
        return row[1:]

    def _arcs_of(self, state: int) -> npt.NDArray[np.void]:
        first, many = int(self._states[state]["first"]), int(self._states[state]["arcs"])
        return self._arcs[first : first + many]

    def _sample(self, names: list[str]) -> None:
        """Draw words, each by the one before it."""
        rng = np.random.default_rng(0)
        ends = np.cumsum(np.exp(-self._arcs["weight"].astype(np.float64)))
        first = self._states["first"].astype(np.intp)
        last = first + self._states["arcs"].astype(np.intp) - 1
        starts = np.concatenate([[0.0], ends])[first]
        states = np.zeros(CHAINS, np.intp)
        drawn: list[npt.NDArray[np.int32]] = []
        count = 0
        while count < WORDS:
            low = starts[states]
            at = np.searchsorted(ends, low + rng.random(CHAINS) * (ends[last[states]] - low))
            at = np.clip(at, first[states], last[states])
            states = self._arcs["next"][at].astype(np.intp)
            drawn.append(self._arcs["input"][at])
            count += int((drawn[-1] > 0).sum())
        words = np.array(drawn).T.ravel()  # one chain after the other
        sounds = {int(n): self._lexicon.sounds_of(names[n]) for n in np.unique(words) if n}
        self._sounds = np.concatenate([sounds[n] for n in words.tolist() if n])
        self.hours = count / WORDS_AN_HOUR
