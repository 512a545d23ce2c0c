"""How accents say a word that the dictionary writes as General American without its flap.

Rules: each accent's habit is told by what stands around a sound (Wells, Accents of English, 1982),
never by a word; a phrase is said in one accent, and accents may share habits. Another accent than
the dictionary's costs ``ACCENT_COST``, so that more ways to say a phrase are not more ways to
mishear one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations

from calmvoice.ears.lexicon import VOWELS
from calmvoice.ears.thresholds import ACCENT_COST

Pronunciation = tuple[str, ...]
"""The sounds of a word, as ARPAbet names them."""
Habit = Callable[[Pronunciation], Pronunciation]

BEFORE_BROAD = ("F", "S", "TH", "M P L", "N S", "N T", "N CH", "N SH")  # the BATH words


def broad(way: Pronunciation) -> Pronunciation:
    """Return how the south of England says a short "a" before some sounds: "ask" as "ahsk"."""

    def is_broad(at: int) -> bool:
        after = " ".join([*way[at + 1 :], ""])
        return way[at] == "AE" and any(after.startswith(f"{sounds} ") for sounds in BEFORE_BROAD)

    return tuple("AA" if is_broad(at) else phone for at, phone in enumerate(way))


def flapped(way: Pronunciation) -> Pronunciation:
    """Return how North America says a "t" between vowels: "water" as "wadder"."""

    def is_flap(at: int) -> bool:
        before, after = _around(way, at)
        return way[at] == "T" and (before in VOWELS or before == "R") and after in VOWELS

    return tuple("D" if is_flap(at) else phone for at, phone in enumerate(way))


def without_r(way: Pronunciation) -> Pronunciation:
    """Return how England and Australia say an "r" that no vowel follows: "smart" as "smaht"."""
    said: list[str] = []
    for at, phone in enumerate(way):
        before, after = _around(way, at)
        if after in VOWELS or phone not in ("R", "ER") or (phone == "R" and before not in VOWELS):
            said.append(phone)
        elif before not in ("AA", "AO"):  # "car" and "more" are left with a long vowel
            said.append("AH")
    return tuple(said)


HABITS: tuple[Habit, ...] = (broad, flapped, without_r)


def accents() -> Iterator[tuple[Habit, float]]:
    """Yield what each accent makes of a pronunciation, and its cost; the dictionary's own first."""
    for count in range(len(HABITS) + 1):
        for habits in combinations(HABITS, count):
            yield _said_with(habits), ACCENT_COST * bool(habits)


def _said_with(habits: Sequence[Habit]) -> Habit:
    def say(way: Pronunciation) -> Pronunciation:
        for habit in habits:
            way = habit(way)
        return way

    return say


def _around(way: Pronunciation, at: int) -> tuple[str | None, str | None]:
    return way[at - 1] if at else None, way[at + 1] if at + 1 < len(way) else None
