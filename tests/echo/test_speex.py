"""The echo canceller learns a room, leaves a person alone, and takes chunks of any size."""

from __future__ import annotations

import gc
import os
import weakref

import numpy as np
import pytest
from echo_room import active_db, person
from people import speech

from calmvoice.echo import speex
from calmvoice.echo.speex import FRAME, EchoCanceller
from calmvoice.errors import SoundError
from calmvoice.sound import MICROPHONE_RATE, PcmSamples, Samples, from_pcm, to_pcm

SECONDS = 20
LEARNT = 12 * MICROPHONE_RATE

try:
    speex.load_library()
except SoundError as error:
    if os.environ.get("CI") == "true":
        raise
    pytestmark = pytest.mark.skip(reason=f"{error}: {error.hint}")


def guidance(seconds: int = SECONDS) -> Samples:
    said = speech("Sit down if you can. Let your shoulders drop. It will keep.", "en-US").samples
    return np.resize(said * np.float32(0.3), seconds * MICROPHONE_RATE)


def echo_of(samples: Samples) -> Samples:
    """Through a simulated room of 0.2 s, 25 ms away, 10 dB softer."""
    random = np.random.default_rng(0)
    way = random.standard_normal(3200) * np.exp(-np.arange(3200) / 500)
    way[:400] = 0.0
    echo = np.convolve(samples, way / np.linalg.norm(way))[: len(samples)] * 10 ** (-10 / 20)
    return (echo + random.normal(0.0, 1e-4, len(samples))).astype(np.float32)


def cancel(canceller: EchoCanceller, heard: Samples, played: Samples) -> Samples:
    return from_pcm(canceller.cancel(to_pcm(heard), to_pcm(played)))


def test_it_learns_the_room() -> None:
    played = guidance()
    heard = echo_of(played)
    left = cancel(EchoCanceller(), heard, played)
    assert active_db(left[LEARNT:]) < active_db(heard[LEARNT:]) - 12


def test_a_person_over_it_is_kept() -> None:
    played = guidance()
    said = person(speech("Please stop, I need more time.").samples)
    alone = np.zeros_like(played)
    alone[LEARNT : LEARNT + len(said)] = said
    left = cancel(EchoCanceller(), echo_of(played) + alone, played)[LEARNT : LEARNT + len(said)]
    scale = float(np.dot(left, said) / np.dot(said, said))
    assert 20 * np.log10(scale) == pytest.approx(0.0, abs=1.0)


@pytest.mark.parametrize("size", [1, 37, 160, 1600, 1601])
def test_any_cut_gives_the_same(size: int) -> None:
    played = guidance(2)
    heard, reference = to_pcm(echo_of(played)), to_pcm(played)
    whole = EchoCanceller().cancel(heard, reference)
    canceller = EchoCanceller()
    parts: list[PcmSamples] = [
        canceller.cancel(heard[at : at + size], reference[at : at + size])
        for at in range(0, len(heard), size)
    ]
    np.testing.assert_array_equal(np.concatenate(parts), whole)
    assert canceller.kept == 0


def test_what_waits_for_its_frame_is_given_back() -> None:
    canceller = EchoCanceller()
    heard = np.arange(FRAME + 5, dtype=np.int16)
    assert len(canceller.cancel(heard, np.zeros_like(heard))) == FRAME
    assert canceller.kept == 5
    np.testing.assert_array_equal(canceller.flush(), heard[-5:])
    assert canceller.kept == 0


def test_after_a_reset_it_knows_nothing() -> None:
    played = guidance(3)
    heard = echo_of(played)
    canceller = EchoCanceller()
    first = cancel(canceller, heard, played)
    cancel(canceller, heard, played)
    canceller.reset()
    np.testing.assert_array_equal(cancel(canceller, heard, played), first)


def test_two_lengths_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="3 samples heard, 2 played"):
        EchoCanceller().cancel(np.zeros(3, np.int16), np.zeros(2, np.int16))


def test_its_memory_is_freed_with_it() -> None:
    canceller = EchoCanceller()
    gone = weakref.ref(canceller)
    del canceller
    gc.collect()
    assert gone() is None
    closed = EchoCanceller()
    closed.close()
    closed.close()
