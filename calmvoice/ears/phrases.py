"""Is a phrase fit to be agreed on? Refuses what cannot be heard, warns of what is heard badly.

Rules: a word the model lacks would be dropped silently by Vosk and the phrase become shorter, so it
is refused here with words that are near to it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from calmvoice.ears.grammar import normalise, syllables
from calmvoice.ears.model import SpeechModel
from calmvoice.errors import PhraseError
from calmvoice.meanings import Meaning

SAFE_SYLLABLES = 4  # "computer" has three: 17 to 44 false alarms an hour at the usual setting
SUGGESTIONS = 4


@dataclass(frozen=True)
class PhraseReport:
    """What is to be said about a phrase, in whole sentences; it may be used without problems."""

    phrase: str
    problems: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
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
    unknown = [w for w in dict.fromkeys(words) if not is_sayable(model, w)]
    problems = [f'"{word}" is not among the words that can be heard' for word in unknown]
    suggestions = [near for word in unknown for near in similar_words(model, word)]
    for meaning, group in others.items():
        for other in map(normalise, group):
            if not other:
                continue
            name = meaning.value.replace("_", " ")
            if other == plain:
                problems.append(f'"{plain}" already means {name}')
            elif _holds(words, other.split()):
                problems.append(f'"{plain}" holds "{other}", which means {name}')
            elif _holds(other.split(), words):
                problems.append(f'"{plain}" is a part of "{other}", which means {name}')
    warnings = []
    count = syllables(plain)
    if count < SAFE_SYLLABLES:
        plural = "syllable" if count == 1 else "syllables"
        warnings.append(
            f'"{plain}" is short: {count} {plural}, and {SAFE_SYLLABLES} or more are safer'
        )
    if len(words) == 1:
        warnings.append(f'"{plain}" is one word: two are mistaken far less often')
    return PhraseReport(plain, tuple(problems), tuple(warnings), tuple(suggestions))


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


def is_sayable(model: SpeechModel, word: str) -> bool:
    """Say whether the model has the word, and it is one people say (no filler, no phone)."""
    return word[:1] not in "#[<!" and model.has_word(word)


def similar_words(model: SpeechModel, word: str) -> list[str]:
    """Return words of the model spelled like one that it lacks."""
    near = [w for w in model.words() if w[:1] == word[:1] and abs(len(w) - len(word)) <= 2]
    return get_close_matches(word, near, SUGGESTIONS, 0.6)


def _holds(words: Sequence[str], part: Sequence[str]) -> bool:
    """Say whether ``part`` stands in ``words``, whole words only."""
    return any(list(words[i : i + len(part)]) == list(part) for i in range(len(words)))
