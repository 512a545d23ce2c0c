"""The faults of a sound device that the tests of each part do not have, on the virtual card."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sounddevice
from audio_world import RealClock, Reports, noise_clip
from soundcard import MICROPHONE, SPEAKER_SINK, SoundCard

from calmvoice.audio.monitor_watch import MonitorWatch, Recorded
from calmvoice.audio.sounddevice_microphone import SounddeviceMicrophone
from calmvoice.audio.sounddevice_speaker import SounddeviceSpeaker
from calmvoice.errors import SoundError
from calmvoice.sound import PcmSamples

pytestmark = pytest.mark.sound_card

DETECTED = 5.0  # seconds
BUSY = sounddevice.PortAudioError("Device unavailable", -9985)
STILL_SECONDS = 0.3  # that nothing but the callback may hold


class Room:
    """A microphone and a loudspeaker, and what they reported."""

    def __init__(self) -> None:
        self.changes: Reports[tuple[str, bool]] = Reports()
        self.ends: Reports[tuple[int, int]] = Reports()
        self.heard: Reports[bool] = Reports()
        self.microphone = SounddeviceMicrophone("", self._changed, RealClock())
        self.speaker = SounddeviceSpeaker(
            "", lambda *end: self.ends.add(end), self._changed, RealClock()
        )

    def _changed(self, part: str, works: bool) -> None:
        self.changes.add((part, works))

    def listen(self) -> None:
        self.microphone.open(self._take)

    def _take(self, samples: PcmSamples, at: float) -> None:
        self.heard.add(bool(samples.any()))

    def play(self, ticket: int, seconds: float) -> float:
        began = time.monotonic()
        self.speaker.start(ticket)
        self.speaker.append(ticket, noise_clip(seconds))
        self.speaker.seal(ticket)
        return began

    def close(self) -> None:
        self.microphone.close()
        self.speaker.close()


@pytest.fixture
def room(sound_card: SoundCard) -> Iterator[Room]:
    assert sound_card.running
    room = Room()
    yield room
    room.close()


def test_another_microphone_is_chosen_and_unplugged_and_we_go_with_it(
    room: Room, sound_card: SoundCard
) -> None:
    module = sound_card.plug_in_another_microphone()
    with sound_card.hiss():
        room.listen()
        assert sound_card.microphone_of(os.getpid()) == MICROPHONE
        sound_card.choose_microphone("second")
        room.heard.wait_for(True, after=time.monotonic())
        assert sound_card.microphone_of(os.getpid()) == "second"
        sound_card.unplug(module)
        unplugged = time.monotonic()
        sound_card.choose_microphone()
        room.heard.wait_for(True, after=unplugged + 0.5)
        assert sound_card.microphone_of(os.getpid()) == MICROPHONE


def test_a_suspended_server_is_reported_and_so_is_its_waking(
    room: Room, sound_card: SoundCard
) -> None:
    with sound_card.hiss():
        room.listen()
        room.heard.wait_for(True)
        sound_card.suspend()
        suspended = time.monotonic()
        went = room.changes.wait_for(("microphone", False), limit=DETECTED)
        assert went - suspended < DETECTED
        sound_card.suspend(False)
        room.changes.wait_for(("microphone", True), limit=8.0)


class Busy:
    """A device that another program has to itself, until it lets go."""

    def __init__(self, kind: type[Any]) -> None:
        self.taken = True
        busy = self

        class Stream(kind):  # type: ignore[misc]  # its base has no types
            def __init__(self, **options: object) -> None:
                if busy.taken:
                    raise BUSY
                super().__init__(**options)

        self.stream = Stream


def test_a_microphone_in_use_is_an_error_until_it_is_free(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy = Busy(sounddevice.InputStream)
    monkeypatch.setattr(sounddevice, "InputStream", busy.stream)
    with pytest.raises(SoundError, match="Device unavailable"):
        room.listen()
    busy.taken = False
    room.listen()
    room.heard.wait_count(3)


def test_a_loudspeaker_in_use_is_silence_in_real_time_until_it_is_free(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy = Busy(sounddevice.OutputStream)
    monkeypatch.setattr(sounddevice, "OutputStream", busy.stream)
    began = room.play(1, 0.5)
    assert room.changes.wait_for(("speaker", False), limit=DETECTED) - began < DETECTED
    assert room.ends.wait_for((1, 0)) - began < 2.0
    busy.taken = False
    room.changes.wait_for(("speaker", True), limit=8.0)


def test_a_loudspeaker_lost_while_nothing_plays_is_found_out_by_looking(
    room: Room, sound_card: SoundCard
) -> None:
    room.play(1, 0.2)
    room.ends.wait_for((1, 0))
    sound_card.kill()
    room.speaker.look()
    looked = time.monotonic()
    assert room.changes.wait_for(("speaker", False), limit=DETECTED) - looked < DETECTED
    sound_card.start()
    room.changes.wait_for(("speaker", True), limit=8.0)
    assert room.ends.all[1:] == []


def test_a_look_at_a_loudspeaker_that_works_is_not_heard_and_changes_nothing(
    room: Room, sound_card: SoundCard
) -> None:
    with sound_card.record() as recording:
        room.speaker.look()
        recording.wait_until(time.monotonic() + 1.0)
        assert not recording.samples.any()
    assert room.changes.all == []


def test_a_storm_of_underflows_is_counted_and_the_ticket_ends_in_its_time(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The callback comes late again and again: it waits for something that is held too long."""
    storm = threading.Event()
    drawn = room.speaker._desk.draw

    def late(serial: int, out: np.ndarray[Any, Any], heard_at: float) -> None:
        storm.wait(STILL_SECONDS)
        drawn(serial, out, heard_at)

    monkeypatch.setattr(room.speaker._desk, "draw", late)
    began = room.play(1, 2.0)
    ended = room.ends.wait_for((1, 0), limit=30.0)
    assert ended - began >= 2.0
    storm.set()
    again = room.play(2, 0.5)
    assert room.ends.wait_for((2, 0)) - again < 2.0
    assert ("speaker", False) not in [change for change, _ in room.changes.all]


