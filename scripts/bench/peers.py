"""The spotters we are compared with: PocketSphinx, openWakeWord and microWakeWord.

Rules:
- Each runs at its vendor's own setting (``DEFAULT``), and gives the scores of the rest.
- They are fed in steps as short as they like, ours in the microphone's: delay is in their favour.
- Wake words are whole models made for one word; both packages carry "alexa" inside.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from counting import Answer, Detection
from spotters import SpotterMissingError

from calmvoice.sound import MICROPHONE_RATE, PcmSamples

INSTALL = 'not installed: pip install "calmvoice[bench]"'
OWN_WORD = "alexa"


class Rising:
    """Joins scores that follow one another into detections, each with its best score."""

    def __init__(self, default: float, same_seconds: float) -> None:
        self._default, self._same = default, same_seconds
        self.found: list[Detection] = []
        self._last: list[float] = []  # when each was last seen

    def add(self, end: float, known: float, score: float) -> None:
        """Take a score; a detection is known when it reaches the default, or is at its best."""
        answer = Answer.SURE if score >= self._default else Answer.PASSED
        new = Detection(end, known, score, answer)
        for number, old in enumerate(self.found):
            if abs(end - self._last[number]) < self._same:
                self._last[number] = max(self._last[number], end)
                if score > old.score:
                    first = old if old.answer is Answer.SURE else new
                    self.found[number] = replace(first, score=score)
                return
        self.found.append(new)
        self._last.append(end)


class Sphinx:
    """PocketSphinx 5.1's keyphrase search with its own English model.

    The score is the power of ten of the threshold that would just keep a detection; it is read
    from the segment's probability at the loosest threshold, instead of a run for each threshold.
    """

    DEFAULT = -30.0  # kws_threshold 1e-30
    LOOSEST = -50.0
    CHUNK = 320
    SAME_SECONDS = 0.5
    FRAMES = 100  # a second
    LOG_BASE, SHIFT, MOST = 1.0001, 1024, 1500  # logmath base, SENSCR_SHIFT, KWS_MAX of kws_search

    def __init__(self, phrase: str) -> None:
        try:
            import pocketsphinx
        except ImportError as error:
            raise SpotterMissingError(INSTALL) from error
        words = pocketsphinx.Decoder(lm=None, loglevel="FATAL")
        if lacking := [w for w in phrase.split() if words.lookup_word(w) is None]:
            raise SpotterMissingError(f"its dictionary lacks {', '.join(lacking)}")
        self._decoder = pocketsphinx.Decoder(
            keyphrase=phrase, kws_threshold=10.0**self.LOOSEST, loglevel="FATAL"
        )

    def score(self, probability: float) -> float:
        """Return the power of ten of the threshold that a segment of this probability reaches."""
        steps = math.log(probability) / math.log(self.LOG_BASE) + self.MOST
        return min(0.0, steps * self.SHIFT * math.log10(self.LOG_BASE))

    def detections(self, audio: PcmSamples) -> list[Detection]:
        """Return the segments of the scene as one utterance."""
        rising = Rising(self.DEFAULT, self.SAME_SECONDS)
        self._decoder.start_utt()
        for at in range(0, len(audio), self.CHUNK):
            self._decoder.process_raw(audio[at : at + self.CHUNK].tobytes(), False, False)
            if self._decoder.hyp() is None:
                continue
            known = min(at + self.CHUNK, len(audio)) / MICROPHONE_RATE
            for segment in self._decoder.seg():
                rising.add(segment.end_frame / self.FRAMES, known, self.score(segment.prob))
        self._decoder.end_utt()
        return rising.found


class _WakeWord(ABC):
    """A wake word's model: a probability every step, running on from scene to scene."""

    STEP = 0
    DEFAULT = 0.5
    FLOOR = 0.02  # lower probabilities are there all the time
    SAME_SECONDS = 1.0

    def detections(self, audio: PcmSamples) -> list[Detection]:
        """Return where the probability rises."""
        rising = Rising(self.DEFAULT, self.SAME_SECONDS)
        for at in range(0, len(audio), self.STEP):
            known = min(at + self.STEP, len(audio)) / MICROPHONE_RATE
            for probability in self.probabilities(audio[at : at + self.STEP].tobytes()):
                if probability >= self.FLOOR:
                    rising.add(known, known, probability)
        return rising.found

    @abstractmethod
    def probabilities(self, audio: bytes) -> Iterator[float]:
        """Yield what the model thinks of the next samples."""


class OpenWakeWord(_WakeWord):
    """openWakeWord's "alexa" in TensorFlow Lite, as pyopen-wakeword carries it."""

    STEP = 1280

    def __init__(self, phrase: str) -> None:
        try:
            from pyopen_wakeword import Model, OpenWakeWord, OpenWakeWordFeatures
        except ImportError as error:
            raise SpotterMissingError(INSTALL) from error
        _require_own(phrase)
        self._features = OpenWakeWordFeatures.from_builtin()
        self._word = OpenWakeWord.from_builtin(Model.ALEXA)

    def probabilities(self, audio: bytes) -> Iterator[float]:
        """Yield one every 80 ms."""
        for embedding in self._features.process_streaming(audio):
            yield from self._word.process_streaming(np.asarray(embedding))


class MicroWakeWord(_WakeWord):
    """microWakeWord's "alexa" in TensorFlow Lite, as pymicro-wakeword carries it."""

    STEP = 480
    DEFAULT = 0.9  # probability_cutoff of its alexa.json

    def __init__(self, phrase: str) -> None:
        try:
            from pymicro_wakeword import MicroWakeWord, MicroWakeWordFeatures, Model
        except ImportError as error:
            raise SpotterMissingError(INSTALL) from error
        _require_own(phrase)
        self._features = MicroWakeWordFeatures()
        self._word = MicroWakeWord.from_builtin(Model.ALEXA)

    def probabilities(self, audio: bytes) -> Iterator[float]:
        """Yield one every 10 ms, averaged over its window."""
        for features in self._features.process_streaming(audio):
            yield float(self._word.process_streaming_prob(features) or 0.0)


def _require_own(phrase: str) -> None:
    if phrase != OWN_WORD:
        raise SpotterMissingError(f'no model for any phrase but its own ("{OWN_WORD}")')
