"""May a phrase be agreed on? Refuses what cannot be heard, or means something else already.

Rules: a word the model lacks would be dropped silently by Vosk and the phrase become shorter: it
is spelt by its sounds, or refused here with words that are near to it. What is only heard badly is
not refused: ``advice`` warns of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from calmvoice.ears.grammar import normalise, occurrences
from calmvoice.ears.model import SpeechModel
from calmvoice.ears.spoken import spoken
from calmvoice.ears.thresholds import FEWEST_SOUNDS
from calmvoice.errors import PhraseError
from calmvoice.meanings import Meaning

SUGGESTIONS = 4


@dataclass(frozen=True)
class PhraseReport:
    """What is to be said about a phrase, in whole sentences; it may be used without problems."""

    phrase: str
    problems: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()

    @property
    def usable(self) -> bool:
        """Say whether nothing speaks against it."""
        return not self.problems


def check_phrase(
    model: SpeechModel, phrase: str, others: Mapping[Meaning, Sequence[str]]
) -> PhraseReport:
    """Judge a phrase against the model's words and the phrases of other meanings."""
    plain = normalise(phrase)
    if not plain:
        return PhraseReport(plain, ("the phrase holds no word",))
    words = plain.split()
    unknown = [w for w in dict.fromkeys(words) if not model.spelling.can_be_heard(w)]
    problems = [f'"{word}" is not among the words that can be heard' for word in unknown]
    suggestions = [near for word in unknown for near in similar_words(model, word)]
    for meaning, group in others.items():
        for other in map(normalise, group):
            if not other:
                continue
            name = meaning.value.replace("_", " ")
            if other == plain:
                problems.append(f'"{plain}" already means {name}')
            elif occurrences(plain, other):
                problems.append(f'"{plain}" holds "{other}", which means {name}')
            elif occurrences(other, plain):
                problems.append(f'"{plain}" is a part of "{other}", which means {name}')
    spelt = [w for w in words if w not in unknown and model.spelling.is_spelt(w)]
    sounds = spoken(model.lexicon, plain) if spelt and not unknown else None
    if sounds is not None and sounds.sounds < FEWEST_SOUNDS:
        problems.append(
            f'"{spelt[0]}" is new to me, and "{plain}" has {sounds.sounds} sounds: '
            f"I need {FEWEST_SOUNDS} to hear it. Add a word"
        )
    return PhraseReport(plain, tuple(problems), tuple(suggestions))


def require_phrase(
    model: SpeechModel, phrase: str, others: Mapping[Meaning, Sequence[str]]
) -> PhraseReport:
    """Return the report of a usable phrase; raises ``PhraseError`` for any other."""
    report = check_phrase(model, phrase, others)
    if report.usable:
        return report
    hint = "Choose two everyday words, for example: yellow light"
    if report.suggestions:
        hint = "Heard well and spelled or spoken like it: " + ", ".join(report.suggestions)
    raise PhraseError("; ".join(report.problems), hint)


def similar_words(model: SpeechModel, word: str) -> list[str]:
    """Return words of the model spelled like one that it lacks."""
    near = [w for w in model.words() if w[:1] == word[:1] and abs(len(w) - len(word)) <= 2]
    return get_close_matches(word, near, SUGGESTIONS, 0.6)