def test_a_loudspeakers_monitor_in_the_microphones_place_is_told_and_not_heard(
    room: Room, sound_card: SoundCard
) -> None:
    """So it is when the only microphone is unplugged: the server goes on with what plays."""
    room.listen()
    room.heard.wait_count(3)
    moved = time.monotonic()
    sound_card.listen_to(os.getpid(), f"{SPEAKER_SINK}.monitor")
    room.play(1, 8.0)
    assert room.changes.wait_for(("microphone", False), after=moved) - moved < DETECTED
    heard = len(room.heard.all)
    sound_card.listen_to(os.getpid(), MICROPHONE)
    room.changes.wait_for(("microphone", True), after=moved)
    assert len(room.heard.all) - heard <= 1
    room.heard.wait_count(heard + 5)


class Told:
    """A server that gives these answers one after the other, and the last for ever."""

    def __init__(self, *answers: bool | None) -> None:
        self.answers, self.asked, self.closed = list(answers), threading.Event(), threading.Event()

    def hears_monitor(self) -> bool | None:
        answer = self.answers.pop(0)
        if not self.answers:
            self.answers.append(answer)
            self.asked.set()
        return answer

    def close(self) -> None:
        self.closed.set()


@pytest.mark.parametrize(
    ("answers", "lost"),
    [
        ((False, True), True),
        ((None, False, None, True), True),
        ((False, True, False), False),
        ((True,), False),  # chosen from the start
        ((None,), False),
    ],
)
def test_only_a_microphone_that_became_a_monitor_is_lost(
    answers: tuple[bool | None, ...], lost: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("calmvoice.audio.monitor_watch.LOOK_SECONDS", 0.001)
    server = Told(*answers)
    watch = MonitorWatch(lambda: None, server)
    watch.begin()
    assert server.asked.wait(DETECTED)
    server.asked.clear()
    assert server.asked.wait(DETECTED)  # the last answer has been taken in
    assert watch.hears_monitor is lost
    watch.close()
    assert server.closed.wait(DETECTED)


def test_looking_where_nobody_answers_holds_nothing_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULSE_SERVER", "unix:/nowhere/there")
    server = Recorded()
    before = len(list(Path("/proc/self/fd").iterdir()))
    assert {server.hears_monitor() for _ in range(20)} == {None}
    assert len(list(Path("/proc/self/fd").iterdir())) <= before


def test_listening_again_and_again_holds_nothing_open(room: Room, sound_card: SoundCard) -> None:
    for _ in range(3):
        room.listen()
        room.heard.wait_count(len(room.heard.all) + 2)
        room.microphone.close()
    until = time.monotonic() + DETECTED
    while (
        sound_card.clients_of(os.getpid()) > 1
    ):  # the microphone's own may linger as PortAudio does
        assert time.monotonic() < until
        threading.Event().wait(0.05)
