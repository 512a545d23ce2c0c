"""The English words that the model knows, how they are said, and how likely they are.

Words and their chances come from wordfreq, what follows what from symspellpy's pairs; of these
packages the second is read as data only.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from models.recipe.graph import UNKNOWN, Entry, Language
from models.recipe.lexicon import Pronunciations, package_file
from models.recipe.recordings import RecipeError

WORDS = 40_000
GUESSED = 15_000  # of the most frequent; rarer words must stand in a dictionary
OTHER_WAY_COST = 0.3  # of saying a word in another than the first way
UNKNOWN_CHANCE = 0.002
LEAST_CHANCE = 1e-9
SINGLES = ("symspellpy", "frequency_dictionary_en_82_765.txt")
PAIRS = ("symspellpy", "frequency_bigramdictionary_en_243_342.txt")
PAIR_GAIN = 1.2  # a pair must be this much likelier than its second word anyway
UNSEEN = 1.25  # of what follows a word, against what is counted
HINT = 'Install what the recipe needs: pip install -e ".[recipe]"'


def english(pronunciations: Pronunciations, words: int = WORDS) -> tuple[list[Entry], Language]:
    """Return the most frequent English words; raises ``RecipeError`` without their packages."""
    try:
        import wordfreq
    except ImportError as error:
        raise RecipeError("wordfreq is not installed", HINT) from error
    entries: list[Entry] = []
    chances: dict[str, float] = {}
    for rank, word in enumerate(wordfreq.top_n_list("en", words)):
        ways = list(_ways(word, rank, pronunciations))
        if ways:
            entries += [Entry(word, way, OTHER_WAY_COST * (i > 0)) for i, way in enumerate(ways)]
            chances[word] = max(wordfreq.word_frequency(word, "en"), LEAST_CHANCE)
    share = (1 - UNKNOWN_CHANCE) / sum(chances.values())
    chances = {word: share * chance for word, chance in chances.items()}
    return entries, Language(chances | {UNKNOWN: UNKNOWN_CHANCE}, _pairs(chances))


def _ways(word: str, rank: int, pronunciations: Pronunciations) -> Iterator[tuple[str, ...]]:
    if not re.fullmatch(r"[a-z]+('[a-z]+)?", word):
        return
    known = pronunciations.known(word)
    if known or rank > GUESSED or len(word) < 3:
        yield from known
    else:
        yield from (way for way in pronunciations.of(word) if len(way) > 1)


def _pairs(chances: dict[str, float]) -> dict[tuple[str, str], float]:
    """Return the chance of the second word after the first, where it is worth knowing."""
    counted = {word: int(count) for word, count in _rows(package_file(*SINGLES))}
    after: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for first, second, count in _rows(package_file(*PAIRS)):
        if first in chances and second in chances:
            after[first][second] = int(count)
    found = {}
    for first, counts in after.items():
        total = max(counted.get(first, 0), UNSEEN * sum(counts.values()))
        likely = {second: number / total for second, number in counts.items()}
        for second, chance in likely.items():
            if chance > PAIR_GAIN * chances[second]:
                found[first, second] = chance
    return found


def _rows(path: Path | None) -> Iterable[list[str]]:
    if path is None:
        raise RecipeError("symspellpy is not installed", HINT)
    return [line.split() for line in path.read_text("utf-8-sig").splitlines()]
