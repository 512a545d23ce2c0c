"""What can be known of a phrase before anybody says it: sounds, likeness, false alarms expected.

Rule: one curve for every phrase, fitted to what the ears took for 72 phrases in 12 minutes of other
speech each, 14 phrase-hours (``scripts/bench/phrases.py``): nothing here may be tuned on one of
them. Since a last look decides, they take too little to fit it anew, and it foretells too much
rather: 0.3 an hour where they take 0.1 in speech kept aside. It ranks the phrases there with a
correlation of 0.30, most of it between the short ones and the others: of the 53 that are weighed
none was taken surely, where it foretells 0.1 an hour, and four were asked about in 10.6 hours. An
estimate, not a promise.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from calmvoice.ears.grammar import normalise, syllables
from calmvoice.ears.lexicon import VOWELS
from calmvoice.ears.model import SpeechModel
from calmvoice.ears.thresholds import FEWEST_SOUNDS
from calmvoice.meanings import Meaning

LIKE_SHOWN = 4
LIKE_COMMON = 1e-6  # a word said less often than this is no word to be confused with
# What in talk is like a phrase: each stretch counts e^-2.5 for each sound that it differs by. Of
# 0.5 to 4 this ranked the phrases best.
STEEPNESS = 2.5
# False alarms an hour are e^level · likeness^growth, beside those that say the phrase: fitted for
# phrases told by evidence, and for those too short for that alone.
LEVEL, LEVEL_SHORT, GROWTH = -0.49, -1.09, 0.68
LEAST_LIKE = 1e-4


@dataclass(frozen=True)
class Like:
    """A command that sounds like the phrase: how far it is, 0 the same, 1 all other sounds."""

    phrase: str
    meaning: str
    distance: float


@dataclass(frozen=True)
class PhraseFacts:
    """All there is to know; ``spelt`` are words heard by their sounds, not in the dictionary.

    The numbers an hour are of ordinary talk without pauses; None where the model knows no talk.
    """

    phrase: str
    spelt: tuple[str, ...]
    pronunciations: tuple[str, ...]
    syllables: int
    sounds: int
    like: tuple[str, ...]
    commands: tuple[Like, ...]
    said_per_hour: float | None
    false_alarms_per_hour: float | None


def facts_of(
    model: SpeechModel, phrase: str, others: Mapping[Meaning, Sequence[str]]
) -> PhraseFacts:
    """Collect the facts of a phrase whose words can be heard; 0.1 s after the first."""
    plain = normalise(phrase)
    ways = model.lexicon.ways_to_say(plain)
    said, alarms = false_alarms(model, plain)
    vowels = sum(sound in VOWELS for sound in ways[0]) if ways else 0
    return PhraseFacts(
        phrase=plain,
        spelt=tuple(w for w in dict.fromkeys(plain.split()) if model.spelling.is_spelt(w)),
        pronunciations=tuple(" ".join(way) for way in ways),
        syllables=vowels or syllables(plain),
        sounds=len(ways[0]) if ways else 0,
        like=_like(model, plain),
        commands=commands_near(model, plain, others),
        said_per_hour=said,
        false_alarms_per_hour=alarms,
    )


def false_alarms(model: SpeechModel, phrase: str) -> tuple[float | None, float | None]:
    """Return how often an hour a phrase is said anyway, and is heard when nobody meant it."""
    talk, ways = model.talk, model.lexicon.ways_to_say(phrase)
    if not talk.hours or not ways:
        return None, None
    said = talk.said_per_hour(phrase)
    level = LEVEL if len(ways[0]) >= FEWEST_SOUNDS else LEVEL_SHORT
    return said, said + math.exp(level + GROWTH * math.log(likeness(model, phrase)))


def likeness(model: SpeechModel, phrase: str) -> float:
    """Return how much there is in an hour of talk that is like a phrase; 1 is the phrase itself."""
    distances = model.talk.distances(model.lexicon.ways_to_say(phrase))
    near = float(np.exp(-STEEPNESS * distances).sum()) / model.talk.hours
    return max(near, model.talk.said_per_hour(phrase), LEAST_LIKE)


def commands_near(
    model: SpeechModel, phrase: str, others: Mapping[Meaning, Sequence[str]]
) -> tuple[Like, ...]:
    """Return the other commands, nearest in sound first."""
    found = [
        Like(plain, meaning.value, round(distance, 2))
        for meaning, group in others.items()
        for plain in map(normalise, group)
        if plain != phrase
        if (distance := model.lexicon.apart(phrase, plain)) < math.inf
    ]
    return tuple(sorted(found, key=lambda like: like.distance))


def _like(model: SpeechModel, phrase: str) -> tuple[str, ...]:
    """Return the phrase with one word put for another near in sound that people say often."""
    words = phrase.split()
    near = [
        (rank, " ".join([*words[:i], other, *words[i + 1 :]]))
        for i, word in enumerate(words)
        for rank, other in enumerate(model.lexicon.near(word))
        if model.talk.share(other) >= LIKE_COMMON
    ]
    return tuple(phrase for _, phrase in sorted(near, key=lambda pair: pair[0])[:LIKE_SHOWN])
