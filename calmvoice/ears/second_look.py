"""The second, stricter look at the last seconds, and how Vosk's results are read.

With CalmVoice's model it weighs the evidence (``evidence``); a model of another make is asked once
more with a strict grammar, which says yes or no.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import Enum
from itertools import islice, product

from calmvoice.ears.evidence import SILENCE, Evidence
from calmvoice.ears.grammar import Word, find_phrase, plausible, strict_grammar
from calmvoice.ears.model import SpeechModel
from calmvoice.ears.network import ROW_SECONDS
from calmvoice.ears.thresholds import sure_score, unsure_score
from calmvoice.sound import MICROPHONE_RATE, PcmSamples

CHUNK = 3200  # samples given to the recogniser at once; it ends utterances only between them
PRONUNCIATIONS = 6  # of one phrase; each takes 2 ms a look


class Verdict(Enum):
    """What the second look says of a candidate."""

    CONFIRMED = "there, and told"
    TOO_EARLY = "there, but its end may still change"
    DENIED = "not there"


@dataclass(frozen=True)
class Seen:
    """A phrase seen again, in audio seconds; one that is not sure is only likely."""

    start: float
    end: float
    sure: bool = True


class SecondLook:
    """Looks for phrases with one model; not to be shared between threads."""

    def __init__(self, model: SpeechModel) -> None:
        self._model = model
        self._pronunciations: dict[str, list[list[int]]] = {}
        self._decoys: dict[str, list[str]] = {}

    def learn(self, phrase: str) -> None:
        """Prepare for a phrase; 10 ms once."""
        if phrase in self._pronunciations:
            return
        self._pronunciations[phrase] = self._spoken(phrase)
        by_words = not self._pronunciations[phrase] and " " in phrase
        self._decoys[phrase] = self._model.lexicon.decoys(phrase) if by_words else []

    def find(self, phrase: str, audio: PcmSamples, position: int) -> list[Seen]:
        """Return where a learnt phrase is in audio whose first sample is at ``position``."""
        spoken = self._pronunciations[phrase]
        if not spoken or self._model.network is None:
            return self._by_words(phrase, audio, position)
        begin, least = position / MICROPHONE_RATE, sure_score(phrase, spoken[0])
        evidence = Evidence(self._model.network(audio))
        found = []
        for sighting in evidence.sightings(spoken, unsure_score(phrase, spoken[0])):
            start = begin + sighting.first * ROW_SECONDS
            end = begin + (sighting.last + 1) * ROW_SECONDS
            if plausible(phrase, start, end, sighting.silent * ROW_SECONDS):
                found.append(Seen(start, end, sighting.score >= least))
        return found

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
        return [Seen(start, end) for start, end in find_phrase(words, phrase)]

    def _spoken(self, phrase: str) -> list[list[int]]:
        """Return the phrase's pronunciations as units; none if they are not known."""
        network, lexicon = self._model.network, self._model.lexicon
        if network is None or network.units != len(lexicon.units):
            return []
        number = {unit: i for i, unit in enumerate(lexicon.units)}
        words = [lexicon.pronunciations(word) for word in phrase.split()]
        spoken = []
        for said in islice(product(*words), PRONUNCIATIONS):
            units = [unit for word in said for unit in (SILENCE, *(number[p] for p in word))]
            spoken.append(units[1:])
        return spoken


def words_of(result: str, position: int) -> list[Word]:
    """Return the words of a Vosk result whose recogniser began at sample ``position``."""
    begin = position / MICROPHONE_RATE
    return [
        Word(w["word"], begin + w["start"], begin + w["end"])
        for w in json.loads(result).get("result", [])
    ]
