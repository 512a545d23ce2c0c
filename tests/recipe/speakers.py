"""People for the recipe's tests: espeak-ng's voices, high and low, slow and fast, in some noise."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from functools import cache

import numpy as np
import soxr

from calmvoice.sound import MICROPHONE_RATE, PcmSamples
from calmvoice.voice.pyttsx3_worker import load_espeak

RETRIEVAL, UTF8 = 1, 1  # of espeak's enums: give back samples; how the text is written
RATE, PITCH = 1, 3
_Callback = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p
)


@dataclass(frozen=True)
class Speaker:
    """One of espeak's voices, its pitch (0 to 99) and its words a minute."""

    voice: str
    pitch: int
    rate: int


class _Mouth:
    """The library in this process: it gives back samples instead of playing them."""

    def __init__(self) -> None:
        self._library = load_espeak()
        self._library.espeak_Initialize.restype = ctypes.c_int
        self._sample_rate = self._library.espeak_Initialize(RETRIEVAL, 0, None, 0)
        self._said: list[np.ndarray[tuple[int], np.dtype[np.int16]]] = []
        self._callback = _Callback(self._take)
        self._library.espeak_SetSynthCallback(self._callback)

    def _take(self, samples: object, count: int, _: object) -> int:
        if samples and count > 0:
            part = np.ctypeslib.as_array(samples, (count,))
            self._said.append(part.astype(np.int16))
        return 0

    def say(self, text: str, speaker: Speaker) -> PcmSamples:
        self._said.clear()
        data = text.encode()
        assert self._library.espeak_SetVoiceByName(speaker.voice.encode()) == 0, speaker
        self._library.espeak_SetParameter(RATE, speaker.rate, 0)
        self._library.espeak_SetParameter(PITCH, speaker.pitch, 0)
        assert self._library.espeak_Synth(data, len(data) + 1, 0, 1, 0, UTF8, None, None) == 0
        self._library.espeak_Synchronize()
        said = np.concatenate(self._said)
        return np.asarray(soxr.resample(said, self._sample_rate, MICROPHONE_RATE))


@cache
def _mouth() -> _Mouth:
    return _Mouth()


def say(text: str, speaker: Speaker, rng: np.random.Generator) -> PcmSamples:
    """Return a text as spoken in a room that hisses, with up to 0.4 s before and after it."""
    said = _mouth().say(text, speaker).astype(np.float64)
    loud = np.flatnonzero(np.abs(said) > 300)
    said = said[loud[0] : loud[-1]] * (rng.uniform(5_000, 15_000) / np.abs(said).max())
    before, after = (round(rng.uniform(0.1, 0.4) * MICROPHONE_RATE) for _ in range(2))
    scene = np.pad(said, (before, after)) + rng.normal(
        0, rng.uniform(3, 60), before + len(said) + after
    )
    return scene.astype(np.int16)
