"""How phrases are written for the recogniser, and read back from what it says.

Rules: a word that the model has is written as it is; one that it lacks, or that the couple say
otherwise, as the model's words of one sound, ``#z #ao #r``, in each way it may be said. Whoever
reads a result sees the couple's own words only. Any word may follow any other in a grammar, and a
sound is easily left out, so that two in five of a word's sounds are enough here: it is a candidate,
and the second look decides.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice, product

from calmvoice.ears.lexicon import Lexicon

WAYS = 6  # to write one phrase
MOST_APART = 0.6  # of a spelt word's sounds: missing, other or too many


@dataclass(frozen=True)
class Word:
    """A recognised word and its place, in audio seconds."""

    text: str
    start: float
    end: float


class Spelling:
    """Writes and reads for one model; what was written before can be read."""

    def __init__(
        self, has_word: Callable[[str], bool], lexicon: Callable[[], Lexicon], has_sounds: bool
    ) -> None:
        self._has_word, self._lexicon, self._has_sounds = has_word, lexicon, has_sounds
        self._spelt: dict[tuple[str, ...], str] = {}  # the one-sound words of a word → the word
        self._taught: set[str] = set()

    def teach(self, word: str, sounds_like: str) -> None:
        """Let a word be said like other words; raises ``ValueError`` if nobody can say them.

        A model without words of one sound hears what it always does.
        """
        if not self._has_sounds:
            return
        self._lexicon().teach(word, sounds_like)
        self._taught.add(word)

    def is_spelt(self, word: str) -> bool:
        """Say whether a word is heard by its sounds, not as a word."""
        return self._has_sounds and (word in self._taught or not self._has_word(word))

    def can_be_heard(self, word: str) -> bool:
        """Say whether people may choose a word: it is known or can be spelt, and is no filler."""
        if word[:1] in "#[<!":
            return False
        if self.is_spelt(word):
            return bool(self._lexicon().pronunciations(word))
        return self._has_word(word)

    def write(self, phrase: str) -> list[str]:
        """Return all ways to write a phrase; itself if each of its words is the model's."""
        written = [self._ways(word) for word in phrase.split()]
        return [" ".join(way) for way in islice(product(*written), WAYS)]

    def read(self, words: Sequence[Word]) -> list[Word]:
        """Return the words with those put together that were spelt, as far as they were."""
        texts = [w.text for w in words]
        if not any(text.startswith("#") for text in texts):
            return list(words)
        found = [
            (cost, end, start, word)
            for ways, word in self._spelt.items()
            for cost, start, end in _matches(ways, texts)
        ]
        taken: dict[int, tuple[int, str]] = {}  # first → the one after the last, and the word
        for _, end, start, word in sorted(found):
            if all(end <= first or start >= after for first, (after, _) in taken.items()):
                taken[start] = (end, word)
        read: list[Word] = []
        at = 0
        while at < len(words):
            after, word = taken.get(at, (at + 1, texts[at]))
            read.append(Word(word, words[at].start, words[after - 1].end))
            at = after
        return read

    def read_text(self, text: str) -> str:
        """Return a text read like words."""
        return " ".join(w.text for w in self.read([Word(w, 0.0, 0.0) for w in text.split()]))

    def _ways(self, word: str) -> list[str]:
        if not self.is_spelt(word):
            return [word]
        ways = [tuple(f"#{p.lower()}" for p in way) for way in self._lexicon().pronunciations(word)]
        self._spelt.update(dict.fromkeys(ways, word))
        return [" ".join(way) for way in ways] or [word]


def _matches(ways: Sequence[str], texts: Sequence[str]) -> list[tuple[int, int, int]]:
    """Return where enough of a word's sounds stand in order: cost, start, end in texts.

    The cost counts sounds that are missing, other or too many; of equals the shortest place.
    """
    row = [(0, -at) for at in range(len(texts) + 1)]  # the cost, and where it began, negated
    for sound in ways:
        before, row = row, [(row[0][0] + 1, row[0][1])]
        for at, text in enumerate(texts, start=1):
            (put, began), (less, from_here), (more, same) = before[at - 1], before[at], row[-1]
            row.append(min((put + (text != sound), began), (less + 1, from_here), (more + 1, same)))
    most = MOST_APART * len(ways)
    return [(cost, -start, at) for at, (cost, start) in enumerate(row) if cost <= most]
