"""What the ears' benchmark compares: our ears, and PocketSphinx's keyphrase search.

Each gives detections with the threshold up to which they would be made, so that one pass gives
the whole operating curve.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

from calmvoice.ears.model import SpeechModel
from calmvoice.ears.second_look import SecondLook, Seen
from calmvoice.ears.vosk_ears import VoskEars
from calmvoice.meanings import Meaning
from calmvoice.sound import MICROPHONE_RATE, PcmSamples

CHUNK = 1600
SAME_SECONDS = 0.5  # detections that end nearer than this are one
SPHINX_POWERS = (5, 10, 20, 30, 40)  # keyphrase thresholds 1e-5 … 1e-40


@dataclass(frozen=True)
class Detection:
    """Found at ``end`` (audio seconds), known at ``known``; kept by thresholds below ``score``."""

    end: float
    known: float
    score: float
    sure: bool


class Spotter(Protocol):
    """One phrase listened for; fed from silence to silence."""

    def detections(self, audio: PcmSamples) -> list[Detection]:
        """Return what is found in a whole scene."""


class _Measured(VoskEars):
    """Ears that remember the scores of what they look at."""

    def __init__(self, model: SpeechModel, second: SecondLook) -> None:
        self.seen: list[tuple[Seen, float]] = []
        super().__init__(model)
        self._second = second  # kept from scene to scene, as in a room

    def _look_back(self, phrase: str) -> list[Seen]:
        found = super()._look_back(phrase)
        self.seen += [(seen, self._seconds) for seen in found]
        return found


class OurEars:
    """CalmVoice's ears."""

    name = "CalmVoice"

    def __init__(self, model: SpeechModel, phrases: list[str]) -> None:
        self._model, self._phrases, self._second = model, phrases, SecondLook(model)

    def detections(self, audio: PcmSamples) -> list[Detection]:
        """Return told utterances, and likely ones that were not told."""
        ears = _Measured(self._model, self._second)
        ears.expect({Meaning.SIGNAL: self._phrases})
        told = []
        for at in range(0, len(audio), CHUNK):
            told += ears.feed(audio[at : at + CHUNK])
        found = []
        for heard in told:
            scores = [s.score for s, _ in ears.seen if abs(s.end - heard.at_seconds) < SAME_SECONDS]
            score = max((s for s in scores if s is not None), default=math.inf)
            found.append(Detection(heard.at_seconds, heard.known_seconds, score, heard.sure))
        for seen, known in sorted(ears.seen, key=lambda pair: -(pair[0].score or 0.0)):
            if all(abs(seen.end - d.end) >= SAME_SECONDS for d in found):
                found.append(Detection(seen.end, known, seen.score or 0.0, sure=False))
        return found


class Sphinx:
    """PocketSphinx 5.1 with its own English model; the scores are powers of ten."""

    name = "PocketSphinx"

    def __init__(self, phrase: str) -> None:
        import pocketsphinx

        self._decoders = [
            (p, pocketsphinx.Decoder(keyphrase=phrase, kws_threshold=10.0**-p, loglevel="FATAL"))
            for p in SPHINX_POWERS
        ]

    def detections(self, audio: PcmSamples) -> list[Detection]:
        """Return the strictest threshold at which each utterance is found."""
        found: list[Detection] = []
        for power, decoder in self._decoders:
            decoder.start_utt()
            for at in range(0, len(audio), CHUNK):
                decoder.process_raw(audio[at : at + CHUNK].tobytes(), False, False)
                hypothesis = decoder.hyp()
                if hypothesis is None:
                    continue
                known = min(at + CHUNK, len(audio)) / MICROPHONE_RATE
                if all(abs(known - d.known) >= SAME_SECONDS for d in found):
                    found.append(Detection(known, known, -float(power), sure=True))
                decoder.end_utt()
                decoder.start_utt()
            decoder.end_utt()
        return found
