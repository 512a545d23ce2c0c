"""The echo canceller learns a room and follows it, and leaves a person alone."""

from __future__ import annotations

import numpy as np
import pytest
from echo_room import active_db, person
from people import speech

from calmvoice.echo.canceller import EchoCanceller
from calmvoice.echo.echo_path import BLOCK, EchoPath
from calmvoice.sound import MICROPHONE_RATE, PcmSamples, Samples, from_pcm, to_pcm

LEARNT = 6 * MICROPHONE_RATE
MOVED = 60  # samples: 3.75 ms


def guidance(seconds: int = 12) -> Samples:
    said = speech("Sit down if you can. Let your shoulders drop. It will keep.", "en-US").samples
    return np.resize(said * np.float32(0.3), seconds * MICROPHONE_RATE)


def echo_of(samples: Samples, seed: int = 0) -> Samples:
    """Through a simulated room of 0.2 s, 25 ms away, 10 dB softer."""
    random = np.random.default_rng(seed)
    way = random.standard_normal(3200) * np.exp(-np.arange(3200) / 500)
    way[:400] = 0.0
    echo = np.convolve(samples, way / np.linalg.norm(way))[: len(samples)] * 10 ** (-10 / 20)
    return (echo + random.normal(0.0, 1e-4, len(samples))).astype(np.float32)


def cancel(canceller: EchoCanceller, heard: Samples, played: Samples) -> Samples:
    return from_pcm(canceller.cancel(to_pcm(heard), played))


def test_it_learns_the_room() -> None:
    played = guidance()
    heard = echo_of(played)
    left = cancel(EchoCanceller(), heard, played)
    assert active_db(left[LEARNT:]) < active_db(heard[LEARNT:]) - 16  # 20


def test_a_person_over_it_is_kept_and_the_echo_goes() -> None:
    played = guidance()
    said = person(speech("Please stop, I need more time.").samples)
    alone = np.zeros_like(played)
    alone[LEARNT : LEARNT + len(said)] = said
    echo = echo_of(played)
    left = cancel(EchoCanceller(), echo + alone, played)
    during = slice(LEARNT, LEARNT + len(said))
    assert active_db(left[during] - said) < active_db(echo[during]) - 12


def test_an_echo_that_moved_is_found_again_though_a_person_speaks() -> None:
    played = guidance()
    echo = echo_of(played)
    echo[LEARNT:] = np.roll(echo, MOVED)[LEARNT:]
    said = person(speech("Please stop, I need more time.").samples)
    alone = np.zeros_like(played)
    alone[LEARNT : LEARNT + len(said)] = said
    left = cancel(EchoCanceller(), echo + alone, played)
    found = slice(LEARNT + MICROPHONE_RATE // 2, LEARNT + 2 * MICROPHONE_RATE)
    assert active_db(left[found] - alone[found]) < active_db(echo[found]) - 12


def test_where_no_echo_is_people_are_left_as_they_are() -> None:
    played = guidance()
    said = np.resize(person(speech("Please stop, I need more time.").samples), len(played))
    hiss = np.random.default_rng(3).normal(0.0, 3e-4, len(said))
    heard = to_pcm((said + hiss).astype(np.float32))
    canceller = EchoCanceller()
    np.testing.assert_array_equal(canceller.cancel(heard, played), heard)
    assert not canceller.sure


def test_it_knows_when_it_is_lost() -> None:
    played = guidance()
    heard = echo_of(played)
    heard[LEARNT:] = np.random.default_rng(3).normal(0.0, 1e-3, len(heard) - LEARNT)
    canceller = EchoCanceller()
    canceller.cancel(to_pcm(heard[:LEARNT]), played[:LEARNT])
    assert canceller.sure
    canceller.cancel(to_pcm(heard[LEARNT:]), played[LEARNT:])
    assert not canceller.sure


def test_another_room_is_learnt_anew() -> None:
    played = guidance(16)
    echo = echo_of(played)
    echo[LEARNT:] = echo_of(played, seed=1)[LEARNT:]
    left = cancel(EchoCanceller(), echo, played)
    later = LEARNT + 5 * MICROPHONE_RATE
    assert active_db(left[later:]) < active_db(echo[later:]) - 10  # 14 to 16


def within(samples: Samples, lowest: float, highest: float) -> Samples:
    """Only what sounds between these, in Hz."""
    spectrum = np.fft.rfft(samples)
    hertz = np.linspace(0, MICROPHONE_RATE / 2, len(spectrum))
    spectrum[(hertz < lowest) | (hertz > highest)] = 0.0
    return np.fft.irfft(spectrum, len(samples)).astype(np.float32)


def test_a_whine_where_nothing_is_played_teaches_no_way() -> None:
    played = within(guidance(), 0, 7000)
    hiss = np.random.default_rng(3).normal(0.0, 0.05, len(played)).astype(np.float32)
    heard = echo_of(played) + within(hiss, 7600, 8000)
    path = EchoPath()
    for at in [*range(0, len(played), BLOCK)] * 5:  # a minute; without fading it is 2.8 by then
        path.learn(heard[at : at + BLOCK] - path.predict(played[at : at + BLOCK]))
    assert float(np.abs(path.copy_way()).max()) < 1.0


def test_a_muted_microphone_teaches_nothing() -> None:
    played = guidance()
    heard = echo_of(played)
    heard[LEARNT : LEARNT + 2 * MICROPHONE_RATE] = 0.0
    left = cancel(EchoCanceller(), heard, played)
    assert not left[LEARNT : LEARNT + 2 * MICROPHONE_RATE].any()
    after = slice(LEARNT + 2 * MICROPHONE_RATE, LEARNT + 3 * MICROPHONE_RATE)
    assert active_db(left[after]) < active_db(heard[after]) - 15


@pytest.mark.parametrize("size", [1, 37, 160, 1600, 1601])
def test_any_cut_gives_the_same(size: int) -> None:
    played = guidance(2)
    heard = to_pcm(echo_of(played))
    whole = EchoCanceller().cancel(heard, played)
    canceller = EchoCanceller()
    parts: list[PcmSamples] = [
        canceller.cancel(heard[at : at + size], played[at : at + size])
        for at in range(0, len(heard), size)
    ]
    np.testing.assert_array_equal(np.concatenate(parts), whole)
    assert canceller.kept == 0


def test_what_waits_for_its_block_is_given_back() -> None:
    canceller = EchoCanceller()
    heard = np.arange(BLOCK + 5, dtype=np.int16)
    assert len(canceller.cancel(heard, np.zeros(len(heard), np.float32))) == BLOCK
    assert canceller.kept == 5
    np.testing.assert_array_equal(canceller.flush(), heard[-5:])
    assert canceller.kept == 0


def test_two_lengths_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="3 samples heard, 2 played"):
        EchoCanceller().cancel(np.zeros(3, np.int16), np.zeros(2, np.float32))
