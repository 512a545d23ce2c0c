"""What the loudspeaker played is known to the sample, however it is asked for."""

from __future__ import annotations

import numpy as np
import pytest
import soxr
from hypothesis import given, settings
from hypothesis import strategies as st

from calmvoice.audio.desk import Desk
from calmvoice.audio.played import KEPT_SECONDS, PlayedLog
from calmvoice.audio.silent_speaker import TimedSpeaker
from calmvoice.clock import SystemClock
from calmvoice.ports import Now
from calmvoice.sound import MICROPHONE_RATE, SPEAKER_RATE, Clip, Samples, Sound

BEGIN = 100.0
BLOCK = 2048


def tones(seconds: float = 1.0) -> Samples:
    at = np.arange(round(seconds * SPEAKER_RATE)) / SPEAKER_RATE
    hertz = (300, 1_130, 2_900, 5_700)
    waves = [0.1 * np.sin(2 * np.pi * one * at) for one in hertz]
    summed: Samples = np.sum(waves, axis=0).astype(np.float32)
    return summed


def log_of(samples: Samples, jitter_seconds: float = 0.0) -> PlayedLog:
    log = PlayedLog()
    random = np.random.default_rng(2)
    for at in range(0, len(samples), BLOCK):
        off = random.uniform(-jitter_seconds, jitter_seconds) if at else 0.0
        log.add(BEGIN + at / SPEAKER_RATE + off, samples[at : at + BLOCK])
    return log


def test_it_is_the_sound_at_the_microphones_rate() -> None:
    samples = tones()
    played = log_of(samples).at(BEGIN, MICROPHONE_RATE)
    expected = soxr.resample(samples, SPEAKER_RATE, MICROPHONE_RATE)
    np.testing.assert_allclose(played[500:-500], expected[500:-500], atol=2e-3)


def test_what_the_microphone_cannot_have_is_filtered_out() -> None:
    high = np.sin(2 * np.pi * 9_500 * np.arange(SPEAKER_RATE) / SPEAKER_RATE).astype(np.float32)
    assert np.abs(log_of(high).at(BEGIN + 0.2, 8_000)).max() < 2e-3


def test_a_streams_blocks_have_no_seams_however_its_times_jitter() -> None:
    samples = tones()
    np.testing.assert_array_equal(
        log_of(samples, jitter_seconds=0.01).at(BEGIN, MICROPHONE_RATE),
        log_of(samples).at(BEGIN, MICROPHONE_RATE),
    )


def test_after_a_gap_the_device_gave_it_is_where_the_device_says() -> None:
    log = PlayedLog()
    log.add(BEGIN, np.zeros(BLOCK, np.float32))
    log.add(BEGIN + 0.5, np.ones(BLOCK, np.float32))
    played = log.at(BEGIN, MICROPHONE_RATE)
    assert np.flatnonzero(played > 0.5)[0] == pytest.approx(0.5 * MICROPHONE_RATE, abs=1)


def test_nothing_sounds_before_after_and_when_hushed() -> None:
    log = log_of(tones())
    assert not log.at(BEGIN - 1.0, 15_000).any()
    assert not log.at(BEGIN + 1.1, 1_000).any()
    log.cut(BEGIN + 0.5)
    assert log.at(BEGIN + 0.4, 1_000).any()
    assert not log.at(BEGIN + 0.51, 4_000).any()


def test_it_is_forgotten_after_a_while() -> None:
    log = log_of(tones())
    log.add(BEGIN + 1.1 + KEPT_SECONDS, np.zeros(BLOCK, np.float32))
    assert not log.at(BEGIN, MICROPHONE_RATE).any()


@settings(deadline=None, max_examples=60)
@given(
    first=st.integers(-2_000, MICROPHONE_RATE),
    counts=st.lists(st.integers(0, 3_000), max_size=8),
)
def test_any_split_gives_the_same_samples(first: int, counts: list[int]) -> None:
    log = log_of(tones())
    at = round(BEGIN * MICROPHONE_RATE) + first
    whole = log.at(at / MICROPHONE_RATE, sum(counts))
    parts = [np.zeros(0, np.float32)]
    for count in counts:
        parts.append(log.at(at / MICROPHONE_RATE, count))
        at += count
    np.testing.assert_allclose(np.concatenate(parts), whole, atol=1e-6)


class Standing:
    def now(self) -> Now:
        return Now(0.0, BEGIN)


def test_the_desk_knows_what_was_really_played_with_its_gain() -> None:
    desk = Desk(Standing())
    desk.start(1, gain_db=-6.0)
    desk.append(1, Clip(Sound(tones())))
    out = np.zeros(SPEAKER_RATE // 2, np.float32)
    desk.draw(desk.serial, out, BEGIN + 0.3)
    played = desk.played(BEGIN + 0.3, 8_000)
    np.testing.assert_allclose(played[100:-100], out[::3][100:-100], atol=2e-3)
    assert np.abs(out).max() == pytest.approx(0.5 * np.abs(tones()).max(), rel=0.05)
    desk.hush()
    assert not desk.played(BEGIN + 0.3, 8_000).any()


def test_a_loudspeaker_that_nobody_hears_has_played_nothing() -> None:
    speaker = TimedSpeaker(lambda _ticket, _breaks: None, SystemClock())
    try:
        assert not speaker.played(0.0, 100).any()
    finally:
        speaker.close()
