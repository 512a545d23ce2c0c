"""What the loose recogniser writes for a phrase when it does not write the phrase.

Its grammar lets any word follow any other, so the words of all that is listened for compete with
each other: a long "stop" is written "still" when "I'm still waiting" is listened for as well, and
"we are back" is written "we're back".
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence

from calmvoice.ears.grammar import occurrences
from calmvoice.ears.lexicon import NEAR_LIMIT, Lexicon

GONE = " | "  # where a phrase was; its neighbours do not become one


class StandIns:
    """Counts in a text what may be a phrase, for phrases that are listened for together.

    What stands for a phrase is near to it in sound: another way to say the same, unless one is in
    the other, and for a phrase of one word a word that belongs to others and stands alone. Within a
    longer phrase that means something else it is not meant: "again" in "pause again".
    """

    def __init__(self, meanings: Mapping[str, Hashable], lexicon: Lexicon) -> None:
        self._longest_first = sorted(meanings, key=lambda phrase: -len(phrase.split()))
        self._same = {
            phrase: [
                other
                for other, meaning in meanings.items()
                if meaning == meanings[phrase]
                if not occurrences(phrase, other) and not occurrences(other, phrase)
                if lexicon.apart(phrase, other) <= NEAR_LIMIT
            ]
            for phrase in meanings
        }
        self._longer = {
            phrase: [
                other
                for other, meaning in meanings.items()
                if meaning != meanings[phrase] and occurrences(other, phrase)
            ]
            for phrase in meanings
        }
        parts = {word for phrase in meanings for word in phrase.split()} - set(meanings)
        self._alike = {
            phrase: {word for word in parts if lexicon.apart(phrase, word) <= NEAR_LIMIT}
            for phrase in meanings
            if " " not in phrase
        }

    def longer(self, phrase: str) -> Sequence[str]:
        """Return the phrases that hold this one and mean something else."""
        return self._longer[phrase]

    def count(self, text: str) -> dict[str, int]:
        """Return how often each phrase may be in a text."""
        meant = {p: occurrences(_without(text, self._longer[p]), p) for p in self._longest_first}
        lone = _without(text, self._longest_first).split()
        return {
            phrase: count
            + sum(meant[other] for other in self._same[phrase])
            + sum(word in self._alike.get(phrase, ()) for word in lone)
            for phrase, count in meant.items()
        }


def _without(text: str, phrases: Sequence[str]) -> str:
    """Return a text in which these phrases are gone."""
    rest = _apart(text)
    for phrase in phrases:
        rest = rest.replace(_apart(phrase), GONE)
    return rest


def _apart(text: str) -> str:
    """Return a text in which each word has both its spaces for itself."""
    return "".join(f" {word} " for word in text.split())
