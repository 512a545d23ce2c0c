"""A take is refused with its value and the limit, or trimmed and as loud as the voice."""

from __future__ import annotations

import numpy as np
import pytest
from people import speech

from calmvoice.errors import SoundError
from calmvoice.own_voice.take import AFTER_CHUNKS, LONGEST_SECONDS, capture, finished, length_for
from calmvoice.sound import MICROPHONE_RATE, SPEAKER_RATE, PcmSamples, Samples, to_pcm
from calmvoice.voice.levels import CEILING, loudness

WORDS = "One of us is full right now. Nobody is leaving."
LENGTH = length_for(WORDS, is_cue=False)


def room(seconds: float, level_db: float = -65.0) -> Samples:
    noise = np.random.default_rng(3).standard_normal(round(seconds * MICROPHONE_RATE))
    return (noise * 10 ** (level_db / 20)).astype(np.float32)


def said(text: str = WORDS, gain_db: float = 0.0, room_db: float = -65.0) -> PcmSamples:
    """A second of the room, a person, a second of the room."""
    voice = speech(text).samples * np.float32(10 ** (gain_db / 20))
    second = np.zeros(MICROPHONE_RATE, np.float32)
    whole = np.concatenate([second, voice, second])
    return to_pcm(whole + room(len(whole) / MICROPHONE_RATE, room_db))


@pytest.mark.parametrize("gain_db", [0, -20])
def test_a_good_take_is_as_long_as_the_voice_and_as_loud_as_every_clip(gain_db: float) -> None:
    sound = finished(said(gain_db=gain_db), LENGTH)
    spoken = speech(WORDS)
    audible = np.flatnonzero(np.abs(spoken.samples) > 0.01)
    seconds = (audible[-1] - audible[0]) / spoken.rate
    assert sound.rate == SPEAKER_RATE
    assert seconds < sound.seconds < seconds + 0.5
    assert loudness(sound) == pytest.approx(-23, abs=0.5)
    assert np.abs(sound.samples).max() <= CEILING + 1e-3
    assert abs(float(sound.samples[0])) < 1e-4


def test_the_click_of_the_keys_is_cut_off() -> None:
    pcm = said()
    click = (20_000 * np.sin(np.arange(400) / 3)).astype(np.int16)
    for at in (2000, len(pcm) - 3000):
        pcm[at : at + 400] += click
    assert finished(pcm, LENGTH).seconds == pytest.approx(finished(said(), LENGTH).seconds, abs=0.1)


REFUSED = {
    "nothing": (np.zeros(2 * MICROPHONE_RATE, np.int16), "gave nothing"),
    "no chunk": (np.zeros(0, np.int16), "gave nothing"),
    "an empty room": (to_pcm(room(3)), r"too quiet: -6\d dB, at least -45 dB"),
    "a whisper": (said(gain_db=-42, room_db=-80), r"too quiet: -\d\d dB, at least -45 dB"),
    "clipped": (said(gain_db=20), r"too loud: \d+ samples are clipped, at most 40"),
    "a kitchen": (to_pcm(room(4, -30)), r"\d dB over the room, at least 15 dB"),
    "one word": (said("Pause."), r"too short: 0\.\d s of voice, at least 0\.\d s"),
    "a speech": (np.tile(said(), 9), r"too long: \d\d\.\d s of voice, at most 30 s"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_bad_take_is_refused_with_value_limit_and_next_step(case: str) -> None:
    pcm, message = REFUSED[case]
    with pytest.raises(SoundError, match=message) as caught:
        finished(pcm, LENGTH)
    assert caught.value.hint


def test_a_cue_may_be_short_but_not_longer_than_half_a_breath() -> None:
    cue = length_for("In.", is_cue=True)
    assert finished(said("In."), cue).seconds < 1.2
    with pytest.raises(SoundError, match="at most 2 s"):
        finished(said(), cue)


def test_capturing_ends_with_the_key_and_takes_what_is_on_its_way() -> None:
    chunks = [np.full(1600, n, np.int16) for n in range(100)]
    asked = iter([False] * 9 + [True])
    pcm = capture(iter(chunks), lambda: next(asked), LONGEST_SECONDS)
    assert pcm[-1] == 9 + AFTER_CHUNKS


def test_capturing_ends_by_itself_when_nobody_presses_a_key() -> None:
    chunks = (np.zeros(1600, np.int16) for _ in iter(int, 1))
    pcm = capture(chunks, lambda: False, 2.0)
    assert 2.0 < len(pcm) / MICROPHONE_RATE < 5.0
