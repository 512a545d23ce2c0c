"""Advice on a phrase: what speaks against it, kindly, and three that are better.

Rules: advice never forbids (``phrases`` does); every suggestion has passed the same checks beside
the couple's other words; sentences are short, for two tired people.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from calmvoice.ears.facts import PhraseFacts, commands_near, facts_of
from calmvoice.ears.grammar import normalise
from calmvoice.ears.model import SpeechModel
from calmvoice.ears.phrases import check_phrase, similar_words
from calmvoice.meanings import Meaning

SAFE_SYLLABLES, SAFE_SOUNDS = 4, 8
COMMON_PER_HOUR = 0.05  # said anyway once in 20 hours of talk
ALARMS_PER_HOUR = 1.0
NEAR = 0.35  # "mellow night" is 0.2 from "yellow light", "hello light" 0.23, "red light" 0.4
SUGGESTIONS = 3
TOO_COMMON_TO_KEEP = 2e-4  # of all words: "thank umbrella" is no suggestion, "yellow umbrella" is

Others = Mapping[Meaning, Sequence[str]]


@dataclass(frozen=True)
class Advice:
    """What is to be said about a phrase, in whole sentences; without problems it may be used."""

    phrase: str
    problems: tuple[str, ...]
    warnings: tuple[str, ...]
    suggestions: tuple[str, ...]
    facts: PhraseFacts | None


def advise(model: SpeechModel, phrase: str, others: Others, ideas: Sequence[str]) -> Advice:
    """Judge a phrase beside the phrases of other meanings; 2 s the first time.

    ``ideas`` are phrases that may be suggested, if they are better.
    """
    report = check_phrase(model, phrase, others)
    plain = report.phrase
    facts = facts_of(model, plain, others) if report.usable else None
    warnings = _warnings(model, facts) if facts else ()
    suggestions = list(report.suggestions)
    if (warnings or not report.usable) and len(suggestions) < SUGGESTIONS:
        suggestions += _better(model, plain, others, ideas)
    return Advice(plain, report.problems, warnings, tuple(suggestions[:SUGGESTIONS]), facts)


def _warnings(model: SpeechModel, facts: PhraseFacts) -> tuple[str, ...]:
    plain, found = facts.phrase, []
    for word in facts.spelt:
        said = " ".join(model.lexicon.pronunciations(word)[0])
        near = [f'Did you mean "{other}"?' for other in similar_words(model, word)[:1]]
        found.append(" ".join([f'"{word}" is new to me. I listen for its sounds: {said}.', *near]))
    if facts.sounds and (facts.syllables < SAFE_SYLLABLES or facts.sounds < SAFE_SOUNDS):
        found.append(
            f'"{plain}" is short: {_count(facts.syllables, "syllable")}, '
            f"{_count(facts.sounds, 'sound')}. {SAFE_SYLLABLES} and {SAFE_SOUNDS} are safer."
        )
    if " " not in plain:
        found.append(f'"{plain}" is one word. Two are mistaken far less often.')
    if (facts.said_per_hour or 0.0) >= COMMON_PER_HOUR:
        found.append(f'People say "{plain}" anyway, {_how_often(facts.said_per_hour)}.')
    elif (facts.false_alarms_per_hour or 0.0) >= ALARMS_PER_HOUR:
        often = _how_often(facts.false_alarms_per_hour)
        found.append(f"Something like it comes up in ordinary talk, {often}.")
    found += [
        f'"{plain}" sounds like "{like.phrase}", which means {like.meaning.replace("_", " ")}.'
        for like in facts.commands
        if like.distance <= NEAR
    ]
    return tuple(found)


def _better(model: SpeechModel, phrase: str, others: Others, ideas: Sequence[str]) -> list[str]:
    """Return what passes every check: one like the phrase if there is one, then the farthest."""
    plain = [normalise(idea) for idea in ideas]
    ranked = [
        [_mended(model, phrase)],
        *(
            sorted(group, key=lambda idea: -_apart(model, idea, others))
            for group in (_grown(model, phrase, plain), plain)
        ),
    ]
    good = (
        (idea for idea in group if idea != phrase and is_good(model, idea, others))
        for group in ranked
    )
    limits = (1, 1, SUGGESTIONS)
    return [
        idea for group, limit in zip(good, limits, strict=True) for idea in islice(group, limit)
    ]


def _mended(model: SpeechModel, phrase: str) -> str:
    """Return the phrase with known words for unknown ones that are spelled like them."""
    known = [
        [word] if model.has_word(word) else similar_words(model, word) for word in phrase.split()
    ]
    return " ".join(near[0] for near in known) if all(known) else phrase


def _grown(model: SpeechModel, phrase: str, ideas: Sequence[str]) -> list[str]:
    """Return phrases made of a word of the couple's own and one of an idea's."""
    first = phrase.partition(" ")[0]
    if not model.has_word(first) or model.talk.share(first) > TOO_COMMON_TO_KEEP:
        return []
    if first == phrase:
        return [f"{idea.split()[0]} {first}" for idea in ideas]
    return [f"{first} {idea.split()[-1]}" for idea in ideas]


def is_good(model: SpeechModel, phrase: str, others: Others) -> bool:
    """Say whether nothing at all speaks against a phrase."""
    if not check_phrase(model, phrase, others).usable:
        return False
    return not _warnings(model, facts_of(model, phrase, others))


def _apart(model: SpeechModel, phrase: str, others: Others) -> float:
    """Return how far a phrase is from the nearest command."""
    return min((like.distance for like in commands_near(model, phrase, others)), default=1.0)


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _how_often(per_hour: float | None) -> str:
    """Say a rate as people would."""
    if not per_hour:
        return "hardly ever"
    if per_hour >= 1.5:
        return f"about {per_hour:.0f} times an hour"
    return "about once an hour" if per_hour > 0.75 else f"about once in {1 / per_hour:.0f} hours"
