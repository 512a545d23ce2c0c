"""What whole words of the language explain of a stretch of sound, against mere sounds.

Rule: both recognisers are kept for some looks: what they looked up in the graphs stays at hand, so
that 1.5 s of speech take a third less. Kept for good they grow by 65 MB in some hundred looks.
``FinalResult`` makes them ready for the next stretch.
"""

from __future__ import annotations

import json

from calmvoice.ears.grammar import as_grammar
from calmvoice.ears.model import SpeechModel
from calmvoice.ears.without_network import vosk
from calmvoice.sound import PcmSamples

SOUNDS_LEVEL = 5  # 3.5 a sound, as in ``evidence``
LOOKS = 8  # then new ones: 11 to 20 MB


class Language:
    """Compares words with sounds; not to be shared between threads."""

    def __init__(self, model: SpeechModel) -> None:
        self._model = model
        self._renew()

    def advantage(self, samples: PcmSamples) -> float:
        """Return how much likelier words explain the stretch, 0 without a language to ask."""
        if self._words is None or not len(samples):
            return 0.0
        if self._looks == LOOKS:
            self._renew()
        self._looks += 1
        return _likelihood(self._words, samples) - _likelihood(self._sounds, samples)

    def _renew(self) -> None:
        self._looks = 0
        self._words = self._model.free_recogniser() if self._model.has_language else None
        self._sounds = self._model.recogniser(as_grammar(self._model.fillers(SOUNDS_LEVEL)))
        self._sounds.SetMaxAlternatives(1)


def _likelihood(recogniser: vosk.KaldiRecognizer, samples: PcmSamples) -> float:
    """Return the logarithm for the likeliest path, up to what depends on the stretch alone."""
    recogniser.AcceptWaveform(samples.tobytes())
    return float(json.loads(recogniser.FinalResult())["alternatives"][0]["confidence"])
