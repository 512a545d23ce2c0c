"""Loudness against pyloudnorm, trimming to known places, and no clicks."""

from __future__ import annotations

import warnings

import numpy as np
import pyloudnorm
import pytest

from calmvoice.sound import SPEAKER_RATE, Samples, Sound
from calmvoice.voice.levels import (
    CEILING,
    LEAD,
    TAIL,
    audible,
    levelled,
    loudness,
    resampled,
    trimmed,
)
from calmvoice.voice.pico_voice import PicoVoice
from calmvoice.voice.pyttsx3_voice import Pyttsx3Voice

LINES = ("Pause.", "Food first.", "The loop is the problem. You two are the team.")


def noise(seconds: float, level: float = 0.1, seed: int = 1) -> Samples:
    random = np.random.default_rng(seed)
    samples: Samples = random.normal(0, level, round(seconds * SPEAKER_RATE)).astype(np.float32)
    return samples


def reference(samples: Samples) -> float:
    padded = np.pad(samples, (0, max(0, round(0.4 * SPEAKER_RATE) - len(samples))))
    # pyloudnorm also counts a last block that is cut off, as if whole; BS.1770-4 leaves an
    # incomplete block out: measured 0.4 LU apart for a word, so it is compared on whole steps.
    padded = padded[: len(padded) // 4800 * 4800]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return float(pyloudnorm.Meter(SPEAKER_RATE).integrated_loudness(padded))


@pytest.fixture(scope="module")
def sentences() -> list[Sound]:
    voices = (Pyttsx3Voice(), PicoVoice())
    return [trimmed(resampled(voice.render(line))) for voice in voices for line in LINES]


def test_sentences_read_as_pyloudnorm_reads_them(sentences: list[Sound]) -> None:
    for sound in sentences:
        assert loudness(sound) == pytest.approx(reference(sound.samples), abs=0.1)


@pytest.mark.parametrize("seconds", [0.05, 0.25, 0.4, 0.9, 5.0])
def test_noises_read_as_pyloudnorm_reads_them(seconds: float) -> None:
    samples = noise(seconds)
    assert loudness(Sound(samples)) == pytest.approx(reference(samples), abs=0.1)


def test_both_gates_are_applied() -> None:
    pauses = np.concatenate([noise(2), noise(2, 1e-6), noise(2, 0.003), noise(2)])
    assert loudness(Sound(pauses)) == pytest.approx(reference(pauses), abs=0.1)
    assert loudness(Sound(pauses)) == pytest.approx(loudness(Sound(noise(4))), abs=0.6)


def test_a_full_scale_tone_of_997_hz_reads_as_the_standard_says() -> None:
    time = np.arange(3 * SPEAKER_RATE) / SPEAKER_RATE
    tone = np.sin(2 * np.pi * 997 * time).astype(np.float32)
    assert loudness(Sound(tone)) == pytest.approx(-3.01, abs=0.02)


def test_sentences_come_out_at_minus_23_with_their_peak_under_minus_3(
    sentences: list[Sound],
) -> None:
    for sound in sentences:
        even = levelled(sound)
        assert loudness(even) == pytest.approx(-23.0, abs=1.0)
        assert np.abs(even.samples).max() <= CEILING


def test_a_spiky_sound_is_left_softer_rather_than_bent() -> None:
    samples = noise(1, 0.001)
    samples[20_000] = 0.9
    even = levelled(Sound(samples))
    assert np.abs(even.samples).max() == pytest.approx(CEILING, rel=1e-4)
    np.testing.assert_allclose(even.samples / even.samples[20_000], samples / 0.9, atol=1e-6)


@pytest.mark.parametrize("before", [0, 100, 480, 20_000])
@pytest.mark.parametrize("after", [0, 1000, 30_000])
def test_speech_starts_and_ends_at_known_places(before: int, after: int) -> None:
    speech = np.pad(noise(0.5), (before, after))
    sound = trimmed(Sound(speech))
    first, end = audible(sound)
    assert abs(first - LEAD) <= 60
    assert abs(len(sound.samples) - end - TAIL) <= 60
    assert np.abs(sound.samples[[0, -1]]).max() < 1e-3


def test_silence_stays_silence() -> None:
    quiet = Sound(np.zeros(5000, np.float32))
    assert audible(quiet) == (0, 0)
    assert loudness(quiet) == -np.inf
    assert not levelled(trimmed(quiet)).samples.any()


def test_another_rate_is_a_bug() -> None:
    with pytest.raises(ValueError, match="resampled"):
        loudness(Sound(noise(1), 22_050))


def test_resampling_keeps_time_and_level() -> None:
    time = np.arange(22_050) / 22_050
    tone = Sound((0.5 * np.sin(2 * np.pi * 300 * time)).astype(np.float32), 22_050)
    out = resampled(tone)
    assert out.rate == SPEAKER_RATE
    assert out.samples.dtype == np.float32
    assert out.seconds == pytest.approx(1.0, abs=1e-3)
    assert np.abs(out.samples[1000:-1000]).max() == pytest.approx(0.5, rel=0.01)
