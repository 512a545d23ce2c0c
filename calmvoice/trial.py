"""A phrase tried aloud: said so many times, then a minute of other talk that must not be it.

Rules: what the microphone hears is counted and gone; time is that of the audio, so that a file
tries a phrase as the microphone does.
"""

from __future__ import annotations

import queue
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from calmvoice import wiring
from calmvoice.audio.sounddevice_microphone import SounddeviceMicrophone
from calmvoice.clock import SystemClock
from calmvoice.ears.model import SpeechModel
from calmvoice.ears.vosk_ears import VoskEars
from calmvoice.errors import SoundError
from calmvoice.meanings import Meaning
from calmvoice.ports import Clock, Ears, Heard
from calmvoice.settings import Settings
from calmvoice.sound import MICROPHONE_RATE, PcmSamples

TRIES = 5
SAY_SECONDS = 6.0  # how long one try is waited for
TALK_SECONDS = 60.0
QUIET_LIMIT = 3.0  # seconds without a chunk: the device is gone

Chunks = Iterator[PcmSamples]


@dataclass(frozen=True)
class Tried:
    """How often a phrase was asked for, heard, and heard with a doubt."""

    said: int
    heard: int
    unsure: int


@dataclass(frozen=True)
class Mistaken:
    """How much talk was listened to, and how often it was taken for the phrase."""

    seconds: float
    sure: int
    unsure: int


def signal_ears(settings: Settings, speech: SpeechModel) -> VoskEars:
    """Build ears that listen for the signal of the settings alone; may raise ``PhraseError``."""
    said = wiring.phrases(settings, wiring.pack(settings))
    ears = wiring.ears(speech, said)
    ears.expect({Meaning.SIGNAL: said[Meaning.SIGNAL]})
    return ears


@contextmanager
def microphone(settings: Settings, clock: Clock | None = None) -> Iterator[Chunks]:
    """Open the microphone of the settings and yield what it hears, until it is left.

    Raises ``SoundError`` without a microphone, and when it is lost.
    """
    waiting: queue.SimpleQueue[PcmSamples] = queue.SimpleQueue()
    device = SounddeviceMicrophone(
        settings.computer.microphone, lambda part, works: None, clock or SystemClock()
    )

    def chunks() -> Chunks:
        while True:
            try:
                yield waiting.get(timeout=QUIET_LIMIT)
            except queue.Empty:
                raise SoundError(
                    "the microphone gives no sound", "Look at it with: calmvoice doctor"
                ) from None

    device.open(lambda samples, at: waiting.put(samples))
    try:
        yield chunks()
    finally:
        device.close()


def count_tries(
    ears: Ears, chunks: Chunks, say_now: Callable[[int], None], tries: int = TRIES
) -> Tried:
    """Ask for the phrase so many times; ``say_now`` is called with the number of each try."""
    heard = unsure = 0
    for number in range(1, tries + 1):
        say_now(number)
        found = next((f for _, f in _listen(ears, chunks, SAY_SECONDS) if f), [])
        heard += any(one.sure for one in found)
        unsure += bool(found) and not any(one.sure for one in found)
        ears.feed(np.zeros(MICROPHONE_RATE, np.int16))  # the utterance is over
    return Tried(tries, heard, unsure)


def count_mistakes(
    ears: Ears, chunks: Chunks, mistaken: Callable[[float], None], seconds: float = TALK_SECONDS
) -> Mistaken:
    """Listen to other talk; ``mistaken`` is called with the second of each false one."""
    past, sure, unsure = 0.0, 0, 0
    for past, found in _listen(ears, chunks, seconds):
        for one in found:
            mistaken(past)
            sure, unsure = sure + one.sure, unsure + (not one.sure)
    return Mistaken(past, sure, unsure)


def _listen(ears: Ears, chunks: Chunks, seconds: float) -> Iterator[tuple[float, list[Heard]]]:
    """Feed so much audio; yield after each chunk how much it was by now, and what was heard."""
    past = 0.0
    while past < seconds and (samples := next(chunks, None)) is not None:
        past += len(samples) / MICROPHONE_RATE
        yield past, ears.feed(samples)
