"""A phrase as its sounds, and the rivals that differ from it by words near in sound.

Rivals are of two kinds: each word may be replaced by one of the nearest, two at once ("mellow
night"), and one word by any that is a single sound apart ("yellow kite").

Rule: rivals are judged like the phrase, in its own place; only "mellow night" sounding much better
than "yellow light" speaks against it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice, product

from calmvoice.ears.accents import accents
from calmvoice.ears.evidence import SILENCE, Ways
from calmvoice.ears.lexicon import Lexicon
from calmvoice.ears.thresholds import FEWEST_SOUNDS

PRONUNCIATIONS = 6  # of one phrase in one accent at most
PAIRS = 2  # words of a phrase that may be replaced all at once: 13² strings; else one by one


@dataclass(frozen=True)
class Spoken:
    """All ways to say a phrase, and its rivals."""

    phrase: Ways
    rivals: Ways | None
    sounds: int  # of its first pronunciation

    @property
    def is_short(self) -> bool:
        """Whether its sounds are too few to be told by evidence alone."""
        return self.sounds < FEWEST_SOUNDS


def spoken(lexicon: Lexicon, phrase: str) -> Spoken | None:
    """Return the sounds of a phrase; None if one of its words is not in the lexicon."""
    number = {unit: i for i, unit in enumerate(lexicon.units)}

    def as_units(ways: Sequence[Sequence[str]]) -> list[list[int]]:
        return [[number[phone] for phone in phones] for phones in ways]

    words = phrase.split()
    own = [as_units(lexicon.pronunciations(word)) for word in words]
    if not all(own):
        return None
    near = [
        as_units([lexicon.pronunciations(other)[0] for other in lexicon.near(word)])
        for word in words
    ]
    apart = [as_units(lexicon.one_sound_apart(word)) for word in words]
    for others in (near, apart):  # "notion wave" is what "an ocean wave" sounds like
        others[0] = [o for o in others[0] if not any(o[-len(way) :] == way for way in own[0])]
    usual = [ways[0] for ways in own]
    if len(words) <= PAIRS:
        choices = product(*([mine, *others] for mine, others in zip(usual, near, strict=True)))
        replaced = [list(choice) for choice in choices]
    else:
        replaced = _one_by_one(usual, near)
    replaced += _one_by_one(usual, apart)
    mine: dict[tuple[int, ...], float] = {}
    for accent, cost in accents():
        ways = [as_units([*map(accent, lexicon.pronunciations(word))]) for word in words]
        for said in islice(product(*ways), PRONUNCIATIONS):
            mine.setdefault(tuple(_joined(said)), cost)
    strings = dict.fromkeys(tuple(_joined(ways)) for ways in replaced)
    rivals = [string for string in strings if string not in mine]
    ways_to_say = Ways([*mine], [*mine.values()])
    return Spoken(ways_to_say, Ways(rivals) if rivals else None, sum(map(len, usual)))


def _one_by_one(
    words: Sequence[list[int]], others: Sequence[Sequence[list[int]]]
) -> list[list[list[int]]]:
    """Return the words with one of them replaced, by each of its own others."""
    return [[*words[:i], other, *words[i + 1 :]] for i, some in enumerate(others) for other in some]


def _joined(words: Sequence[Sequence[int]]) -> list[int]:
    """Return the units of words one after the other, with silences between."""
    return [unit for word in words for unit in (SILENCE, *word)][1:]
