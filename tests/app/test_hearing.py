"""The microphone of a room: opened when it comes, closed for guests; nothing heard meanwhile."""

from __future__ import annotations

import queue

import numpy as np

from calmvoice.errors import SoundError
from calmvoice.hearing import Hearing
from calmvoice.ports import Chunk
from calmvoice.sound import PcmSamples

LIMIT = 20.0
CHUNK: PcmSamples = np.ones(1600, np.int16)


class Microphone:
    """A microphone that a test speaks into while it is open."""

    def __init__(self, log: queue.Queue[str], missing: bool) -> None:
        self._log, self._missing = log, missing
        self.on_chunk: Chunk | None = None

    def open(self, on_chunk: Chunk) -> None:
        if self._missing:
            self._log.put("missing")
            raise SoundError("no microphone was found", "Plug one in.")
        self.on_chunk = on_chunk
        self._log.put("open")

    def close(self) -> None:
        self.on_chunk = None
        self._log.put("closed")


class Ear:
    """What listens: it counts what reaches it."""

    def __init__(self) -> None:
        self.chunks, self.paused = 0, False

    def take(self, samples: PcmSamples, captured_at: float) -> None:
        if not self.paused:
            self.chunks += 1

    def pause(self) -> None:
        self.chunks, self.paused = 0, True

    def resume(self) -> None:
        self.paused = False


class Room:
    """Hearing with its props; ``log`` is what happened to the device."""

    def __init__(self, missing: int = 0) -> None:
        self.log: queue.Queue[str] = queue.Queue()
        self.made: list[Microphone] = []
        self.missing = missing
        self.ear = Ear()
        self.told: list[tuple[bool, str]] = []
        self.hearing = Hearing(self._make, self.ear, self._tell)

    def _make(self) -> Microphone:
        self.made.append(Microphone(self.log, missing=len(self.made) < self.missing))
        return self.made[-1]

    def _tell(self, works: bool, hint: str) -> None:
        self.told.append((works, hint))

    def next(self) -> str:
        return self.log.get(timeout=LIMIT)


def test_off_closes_the_device_and_forgets_and_on_opens_it_again() -> None:
    room = Room()
    room.hearing.start()
    assert room.next() == "open"
    first = room.made[0].on_chunk
    assert first is not None
    first(CHUNK, 1.0)
    assert room.ear.chunks == 1
    room.hearing.switch(False)
    first(CHUNK, 1.1)  # one that was under way
    assert room.ear.chunks == 0
    assert room.next() == "closed"
    room.hearing.switch(True)
    assert room.next() == "open"
    again = room.made[-1].on_chunk
    assert again is not None
    again(CHUNK, 2.0)
    assert room.ear.chunks == 1
    room.hearing.close()
    assert room.ear.chunks == 0, "at the end it is forgotten too"
    assert room.next() == "closed"


def test_off_while_it_is_missing_takes_the_complaint_back() -> None:
    room = Room(missing=1000)
    room.hearing.start()
    assert room.next() == "missing"
    room.hearing.switch(False)
    room.hearing.close()
    assert room.told[0] == (False, "(no microphone was found. Plug one in.)")
    assert room.log.empty()


def test_close_ends_it_in_every_state() -> None:
    never = Room()
    never.hearing.close()
    off = Room()
    off.hearing.start()
    assert off.next() == "open"
    off.hearing.switch(False)
    assert off.next() == "closed"
    off.hearing.close()
    assert off.log.empty()
