"""The loudspeaker on the virtual sound card: what is recorded, and what a dead server changes."""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np
import pytest
from audio_world import RealClock, Reports, noise_clip
from soundcard import Recording, SoundCard, find

from calmvoice.audio import portaudio
from calmvoice.audio.sounddevice_speaker import BLOCK, SounddeviceSpeaker
from calmvoice.sound import SPEAKER_RATE, Clip

pytestmark = pytest.mark.sound_card

MONITOR_DELAY = 0.02  # seconds: the recording's times are early by its own 10 ms
WENT, CAME = ("speaker", False), ("speaker", True)


class Room:
    """A loudspeaker, and what it reported."""

    def __init__(self) -> None:
        self.ends: Reports[tuple[int, int]] = Reports()
        self.changes: Reports[tuple[str, bool]] = Reports()
        self.speaker = SounddeviceSpeaker(
            "", lambda *end: self.ends.add(end), lambda *change: self.changes.add(change),
            RealClock(),
        )  # fmt: skip

    def play(self, ticket: int, clip: Clip, gain_db: float = 0.0) -> float:
        began = time.monotonic()
        self.speaker.start(ticket, gain_db)
        self.speaker.append(ticket, clip)
        self.speaker.seal(ticket)
        return began


def heard_at(clip: Clip, recording: Recording) -> float:
    """The steady time of the clip's first sample; fails if it is not in the recording."""
    samples, pattern = recording.samples, clip.sound.samples[:24_000]
    at = find(pattern, samples)
    np.testing.assert_allclose(samples[at : at + len(pattern)], pattern, atol=1e-3)
    return recording.start + at / SPEAKER_RATE


@pytest.fixture
def room(sound_card: SoundCard) -> Iterator[Room]:
    assert sound_card.running
    room = Room()
    yield room
    room.speaker.close()


def test_every_sample_is_played_soon_and_the_end_is_reported_when_the_last_was_heard(
    room: Room, sound_card: SoundCard
) -> None:
    clip = noise_clip(1.0, breaks=(0.5, 1.0))
    with sound_card.record() as recording:
        began = room.play(1, clip)
        ended = room.ends.wait_for((1, 2))
        recording.wait_until(ended + 0.1)
        samples = recording.samples
    at = find(clip.sound.samples, samples)
    np.testing.assert_allclose(samples[at : at + SPEAKER_RATE], clip.sound.samples, atol=1e-4)
    assert not samples[at + SPEAKER_RATE :].any()
    first = recording.start + at / SPEAKER_RATE
    assert first - began < 0.2
    assert 0.0 <= ended - (first + 1.0) < BLOCK / SPEAKER_RATE + MONITOR_DELAY
    assert room.speaker.spoken(first + 0.4, first + 0.5) == ("noise",)
    assert room.speaker.spoken(first + 1.1, first + 1.2) == ()
    assert room.speaker.slips == 0


def test_clips_follow_each_other_without_a_gap(room: Room, sound_card: SoundCard) -> None:
    first, second = noise_clip(0.3), noise_clip(0.7, seed=1)
    with sound_card.record() as recording:
        room.speaker.start(1)
        room.speaker.append(1, first)
        room.speaker.append(1, second)
        room.speaker.seal(1)
        recording.wait_until(room.ends.wait_for((1, 0)) + 0.1)
        samples = recording.samples
    assert find(second.sound.samples, samples) - find(first.sound.samples, samples) == 14_400


def test_a_hush_is_silence_within_300_ms_and_reports_nothing(
    room: Room, sound_card: SoundCard
) -> None:
    clip = noise_clip(3.0)
    with sound_card.record() as recording:
        began = room.play(1, clip)
        recording.wait_until(began + 1.0)
        hushed = time.monotonic()
        room.speaker.hush()
        recording.wait_until(hushed + 1.0)
        last = recording.start + np.flatnonzero(recording.samples)[-1] / SPEAKER_RATE
    assert last - hushed < 0.3
    assert room.speaker.spoken(hushed + 0.05, hushed + 1.0) == ()
    assert room.ends.all == []


def test_a_new_ticket_hushes_the_one_that_plays(room: Room, sound_card: SoundCard) -> None:
    with sound_card.record() as recording:
        recording.wait_until(room.play(1, noise_clip(3.0)) + 0.5)
        second = noise_clip(0.5, seed=2)
        began = room.play(2, second)
        recording.wait_until(room.ends.wait_for((2, 0)) + 0.1)
        assert heard_at(second, recording) - began < 0.3
    assert len(room.ends.all) == 1


