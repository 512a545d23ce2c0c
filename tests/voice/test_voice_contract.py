"""What every engine behind the ``Voice`` port must do, shown on both of them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import parselmouth
import pytest

from calmvoice.errors import VoiceError
from calmvoice.ports import Voice
from calmvoice.sound import Sound
from calmvoice.voice.levels import audible, audible_seconds
from calmvoice.voice.pace import count_words
from calmvoice.voice.pico_voice import PicoVoice
from calmvoice.voice.piper_voice import PiperVoice
from calmvoice.voice.pyttsx3_voice import Pyttsx3Voice

LINES = (
    "One of us is full right now.",
    "I'm not cross with you.",
    "You two are the team.",
    "If you're practising your next line, put it down.",
    "Either of you can turn me off, any time.",
)
QUESTIONS = ("Ten more, or twenty?", "Did you catch it early, in the middle, or late?")


@pytest.fixture(
    params=[Pyttsx3Voice, PicoVoice, PiperVoice], ids=["pyttsx3", "pico", "piper"], scope="module"
)
def voice(request: pytest.FixtureRequest) -> Voice:
    made: Voice = request.param()
    return made


def end_over_median_semitones(sound: Sound) -> float:
    first, end = audible(sound)
    part = parselmouth.Sound(sound.samples[first:end].astype(np.float64), sound.rate)
    pitch = part.to_pitch(0.01, 45, 450)  # the lowest voice ends near 60 Hz
    hertz, times = pitch.selected_array["frequency"], pitch.xs()
    voiced, when = hertz[hertz > 0], times[hertz > 0]
    last = np.median(voiced[when > when[-1] - 0.15])
    return float(12 * np.log2(last / np.median(voiced)))


def test_a_sentence_is_sound_of_its_own_rate(voice: Voice) -> None:
    sound = voice.render("Nobody is leaving.")
    assert sound.samples.dtype == np.float32
    assert sound.samples.ndim == 1
    assert sound.rate in (16_000, 22_050)
    assert 0.7 < audible_seconds(sound) < 2.5
    assert 0.05 < np.abs(sound.samples).max() < 1.0


def test_lines_are_spoken_at_110_to_140_words_a_minute(voice: Voice) -> None:
    for line in LINES:
        pace = 60 * count_words(line) / audible_seconds(voice.render(line))
        assert 110 <= pace <= 140, line


@pytest.mark.parametrize("line", [*LINES[:2], *QUESTIONS])
def test_the_pitch_falls_at_the_end_of_questions_too(voice: Voice, line: str) -> None:
    # No two renderings are alike, and an octave is mistaken now and then.
    falls = [end_over_median_semitones(voice.render(line)) for _ in range(3)]
    assert np.median(falls) < -1.0


def test_one_text_sounds_the_same_each_time_from_any_thread(voice: Voice) -> None:
    alone = voice.render("Nobody is leaving.")
    with ThreadPoolExecutor(3) as pool:
        for sound in pool.map(voice.render, ["Nobody is leaving."] * 3):
            # No two are alike: each engine adds noise, and where a sentence fades differs by 60 ms.
            assert audible_seconds(sound) == pytest.approx(audible_seconds(alone), rel=0.08)


def test_the_identity_tells_voices_and_paces_apart(voice: Voice) -> None:
    make = type(voice)
    same, other = make(), make(words_per_minute=120)  # type: ignore[call-arg] # a port has no __init__
    assert voice.identity == same.identity != other.identity


@pytest.mark.parametrize("text", ["", "  ", "…?"])
def test_a_text_without_a_word_is_refused(voice: Voice, text: str) -> None:
    with pytest.raises(VoiceError, match="no word") as caught:
        voice.render(text)
    assert caught.value.hint


def test_an_unknown_voice_is_refused_with_candidates(voice: Voice) -> None:
    with pytest.raises(VoiceError, match=r"en-GB|en-gb"):
        type(voice)("en-gbb")  # type: ignore[call-arg] # a port has no __init__


@pytest.mark.parametrize("pace", [0, 59, 221])
def test_an_impossible_pace_is_refused(voice: Voice, pace: int) -> None:
    with pytest.raises(VoiceError, match="60 to 220"):
        type(voice)(words_per_minute=pace)  # type: ignore[call-arg] # a port has no __init__
