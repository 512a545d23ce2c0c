"""The second, stricter look at the last seconds, and how Vosk's results are read."""

from __future__ import annotations

import json
from collections.abc import Sequence
from enum import Enum

from calmvoice.ears.grammar import Word, find_phrase, strict_grammar
from calmvoice.ears.model import SpeechModel
from calmvoice.sound import MICROPHONE_RATE, PcmSamples

CHUNK = 3200  # samples given to the recogniser at once; it ends utterances only between them


class Verdict(Enum):
    """What the second look says of a candidate."""

    CONFIRMED = "there, and told"
    TOO_EARLY = "there, but its end may still change"
    DENIED = "not there"


def look_again(
    model: SpeechModel, phrase: str, decoys: Sequence[str], audio: PcmSamples, position: int
) -> list[tuple[float, float]]:
    """Return where a phrase is in audio whose first sample is at ``position``, in audio seconds."""
    recogniser = model.recogniser(strict_grammar(model, phrase, decoys))
    words: list[Word] = []
    for at in range(0, len(audio), CHUNK):
        if recogniser.AcceptWaveform(audio[at : at + CHUNK].tobytes()):
            words += words_of(recogniser.Result(), position)
    words += words_of(recogniser.FinalResult(), position)
    return find_phrase(words, phrase)


def words_of(result: str, position: int) -> list[Word]:
    """Return the words of a Vosk result whose recogniser began at sample ``position``."""
    begin = position / MICROPHONE_RATE
    return [
        Word(w["word"], begin + w["start"], begin + w["end"])
        for w in json.loads(result).get("result", [])
    ]