def test_finish_ends_at_the_next_break(room: Room, sound_card: SoundCard) -> None:
    clip = noise_clip(5.0, breaks=(0.4, 1.5, 4.0))
    with sound_card.record() as recording:
        recording.wait_until(room.play(1, clip) + 0.7)
        room.speaker.finish(1)
        recording.wait_until(room.ends.wait_for((1, 2)) + 0.1)
        samples = recording.samples
    at = find(clip.sound.samples[:72_000], samples)
    assert np.flatnonzero(samples)[-1] - at == pytest.approx(72_000, abs=2)


def test_louder_than_full_scale_is_limited(room: Room, sound_card: SoundCard) -> None:
    with sound_card.record() as recording:
        room.play(1, noise_clip(0.5), gain_db=30.0)
        recording.wait_until(room.ends.wait_for((1, 0)) + 0.1)
        assert 0.8 < np.abs(recording.samples).max() <= 10 ** (-1 / 20)


def test_a_killed_server_is_reported_and_the_promise_is_kept(
    room: Room, sound_card: SoundCard
) -> None:
    with sound_card.record() as recording:
        began = room.play(1, noise_clip(2.5))
        recording.wait_until(began + 0.4)
    sound_card.kill()
    assert room.changes.wait_for(WENT) - began < 1.0
    ended = room.ends.wait_for((1, 0))
    assert ended - began == pytest.approx(2.5, abs=0.3)
    sound_card.start()
    room.changes.wait_for(CAME, limit=6.0)
    after = noise_clip(0.6, seed=3)
    with sound_card.record() as recording:
        began = room.play(2, after)
        recording.wait_until(room.ends.wait_for((2, 0)) + 0.1)
        assert heard_at(after, recording) - began < 0.3


def test_a_ticket_goes_on_where_it_would_be_when_the_server_is_back(
    room: Room, sound_card: SoundCard
) -> None:
    clip = noise_clip(4.0)
    with sound_card.record() as recording:
        began = room.play(1, clip)
        recording.wait_until(began + 0.8)
        first = heard_at(clip, recording)
    sound_card.restart()
    with sound_card.record() as recording:
        room.changes.wait_for(CAME)
        ended = room.ends.wait_for((1, 0))
        recording.wait_until(ended + 0.1)
        last = clip.sound.samples[-24_000:]
        at = recording.start + find(last, recording.samples) / SPEAKER_RATE
    assert at - first == pytest.approx(3.5, abs=0.2)
    assert ended - first == pytest.approx(4.0, abs=0.2)


@pytest.mark.parametrize("playing", [True, False])
def test_close_returns_while_the_server_is_frozen(
    room: Room, sound_card: SoundCard, playing: bool
) -> None:
    if playing:
        with sound_card.record() as recording:
            recording.wait_until(room.play(1, noise_clip(3.0)) + 0.3)
    sound_card.freeze()
    if not playing:
        room.play(1, noise_clip(3.0))
    began = time.monotonic()
    room.speaker.close()
    assert time.monotonic() - began < 2.0


def test_a_frozen_server_is_reported_and_the_ticket_still_ends(
    room: Room, sound_card: SoundCard
) -> None:
    with sound_card.record() as recording:
        began = room.play(1, noise_clip(2.0))
        recording.wait_until(began + 0.3)
    sound_card.freeze()
    room.changes.wait_for(WENT)
    assert room.ends.wait_for((1, 0)) - began == pytest.approx(2.0, abs=0.3)
    sound_card.thaw()
    room.changes.wait_for(CAME, limit=8.0)


def test_a_server_that_froze_and_was_then_killed_is_found_again(
    room: Room, sound_card: SoundCard
) -> None:
    with sound_card.record() as recording:
        recording.wait_until(room.play(1, noise_clip(1.5)) + 0.3)
    sound_card.freeze()
    room.changes.wait_for(WENT)
    room.ends.wait_for((1, 0))
    sound_card.restart()
    room.changes.wait_for(CAME, limit=8.0)
    clip = noise_clip(0.6)
    with sound_card.record() as recording:
        room.play(2, clip)
        recording.wait_until(room.ends.wait_for((2, 0)) + 0.1)
        heard_at(clip, recording)


def test_no_device_at_the_start_is_silence_in_real_time_until_there_is_one(
    sound_card: SoundCard,
) -> None:
    sound_card.kill()
    portaudio.look_again()
    room = Room()
    try:
        room.changes.wait_for(WENT)
        began = room.play(1, noise_clip(0.5))
        assert room.ends.wait_for((1, 0)) - began == pytest.approx(0.5, abs=0.1)
        sound_card.start()
        room.changes.wait_for(CAME, limit=6.0)
        clip = noise_clip(0.6)
        with sound_card.record() as recording:
            room.play(2, clip)
            recording.wait_until(room.ends.wait_for((2, 0)) + 0.1)
            heard_at(clip, recording)
    finally:
        room.speaker.close()
