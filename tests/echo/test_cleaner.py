"""The microphone passes untouched in silence, and without seams while something sounds."""

from __future__ import annotations

import numpy as np
import pytest
from echo_room import active_db

from calmvoice.echo.canceller import EchoCanceller
from calmvoice.echo.cleaner import EchoCleaner
from calmvoice.echo.echo_path import TAIL_SECONDS
from calmvoice.sound import MICROPHONE_RATE, PcmSamples, Samples, from_pcm, to_pcm

BEGIN = 1_000.0
DELAY = 400  # samples
RANDOM = np.random.default_rng(4)
NOISE: Samples = RANDOM.normal(0.0, 0.1, 10 * MICROPHONE_RATE).astype(np.float32)


class Playing:
    """A loudspeaker that plays these samples from ``BEGIN`` on."""

    def __init__(self, samples: Samples) -> None:
        self.samples, self.asked = samples, list[float]()

    def played(self, start: float, count: int) -> Samples:
        self.asked.append(start)
        first = round((start - BEGIN) * MICROPHONE_RATE)
        out = np.zeros(count, np.float32)
        low, high = max(0, first), min(len(self.samples), first + count)
        if low < high:
            out[low - first : high - first] = self.samples[low:high]
        return out


def clean(
    cleaner: EchoCleaner, heard: PcmSamples, size: int, jitter_seconds: float = 0.0
) -> tuple[PcmSamples, list[float]]:
    """Feed a recording from ``BEGIN`` on; return what came out and the time of each last sample."""
    parts, times = [], []
    for at in range(0, len(heard), size):
        chunk = heard[at : at + size]
        end = BEGIN + (at + len(chunk)) / MICROPHONE_RATE
        samples, until = cleaner.clean(chunk, end + RANDOM.uniform(-1, 1) * jitter_seconds)
        parts.append(samples)
        times.append(until)
    return np.concatenate(parts), times


def echo(samples: Samples) -> Samples:
    return np.concatenate([np.zeros(DELAY, np.float32), 0.3 * samples[:-DELAY]])


def test_in_silence_it_is_the_same_chunk() -> None:
    cleaner = EchoCleaner(EchoCanceller(), Playing(np.zeros(0, np.float32)))
    chunk = to_pcm(NOISE[:1600])
    samples, until = cleaner.clean(chunk, BEGIN)
    assert samples is chunk
    assert until == BEGIN


@pytest.mark.parametrize("size", [1600, 517])
def test_an_echo_is_taken_out_though_the_times_jitter(size: int) -> None:
    heard = echo(NOISE)
    cleaner = EchoCleaner(EchoCanceller(), Playing(NOISE))
    left, _ = clean(cleaner, to_pcm(heard), size, jitter_seconds=0.008)
    late = from_pcm(left)[6 * MICROPHONE_RATE :]
    assert active_db(late) < active_db(heard[6 * MICROPHONE_RATE :]) - 15


def test_no_sample_is_lost_or_doubled_and_its_time_is_told() -> None:
    second = np.concatenate([NOISE[:MICROPHONE_RATE], np.zeros(MICROPHONE_RATE, np.float32)])
    heard = to_pcm(np.linspace(0.0, 0.5, 2 * MICROPHONE_RATE).astype(np.float32))
    cleaner = EchoCleaner(EchoCanceller(), Playing(second))
    parts, times = clean(cleaner, heard, 517)
    assert len(parts) == len(heard)
    quiet = MICROPHONE_RATE + round((TAIL_SECONDS + 0.1) * MICROPHONE_RATE)
    np.testing.assert_array_equal(parts[quiet:], heard[quiet:])
    given = 0
    cleaner = EchoCleaner(EchoCanceller(), Playing(second))
    for at, until in zip(range(0, len(heard), 517), times, strict=True):
        samples, _ = cleaner.clean(
            heard[at : at + 517], BEGIN + min(at + 517, len(heard)) / MICROPHONE_RATE
        )
        given += len(samples)
        assert until == pytest.approx(BEGIN + given / MICROPHONE_RATE, abs=1e-6)


def test_after_a_gap_it_asks_for_the_right_moment() -> None:
    playing = Playing(np.zeros(0, np.float32))
    cleaner = EchoCleaner(EchoCanceller(), playing)
    chunk = to_pcm(NOISE[:1600])
    for end in (BEGIN + 0.1, BEGIN + 0.204, BEGIN + 0.9):
        cleaner.clean(chunk, end)
    np.testing.assert_allclose(playing.asked, [BEGIN, BEGIN + 0.1, BEGIN + 0.8], atol=1e-4)


def test_a_clock_that_drifts_is_followed_in_silence() -> None:
    playing = Playing(np.zeros(0, np.float32))
    cleaner = EchoCleaner(EchoCanceller(), playing)
    chunk = to_pcm(NOISE[:1600])
    for n in range(2_000):
        cleaner.clean(chunk, BEGIN + n * 0.10002)
    assert playing.asked[-1] == pytest.approx(BEGIN + 1_999 * 0.10002 - 0.1, abs=0.015)


def test_what_is_heard_with_our_first_words_is_ours() -> None:
    cleaner = EchoCleaner(EchoCanceller(), Playing(NOISE))
    hiss = to_pcm(RANDOM.normal(0.0, 1e-3, 6 * MICROPHONE_RATE).astype(np.float32))
    clean(cleaner, hiss, 1600)
    assert cleaner.is_ours(BEGIN + 0.5, BEGIN + 1.2)
    assert not cleaner.is_ours(BEGIN + 4.0, BEGIN + 4.5)
    assert not cleaner.is_ours(BEGIN - 1.0, BEGIN - 0.5)
