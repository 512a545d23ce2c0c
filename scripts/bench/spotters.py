"""What the ears' benchmark compares: the port, and our ears behind it.

Each spotter gives detections with the threshold up to which they would be made, so that one pass
gives the whole operating curve. The others are in ``peers``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Protocol

from counting import Answer, Detection

from calmvoice.ears.model import SpeechModel
from calmvoice.ears.second_look import SecondLook, Seen
from calmvoice.ears.thresholds import UNSURE
from calmvoice.ears.vosk_ears import VoskEars
from calmvoice.meanings import Meaning
from calmvoice.sound import PcmSamples

CHUNK = 1600  # samples: what the microphone delivers
SAME_SECONDS = 0.5  # detections that end nearer than this are one
LEAST_SCORE = -12.0  # of what is let pass: the operating curve goes on below our own setting


class SpotterMissingError(Exception):
    """A peer cannot run here; the message says what it lacks."""


class Spotter(Protocol):
    """Some phrases listened for, scene after scene."""

    def detections(self, audio: PcmSamples) -> list[Detection]:
        """Return what is found in a whole scene (int16 at 16 kHz), told or not."""


class _Measured(VoskEars):
    """Ears that remember the scores of what they look at."""

    def __init__(self, model: SpeechModel, second: SecondLook) -> None:
        self.seen: list[tuple[Seen, float]] = []
        super().__init__(model)
        self._second = second  # kept from scene to scene, as in a room

    def _look_back(self, phrase: str) -> list[Seen]:
        found = super()._look_back(phrase)
        self.seen += [(seen, self._seconds) for seen in found]
        if self._second.is_short(phrase):
            return found
        return [seen for seen in found if seen.score is None or seen.score >= UNSURE]


class OurEars:
    """CalmVoice's ears; a phrase too short to be weighed is sure (infinite) or asked (0)."""

    def __init__(self, phrases: Sequence[str]) -> None:
        self._model, self._phrases = SpeechModel(), phrases
        self._second = SecondLook(self._model, LEAST_SCORE)

    def detections(self, audio: PcmSamples) -> list[Detection]:
        """Return told utterances, and likely ones that were let pass."""
        ears = _Measured(self._model, self._second)
        ears.expect({Meaning.SIGNAL: self._phrases})
        told = []
        for at in range(0, len(audio), CHUNK):
            told += ears.feed(audio[at : at + CHUNK])
        found = []
        for heard in told:
            scores = [s.score for s, _ in ears.seen if abs(s.end - heard.at_seconds) < SAME_SECONDS]
            weighed = [s for s in scores if s is not None]
            score = max(weighed, default=math.inf if heard.sure else 0.0)
            answer = Answer.SURE if heard.sure else Answer.ASKED
            found.append(Detection(heard.at_seconds, heard.known_seconds, score, answer))
        for seen, known in sorted(ears.seen, key=lambda pair: -(pair[0].score or 0.0)):
            if all(abs(seen.end - d.end) >= SAME_SECONDS for d in found):
                found.append(Detection(seen.end, known, seen.score or 0.0, Answer.PASSED))
        return found
