"""How words are pronounced and which sound alike: the model's from its graph, others as spelled.

Rules: only what the file says is trusted: a graph of another make gives an empty lexicon, which
knows no other words either, and the ears then work without decoys. CalmVoice's graph is a tree of
phones (models/recipe): from the start state each path of forward arcs, begin (``_B``) to end
(``_E``), is one word. It stays in memory: pronunciations are rows of a table, not Python's objects
(4 MB instead of 17).
"""

from __future__ import annotations

import math
import struct
from collections.abc import Sequence
from functools import cache
from itertools import islice, product
from pathlib import Path

import numpy as np
import numpy.typing as npt

from calmvoice.ears.fst import read_graph, read_symbols
from calmvoice.ears.letters import WAYS, sounds_of

NEAR_LIMIT = 0.5  # phone distance over length: half of the sounds differ
DECOYS_PER_WORD = 12  # 6 let 20 of 33 "mellow night" pass, 12 none, 20 no fewer
LONGEST = 14  # phones; longer words are no rivals of anything people agree on

VOWELS = ("AA", "AE", "AH", "AO", "AW", "AY", "EH", "ER", "EY", "IH", "IY", "OW", "OY", "UH", "UW")
ALIKE = ("P B", "T D", "K G", "S Z", "SH ZH CH JH", "F V TH DH", "M N NG", "L R W Y")


