"""The microphone on the virtual sound card: what is said arrives, and it comes back by itself."""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np
import pytest
import sounddevice
import soxr
from audio_world import RealClock, Reports, noise
from soundcard import SoundCard, find

from calmvoice.audio import portaudio
from calmvoice.audio.sounddevice_microphone import INVALID_SAMPLE_RATE, SounddeviceMicrophone
from calmvoice.errors import SoundError
from calmvoice.sound import MICROPHONE_RATE, PcmSamples, Samples, Sound, from_pcm

pytestmark = pytest.mark.sound_card

SAME = 0.95  # correlation; PulseAudio resamples too, and noise reaches up to its filter's edge
WENT, CAME = ("microphone", False), ("microphone", True)


class Room:
    """A microphone, and what it delivered."""

    def __init__(self) -> None:
        self.changes: Reports[tuple[str, bool]] = Reports()
        self.chunks: list[tuple[PcmSamples, float]] = []
        self.late: list[float] = []
        self.delivered: Reports[bool] = Reports()
        self.microphone = SounddeviceMicrophone(
            "", lambda *change: self.changes.add(change), RealClock()
        )

    def take(self, samples: PcmSamples, at: float) -> None:
        self.chunks.append((samples, at))
        self.late.append(time.monotonic() - at)
        self.delivered.add(bool(samples.any()))

    def hear(self, sound_card: SoundCard, said: Samples) -> Samples:
        """Say something; return what arrived from then on."""
        before = len(self.delivered.all)
        sound_card.say(Sound(said)).wait()
        self.delivered.wait_count(len(self.delivered.all) + 4)
        return from_pcm(np.concatenate([samples for samples, _ in self.chunks[before:]]))


def similarity(said: Samples, heard: Samples) -> float:
    """Correlation of what was said, at 16 kHz, with where it is in what was heard."""
    wanted = soxr.resample(said, 48_000, MICROPHONE_RATE)[1600:-1600]
    at = find(wanted, heard)
    return float(np.corrcoef(wanted, heard[at : at + len(wanted)])[0, 1])


@pytest.fixture
def room(sound_card: SoundCard) -> Iterator[Room]:
    assert sound_card.running
    room = Room()
    yield room
    room.microphone.close()


def test_what_is_said_arrives_with_its_time(room: Room, sound_card: SoundCard) -> None:
    room.microphone.open(room.take)
    said = noise(1.0)
    assert similarity(said, room.hear(sound_card, said)) > SAME
    assert all(0.0 <= late < 0.3 for late in room.late)
    times = [at for _, at in room.chunks]
    assert np.diff(times) == pytest.approx(0.1, abs=0.05)


def test_ears_that_fail_are_a_lost_microphone_until_all_is_well(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("calmvoice.audio.sounddevice_microphone.FAILING_SECONDS", 0.5)
    failing = [True]

    def take(samples: PcmSamples, at: float) -> None:
        if failing[0]:
            raise RuntimeError("Failed to create a recognizer")
        room.take(samples, at)

    room.microphone.open(take)
    room.changes.wait_for(WENT)
    failing[0] = False
    room.changes.wait_for(CAME)
    room.delivered.wait_count(3)


def test_a_device_that_refuses_16_khz_is_resampled(
    room: Room, sound_card: SoundCard, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Picky(sounddevice.InputStream):  # type: ignore[misc]  # its base has no types
        def __init__(self, **options: object) -> None:
            if options["samplerate"] == MICROPHONE_RATE:
                raise sounddevice.PortAudioError("Invalid sample rate", INVALID_SAMPLE_RATE)
            super().__init__(**options)

    monkeypatch.setattr(sounddevice, "InputStream", Picky)
    room.microphone.open(room.take)
    said = noise(1.0)
    assert similarity(said, room.hear(sound_card, said)) > SAME


def test_a_killed_server_is_reported_and_it_comes_back(room: Room, sound_card: SoundCard) -> None:
    room.microphone.open(room.take)
    sound_card.kill()
    room.changes.wait_for(WENT)
    sound_card.start()
    room.changes.wait_for(CAME, limit=6.0)
    said = noise(1.0, seed=1)
    assert similarity(said, room.hear(sound_card, said)) > SAME


def test_nothing_stale_is_delivered_after_the_server_was_frozen(
    room: Room, sound_card: SoundCard
) -> None:
    room.microphone.open(room.take)
    sound_card.freeze()
    room.changes.wait_for(WENT)
    sound_card.thaw()
    came = room.changes.wait_for(CAME, limit=8.0)
    room.delivered.wait_count(len(room.delivered.all) + 5)
    fresh = [at for _, at in room.chunks if at > came - 1.0]
    assert len(fresh) >= 5
    assert max(room.late) < 1.2


def test_a_muted_microphone_is_reported_and_so_is_its_return(
    room: Room, sound_card: SoundCard
) -> None:
    with sound_card.hiss():
        room.microphone.open(room.take)
        room.delivered.wait_for(True)
        sound_card.mute_microphone()
        muted = time.monotonic()
        assert 4.5 < room.changes.wait_for(WENT, limit=7.0) - muted < 6.5
        sound_card.mute_microphone(False)
        room.changes.wait_for(CAME)


def test_close_returns_while_the_server_is_frozen(room: Room, sound_card: SoundCard) -> None:
    room.microphone.open(room.take)
    sound_card.freeze()
    began = time.monotonic()
    room.microphone.close()
    assert time.monotonic() - began < 2.0


def test_no_device_is_an_error_and_opening_can_be_tried_again(
    room: Room, sound_card: SoundCard
) -> None:
    sound_card.kill()
    portaudio.look_again()
    with pytest.raises(SoundError, match="there is no input device"):
        room.microphone.open(room.take)
    sound_card.start()
    room.microphone.open(room.take)
    assert similarity(noise(0.5), room.hear(sound_card, noise(0.5))) > SAME
    assert room.changes.all == []
