"""The second, stricter look at the last seconds, and how Vosk's results are read.

With CalmVoice's model it weighs four things: the evidence for the phrase's sounds, that for its
rivals (less in noise), whether somebody talks on before and after it, and how well other whole
words explain the same stretch. A short phrase is asked for with a strict grammar, and then weighed.
Where the evidence for it is overwhelming, that grammar need not have found it. For a single
syllable, and with a model of another make, the grammar's yes or no is all there is; whether a
syllable stood alone is told with it.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, replace
from enum import Enum
from functools import cached_property

from calmvoice.ears.evidence import Evidence, Sighting
from calmvoice.ears.grammar import find_phrase, plausible, strict_grammar, syllables
from calmvoice.ears.language import Language
from calmvoice.ears.model import SpeechModel
from calmvoice.ears.network import ROW_SECONDS, Network
from calmvoice.ears.quietness import Levels, levels, quietness
from calmvoice.ears.spelling import Word
from calmvoice.ears.spoken import Spoken, spoken
from calmvoice.ears.thresholds import (
    SHORT_ALONE,
    SHORT_MOST_TALK,
    SHORT_SURE,
    SHORT_UNSURE,
    SYLLABLE_MOST_TALK,
    UNSURE,
    WORDS_AT_MOST,
    Against,
    sure_from,
    weigh,
)
from calmvoice.sound import MICROPHONE_RATE, PcmSamples

CHUNK = 3200  # samples given to the recogniser at once; it ends utterances only between them
# Around a phrase: what was really said may begin before it and end after it.
LEAD_SECONDS, TRAIL_SECONDS = 0.35, 0.4


class Verdict(Enum):
    """What the second look says of a candidate."""

    CONFIRMED = "there, and told"
    TOO_EARLY = "there, but its end may still change"
    DENIED = "not there"


@dataclass(frozen=True)
class Seen:
    """A phrase seen again, in audio seconds; one that is not sure is only likely.

    The score is what ``thresholds.weigh`` says, and how much of it is sure depends on how quiet it
    is (``thresholds.sure_from``); a strict grammar alone gives none. A single syllable that is not
    alone stood in somebody's talk.
    """

    start: float
    end: float
    sure: bool = True
    score: float | None = None
    alone: bool = True


class SecondLook:
    """Looks for phrases with one model; not to be shared between threads."""

    def __init__(self, model: SpeechModel, floor: float = UNSURE) -> None:
        """Take a loaded model, and the least that a phrase told by evidence alone must score."""
        self._model, self._floor = model, floor
        self._spoken: dict[str, Spoken | None] = {}
        self._decoys: dict[str, list[str]] = {}
        self._language: Language | None = None

    def learn(self, phrase: str) -> None:
        """Prepare for a phrase; 50 ms once."""
        if phrase in self._spoken:
            return
        lexicon, sounds = self._model.lexicon, None
        if self._network is not None and syllables(phrase) > 1:
            sounds = spoken(lexicon, phrase)
        self._spoken[phrase] = sounds
        if sounds is None or sounds.is_short:
            self._decoys[phrase] = lexicon.decoys(phrase) if " " in phrase else []

    def weighs(self, phrase: str) -> bool:
        """Say whether evidence is asked for a learnt phrase, which knows sure from likely."""
        return self._spoken[phrase] is not None

    def is_short(self, phrase: str) -> bool:
        """Say whether a learnt phrase has too few sounds to be told by evidence alone."""
        sounds = self._spoken[phrase]
        return sounds is not None and sounds.is_short

    def find(
        self, phrase: str, audio: PcmSamples, position: int, *, over_own_voice: bool = False
    ) -> list[Seen]:
        """Return where a learnt phrase is in audio whose first sample is at ``position``.

        Over our own voice, talk around the phrase is not held against it, or if it is short up to
        a bound: it may be ours.
        """
        sounds, network = self._spoken[phrase], self._network
        if network is None:
            return self._by_words(phrase, audio, position)
        look = _Look(network, audio, position)
        if sounds is None:
            found = self._by_words(phrase, audio, position)
            return [replace(one, alone=over_own_voice or look.is_alone(one)) for one in found]
        if sounds.is_short:
            most_talk = SHORT_MOST_TALK if over_own_voice else math.inf
            return look.weighed(sounds, self._by_words(phrase, audio, position), most_talk)
        return self._by_evidence(phrase, sounds, look, 0.0 if over_own_voice else math.inf)

    def forget_words(self) -> None:
        """Let go of what asking for whole words keeps at hand, up to 20 MB, until it is asked."""
        self._language = None

    @property
    def _network(self) -> Network | None:
        """The model's network, if its sounds are those of the model's pronunciations."""
        network = self._model.network
        fits = network is not None and network.units == len(self._model.lexicon.units)
        return network if fits else None

    def _by_evidence(
        self, phrase: str, sounds: Spoken, look: _Look, most_talk: float
    ) -> list[Seen]:
        found = []
        for place in look.evidence.sightings(sounds.phrase, self._floor):
            start, end = look.seconds(place)
            if not plausible(phrase, start, end, place.silent * ROW_SECONDS):
                continue
            against = replace(look.against(sounds, place), quietness=quietness(look.loud, place))
            score, sure = weigh(place.score, against, most_talk), sure_from(against.quietness)
            if UNSURE <= score < sure + WORDS_AT_MOST:
                words = self._words_explain(look.audio, place)
                score = weigh(place.score, replace(against, words=words), most_talk)
            if score >= self._floor:
                found.append(Seen(start, end, score >= sure, score))
        return found

    def _words_explain(self, audio: PcmSamples, place: Sighting) -> float:
        """Return how much better whole words explain a place than strings of sounds do."""
        if self._language is None:
            self._language = Language(self._model)
        row = round(ROW_SECONDS * MICROPHONE_RATE)
        first = max(0, place.first * row - round(LEAD_SECONDS * MICROPHONE_RATE))
        last = (place.last + 1) * row + round(TRAIL_SECONDS * MICROPHONE_RATE)
        return self._language.advantage(audio[first:last])

    def _by_words(self, phrase: str, audio: PcmSamples, position: int) -> list[Seen]:
        """Ask Vosk with a strict grammar."""
        recogniser = self._model.recogniser(
            strict_grammar(self._model, phrase, self._decoys[phrase])
        )
        words: list[Word] = []
        for at in range(0, len(audio), CHUNK):
            if recogniser.AcceptWaveform(audio[at : at + CHUNK].tobytes()):
                words += words_of(recogniser.Result(), position)
        words += words_of(recogniser.FinalResult(), position)
        words = self._model.spelling.read(words)
        return [Seen(start, end) for start, end in find_phrase(words, phrase)]


class _Look:
    """What the network says of a stretch whose first sample is at ``position``."""

    def __init__(self, network: Network, audio: PcmSamples, position: int) -> None:
        self._network, self.audio, self._position = network, audio, position

    @cached_property
    def evidence(self) -> Evidence:
        """What any sounds explain of the stretch."""
        return Evidence(self._network(self.audio))

    @cached_property
    def loud(self) -> Levels:
        """How loud the stretch is; asked for only where something was sighted."""
        return levels(self.audio)

    def seconds(self, place: Sighting) -> tuple[float, float]:
        """Return start and end of a place, in audio seconds."""
        begin = self._position / MICROPHONE_RATE
        return begin + place.first * ROW_SECONDS, begin + (place.last + 1) * ROW_SECONDS

    def is_alone(self, seen: Seen) -> bool:
        """Say whether nobody talks right before or after what a grammar found, if noise lets it."""
        begin = self._position / MICROPHONE_RATE
        first, end = (round((at - begin) / ROW_SECONDS) for at in (seen.start, seen.end))
        place = Sighting(max(0, first), max(0, first, end - 1), 0.0, 0)
        talk = sum(self.evidence.talk_around(place))
        return quietness(self.loud, place) * talk < SYLLABLE_MOST_TALK

    def against(self, sounds: Spoken, place: Sighting) -> Against:
        """Return what speaks against a sighting in a quiet room, but for whole words."""
        rivals = sounds.rivals
        rival = self.evidence.best_rival(rivals, place) if rivals else -math.inf
        return Against(rival, *self.evidence.talk_around(place))

    def weighed(self, sounds: Spoken, found: list[Seen], most_talk: float) -> list[Seen]:
        """Return what a strict grammar found of a short phrase and the evidence is not against.

        Where the evidence is overwhelming, the grammar need not have found it.
        """
        weighed = []
        floor = SHORT_UNSURE if found else SHORT_ALONE  # what is weighed only loses
        for place in self.evidence.sightings(sounds.phrase, floor):
            score = weigh(place.score, self.against(sounds, place), most_talk)
            seen = Seen(*self.seconds(place), score >= SHORT_SURE, score)
            over = [one for one in found if one.start < seen.end and one.end > seen.start]
            if score >= (SHORT_UNSURE if over else SHORT_ALONE):
                weighed += [replace(seen, start=one.start, end=one.end) for one in over or [seen]]
        return weighed


def words_of(result: str, position: int) -> list[Word]:
    """Return the words of a Vosk result whose recogniser began at sample ``position``."""
    begin = position / MICROPHONE_RATE
    return [
        Word(w["word"], begin + w["start"], begin + w["end"])
        for w in json.loads(result).get("result", [])
    ]