class Lexicon:
    """Pronunciations of the words of one model; building it takes half a second."""

    def __init__(self, model_path: Path) -> None:
        self._near: dict[tuple[str, int], list[str]] = {}
        self._guessed: dict[str, list[tuple[str, ...]]] = {}
        self._taught: dict[str, list[tuple[str, ...]]] = {}
        self.units: tuple[str, ...] = ()  # sounds in the order of the network's columns
        self._keep({}, [], [])
        try:
            self._read(model_path / "graph")
        except (OSError, ValueError, IndexError, KeyError, struct.error):
            self.units = ()

    def __len__(self) -> int:
        """Return the number of pronunciations."""
        return len(self._words)

    def __contains__(self, word: str) -> bool:
        """Say whether the model itself knows a word, without guessing or being taught."""
        return bool(len(self._rows_of(word)))

    def pronunciations(self, word: str) -> list[tuple[str, ...]]:
        """Return the phones of a word (ARPAbet without stress), one tuple a pronunciation.

        Taught ones come first, then the model's; those of other words are guessed from their
        letters (0.1 s, once). Nothing for what cannot be said, and from an empty lexicon.
        """
        if word in self._taught:
            return self._taught[word]
        if len(rows := self._rows_of(word)):
            return [self._said(row) for row in rows]
        if word not in self._guessed and len(self):
            self._guessed[word] = [way[:LONGEST] for way in sounds_of(word)]
        return self._guessed.get(word, [])

    def ways_to_say(self, phrase: str) -> list[tuple[str, ...]]:
        """Return the sounds of a phrase, one tuple a way; nothing if a word cannot be said."""
        words = [self.pronunciations(word) for word in phrase.split()]
        return [sum(parts, ()) for parts in islice(product(*words), WAYS)] if words else []

    def teach(self, word: str, sounds_like: str) -> None:
        """Let a word be said like other words: "siobhan" like "shiv on"; raises ``ValueError``."""
        joined = self.ways_to_say(" ".join(part for part in sounds_like.split() if part != word))
        if not joined:
            raise ValueError(f"nobody can say {sounds_like!r}")
        self._taught[word] = [way[:LONGEST] for way in joined]
        self._near.clear()

    def near(self, word: str, count: int = DECOYS_PER_WORD) -> list[str]:
        """Return the words nearest in sound, nearest first.

        Left out is what sounds the same, and a word grown from the other ("computers"): the
        end of a word is the first thing to be swallowed or dragged.
        """
        if (word, count) not in self._near:
            self._near[word, count] = self._search(word, count)
        return self._near[word, count]

    def _search(self, word: str, count: int) -> list[str]:
        """Compare a word with all others; 40 ms."""
        spoken = self.pronunciations(word)
        if not spoken:
            return []
        best: dict[tuple[str, ...], str] = {}
        rows, distance = self._distances(spoken)
        for i in np.argsort(distance, kind="stable"):
            if distance[i] > NEAR_LIMIT or len(best) == count:
                break
            phones = self._said(rows[i])
            if not any(_grown(phones, said) for said in spoken):
                best.setdefault(phones, self._words[rows[i]].decode())
        return list(dict.fromkeys(best.values()))

    def one_sound_apart(self, word: str) -> list[tuple[str, ...]]:
        """Return words that differ by one sound put in, taken out or replaced, as their sounds.

        Left out is what ``near`` leaves out. Words near in sound are mostly among them, but not all
        of them are near: "kite" is as far from "light" as a sound can be.
        """
        spoken = self.pronunciations(word)
        found: dict[tuple[str, ...], None] = {}
        for phones in spoken:
            said = np.array([self._number[phone] for phone in phones], np.uint8)
            rows = np.flatnonzero(np.abs(self._lengths.astype(np.intp) - len(said)) <= 1)
            table, lengths = self._table[rows], self._lengths[rows].astype(np.intp)
            back = lengths[:, None] - 1 - np.arange(len(said))
            backwards = np.take_along_axis(table, np.maximum(back, 0), axis=1)
            alike_before = np.cumprod(table[:, : len(said)] == said, axis=1).sum(axis=1)
            alike = (backwards == said[::-1]) & (back >= 0)
            alike_after = np.cumprod(alike, axis=1).sum(axis=1)
            apart = np.maximum(lengths, len(said)) - alike_before - alike_after
            found |= dict.fromkeys(map(self._said, rows[apart <= 1]))
        return [other for other in found if not any(_grown(other, own) for own in spoken)]

    def decoys(self, phrase: str) -> list[str]:
        """Return words near in sound to each word of a phrase, for the second look's grammar."""
        words = phrase.split()
        return [near for word in words for near in self.near(word) if near not in words]

    def costs(self, sound: str) -> npt.NDArray[np.float32]:
        """Return what it costs to hear a sound as each other one, by number."""
        row: npt.NDArray[np.float32] = self._costs[self._number[sound]]
        return row

    def sounds_of(self, word: str) -> npt.NDArray[np.intp]:
        """Return the numbers of the sounds of a word of the model; none of another."""
        rows = self._rows_of(word)[:1]
        return self._table[rows].ravel()[: self._lengths[rows].sum()].astype(np.intp)

    def distance(self, one: Sequence[str], other: Sequence[str]) -> float:
        """Return how far two strings of sounds are apart, over the length of the longer one."""
        row = list(map(float, range(len(other) + 1)))
        for a in one:
            before, row = row, [row[0] + 1]
            for j, b in enumerate(other):
                row.append(min(before[j] + _cost(a, b), before[j + 1] + 1, row[-1] + 1))
        return row[-1] / max(len(one), len(other), 1)

    def apart(self, one: str, other: str) -> float:
        """Return how far two phrases are apart at their most alike; infinity if nobody can say."""
        pairs = product(self.ways_to_say(one), self.ways_to_say(other))
        return min((self.distance(*pair) for pair in pairs), default=math.inf)

    def _read(self, graph: Path) -> None:
        """Walk the tree of phones in ``HCLr.fst``."""
        names, words = read_symbols(graph / "phones.txt"), read_symbols(graph / "words.txt")
        real = [name for name in names if name[0] not in "<#"]
        self.units = tuple(dict.fromkeys(name.partition("_")[0] for name in real))
        number = {unit: i for i, unit in enumerate(sorted(self.units))}
        states, arcs = read_graph(graph / "HCLr.fst")
        known: list[bytes] = []
        sounds: list[bytes] = []
        stack: list[tuple[int, bytes, int]] = [(0, b"", 0)]
        while stack:
            state, said, word = stack.pop()
            first, many = int(states[state]["first"]), int(states[state]["arcs"])
            for label, output, _, after in arcs[first : first + many].tolist():
                if after == state or label == 0 or label % 2:  # a self-loop, or an empty arc
                    continue
                phone, _, place = names[label // 2].partition("_")
                if place not in (("I", "E") if said else ("B",)) or len(said) >= LONGEST:
                    continue
                spoken = output or word
                if spoken and words[spoken][0] in "#[<!":
                    continue
                longer = said + bytes([number[phone]])
                if place != "E":
                    stack.append((after, longer, spoken))
                elif spoken:
                    known.append(words[spoken].encode())
                    sounds.append(longer)
        self._keep(number, known, sounds)

    def _keep(self, number: dict[str, int], words: list[bytes], said: list[bytes]) -> None:
        """Keep words and their sounds by number, padded with the next number."""
        self._number, self._names = number, tuple(number)
        self._words = np.array(words, np.bytes_)
        self._in_order = np.argsort(self._words, kind="stable").astype(np.int32)
        self._lengths = np.array([len(sounds) for sounds in said], np.uint8)
        padded = b"".join(sounds.ljust(LONGEST, bytes([len(number)])) for sounds in said)
        self._table = np.frombuffer(padded, np.uint8).reshape(-1, LONGEST)
        self._costs = np.array([[_cost(a, b) for b in [*number, ""]] for a in number], np.float32)

    def _rows_of(self, word: str) -> npt.NDArray[np.int32]:
        """Return where each pronunciation of a word is."""
        first, last = (
            np.searchsorted(self._words, word.encode(), side, self._in_order)
            for side in ("left", "right")
        )
        return self._in_order[first:last]

    def _said(self, row: int | np.intp) -> tuple[str, ...]:
        """Return the phones of a pronunciation."""
        return tuple(self._names[n] for n in self._table[row, : self._lengths[row]].tolist())

    def _distances(
        self, spoken: Sequence[tuple[str, ...]]
    ) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.float32]]:
        """Return rows of words of like length and their edit distances over the longer length.

        The distance is that to the nearest of the pronunciations ``spoken``.
        """
        longest = min(LONGEST, round(max(map(len, spoken)) / NEAR_LIMIT))
        lengths = self._lengths.astype(np.intp)
        rows = np.flatnonzero(
            (lengths <= longest) & (lengths >= min(map(len, spoken)) * NEAR_LIMIT)
        )
        lengths, table = lengths[rows], self._table[rows, :longest].T
        nearest = np.full(len(rows), np.inf, np.float32)
        for phones in spoken:
            before = np.tile(np.arange(longest + 1, dtype=np.float32)[:, None], (1, len(rows)))
            for phone in phones:
                put = before[:-1] + self._costs[self._number[phone]][table]
                now = np.minimum(before + 1, np.float32(99))
                np.minimum(now[1:], put, out=now[1:])
                for j in range(longest):
                    np.minimum(now[j + 1], now[j] + 1, out=now[j + 1])
                before = now
            total = before[lengths, np.arange(len(rows))] / np.maximum(lengths, len(phones))
            np.minimum(nearest, total, out=nearest, casting="same_kind")
        return rows, nearest


def _grown(a: Sequence[str], b: Sequence[str]) -> bool:
    """Say whether one of two pronunciations begins with the other."""
    size = min(len(a), len(b))
    return a[:size] == b[:size]


@cache
def _cost(a: str, b: str) -> float:
    """Return what it costs to hear one phone as another: 0 the same, 1.4 a vowel as a consonant."""
    if a == b:
        return 0.0
    if a in VOWELS and b in VOWELS:
        return 0.6
    if any(a in group.split() and b in group.split() for group in ALIKE):
        return 0.6
    return 1.0 if (a in VOWELS) == (b in VOWELS) else 1.4
