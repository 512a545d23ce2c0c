"""What can be said: the decoding graph ``HCLr.fst`` and the language ``Gr.fst``, laid out by hand.

The graph is a tree of phones: beginnings are shared, and a word is given out at the first phone
that only it has. So there is no tree of contexts, no determinisation, and no disambiguation symbol.
Rules, each of them found out the hard way:

- An arc enters a phone, then the phone's own loop stays in it. The chance of staying is the same
  everywhere and left out.
- Words of any sound: ``[any…]``, a loop over all phones, each at a cost; and ``[unk]``, the same
  at the usual cost, or one noise.
- The way back from a word to the words of one history is a plain empty arc, as in the grammars
  that Vosk makes at run time.
- The look-ahead graph numbers the words anew; the language and ``words.txt`` have to follow.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import count

from models.recipe.units import NUMBER, PHONES, entering, in_a_word, staying

PAUSE_COST = math.log(2)  # of a pause between words, and of none
UNKNOWN = "[unk]"
# Words that stand for any other speech, and what each of their sounds costs: strict to loose.
FILLERS = {f"[any{i}]": cost for i, cost in enumerate((1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 5.0))}
UNKNOWN_COST = math.log(len(PHONES))  # a sound
END_COST = 2.0  # of ending what is said, after any word
LEAST_LEFT = 1e-4  # chance of words that were never seen after a word
START = 0


@dataclass(frozen=True)
class Entry:
    """One way of saying a word; ``cost`` is what it costs against the usual way."""

    word: str
    phones: tuple[str, ...]
    cost: float = 0.0


@dataclass(frozen=True)
class Language:
    """How likely words are: each by itself, and after another where that is known."""

    chances: Mapping[str, float]
    pairs: Mapping[tuple[str, str], float] = field(default_factory=dict)


class Graph:
    """Arcs between states, as OpenFst's text. State 0 is the start."""

    def __init__(self) -> None:
        self._arcs: list[tuple[int, int, int, int, float]] = []
        self._ends: dict[int, float] = {}
        self._states = count(START + 1)

    def state(self) -> int:
        """Return a new state."""
        return next(self._states)

    def arc(self, begin: int, end: int, label: int, output: int = 0, cost: float = 0.0) -> None:
        """Lead from one state to another; label 0 hears nothing, output 0 says nothing."""
        self._arcs.append((begin, end, label, output, cost))

    def may_end(self, state: int, cost: float) -> None:
        """Let what is said end here."""
        self._ends[state] = cost

    def text(self) -> str:
        """Return it as ``fstcompile`` reads it, which takes the first state for the start."""
        arcs = sorted(self._arcs, key=lambda arc: arc[0])
        lines = [f"{a}\t{b}\t{label}\t{output}\t{cost:.5g}\n" for a, b, label, output, cost in arcs]
        return "".join(lines + [f"{state}\t{cost:.5g}\n" for state, cost in self._ends.items()])


class _Sounds(Graph):
    """The decoding graph while it is being laid out."""

    def __init__(self) -> None:
        super().__init__()
        silence = NUMBER["SIL"]
        self._pause = self.state()
        self.arc(START, self._pause, entering(silence), cost=PAUSE_COST)
        self.arc(self._pause, self._pause, staying(silence))
        self.may_end(START, PAUSE_COST)
        self.may_end(self._pause, 0.0)
        self._endings: dict[int, int] = {}

    def sounding(self, phone: int) -> int:
        """Return a new state in which a phone goes on."""
        state = self.state()
        self.arc(state, state, staying(phone))
        return state

    def ending(self, phone: int) -> int:
        """Return the state of a word's last phone; from there any word may follow."""
        if phone not in self._endings:
            self._endings[phone] = self.sounding(phone)
            self.arc(self._endings[phone], START, 0)
        return self._endings[phone]

    def begin(self, phone: int, state: int, word: int, cost: float = 0.0) -> None:
        """Let a word begin with this phone, after a pause or without one."""
        self.arc(START, state, entering(phone), word, cost + PAUSE_COST)
        self.arc(self._pause, state, entering(phone), word, cost)

    def any_sounds(self, word: int, cost: float) -> None:
        """Add a word that is any string of phones, each at a cost."""
        inside = self.state()
        for phone in PHONES:
            begin, inner, end, only = (NUMBER[f"{phone}_{place}"] for place in "BIES")
            first, further = self.sounding(begin), self.sounding(inner)
            self.begin(begin, first, word, cost)
            self.begin(only, self.ending(only), word, cost)
            self.arc(first, inside, 0)
            self.arc(inside, further, entering(inner), cost=cost)
            self.arc(further, inside, 0)
            self.arc(inside, self.ending(end), entering(end), cost=cost)


@dataclass
class _Node:
    """A place in the tree of phones: where it leads, the words below it, and those that end."""

    after: dict[int, _Node] = field(default_factory=dict)
    below: set[int] = field(default_factory=set)
    words: dict[int, float] = field(default_factory=dict)


def sounds(entries: Iterable[Entry], number: Mapping[str, int]) -> Graph:
    """Return the decoding graph of words, of the fillers among ``number``, and of ``[unk]``."""
    graph = _Sounds()
    waiting = deque([(_tree(entries, number), START, False)])
    while waiting:
        node, state, said = waiting.popleft()
        for phone, after in node.after.items():
            if not after.after:
                target = graph.ending(phone)
                ends = dict.fromkeys([0], min(after.words.values())) if said else after.words
            else:
                target = graph.sounding(phone)
                ends = {next(iter(after.below)) if len(after.below) == 1 and not said else 0: 0.0}
                waiting.append((after, target, said or len(after.below) == 1))
            for word, cost in ends.items():
                if state == START:
                    graph.begin(phone, target, word, cost)
                else:
                    graph.arc(state, target, entering(phone), word, cost)
    noise = NUMBER["SPN_S"]
    graph.begin(noise, graph.ending(noise), number[UNKNOWN])
    graph.any_sounds(number[UNKNOWN], UNKNOWN_COST)
    for filler, cost in FILLERS.items():
        graph.any_sounds(number[filler], cost)
    return graph


def language(known: Language, number: Mapping[str, int]) -> Graph:
    """Return the graph of what follows what; words without history share the start."""
    graph = Graph()
    after = {word: graph.state() for word in dict.fromkeys(a for a, _ in known.pairs)}
    left = dict.fromkeys(after, 1.0)
    for word, chance in known.chances.items():
        graph.arc(START, after.get(word, START), number[word], number[word], -math.log(chance))
    for (first, second), chance in known.pairs.items():
        label, target = number[second], after.get(second, START)
        graph.arc(after[first], target, label, label, -math.log(chance))
        left[first] -= chance
    for word, state in after.items():
        graph.arc(state, START, 0, cost=-math.log(max(LEAST_LEFT, left[word])))
        graph.may_end(state, END_COST)
    graph.may_end(START, END_COST)
    return graph


def _tree(entries: Iterable[Entry], number: Mapping[str, int]) -> _Node:
    root = _Node()
    for entry in entries:
        node, word = root, number[entry.word]
        for phone in in_a_word(entry.phones):
            node = node.after.setdefault(phone, _Node())
            node.below.add(word)
        node.words[word] = min(entry.cost, node.words.get(word, math.inf))
    return root
