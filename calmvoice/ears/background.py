"""What stands for other talk in a model that has no word for it: short words of its own.

A model without ``[any…]`` and ``[unk]`` would take every sound for one of the phrases. So short
words compete with them which together hold the letters and pairs of letters that are common in
its language (of Korean they are syllables): what somebody says is spelt by them, roughly.
Rule: chosen from the model's words alone, always the same ones; no language is known here.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable

# More words spell other talk better, and take more of what was meant: of 16 Korean phrases in six
# synthetic voices 60 % were left among 20, half among 40, 30 % among 90.
COUNTS = {5: 20, 4: 30, 3: 40, 2: 60}
"""How many stand for other talk at a level of strictness, as ``grammar`` counts them."""
SHORTEST, LONGEST = 2, 3  # letters; a Korean syllable is two or three
SAMPLE = 20_000  # words in which letters are counted; a model may have half a million


def background(words: Iterable[str], count: int) -> tuple[str, ...]:
    """Return so many words, those that hold most first."""
    plain = [word for word in words if word.isalpha() and word == word.lower()]
    stride = max(1, len(plain) // SAMPLE)
    common = Counter(pair for word in plain[::stride] for pair in _pairs(_letters(word)))
    short = {word: _letters(word) for word in plain if len(word) <= LONGEST}
    left = {
        word: _pairs(letters)
        for word, letters in short.items()
        if SHORTEST <= len(letters) <= LONGEST
    }
    had: Counter[str] = Counter()
    chosen: list[str] = []
    while left and len(chosen) < count:
        best = max(
            left, key=lambda word: (sum(common[p] / (1 + had[p]) ** 2 for p in left[word]), word)
        )
        had.update(left.pop(best))
        chosen.append(best)
    return tuple(chosen)


def _letters(word: str) -> str:
    """Return the letters of a word; a Korean syllable has two or three."""
    return unicodedata.normalize("NFD", word)


def _pairs(letters: str) -> list[str]:
    return [*letters, *(letters[i : i + 2] for i in range(len(letters) - 1))]
