"""An agreement made by voice: real ears hear two people answer, in time that is counted."""

from __future__ import annotations

import os
from collections import deque
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from people import speech

from calmvoice import language, settings_file, wiring
from calmvoice.agreement.draft import Draft
from calmvoice.agreement.interview import Interview
from calmvoice.agreement.making import Making, Stopped
from calmvoice.agreement.spoken import SpokenAsker
from calmvoice.ears.model import SpeechModel
from calmvoice.ears.vosk_ears import VoskEars
from calmvoice.exchange import Happened, Inbox, RoomExchange
from calmvoice.listener import Listener
from calmvoice.meanings import Meaning
from calmvoice.offline import CountedClock
from calmvoice.ports import Now
from calmvoice.session.events import Said
from calmvoice.settings import Settings
from calmvoice.sound import MICROPHONE_RATE, SPEAKER_RATE, Clip, Cue, Samples, Sound, to_pcm
from calmvoice.spoken_setup import answers

ENGLISH = language.load("en")
CHUNK = 1600  # samples, 0.1 s at 16 kHz
BREATH = 0.6  # seconds between a question and its answer


@cache
def speech_model() -> SpeechModel:
    return wiring.model(Settings())


class Hum:
    """A studio that hums 0.1 s a word."""

    def clip(self, text: str, depth: int = 0) -> Clip:
        count = len(text.split()) * SPEAKER_RATE // 10
        return Clip(Sound(np.full(count, 0.1, np.float32)), (Cue(text, 0, count),))


class Room:
    """A speaker and a microphone in counted time; people answer when a question has ended.

    ``people`` holds what is said to a question by a part of it, one after the other; where
    nothing is given they say "Yes please.". An empty answer is silence; ">x" types x.
    """

    def __init__(self, people: dict[str, list[str]]) -> None:
        self.people = people
        self.clock = CountedClock(Now(0.0, 0.0))
        self.happened: deque[Happened] = deque()
        self.written: list[str] = []
        self._asked: list[str] = []
        self._ends: float | None = None
        self._length = 0.0
        self._ticket = 0
        self._saying = np.zeros(0, np.float32)
        self._noise = np.random.default_rng(3)
        said = answers(ENGLISH)
        ears = VoskEars(speech_model())
        self._listener = Listener(ears, said, self, self._post)
        self._listener.expect(frozenset(said))

    # --- the speaker's part ---------------------------------------------------------------------

    def start(self, ticket: int, gain_db: float = 0.0) -> None:
        self._ticket, self._length, self._asked = ticket, 0.0, []

    def append(self, ticket: int, clip: Clip) -> None:
        self._length += clip.sound.seconds
        self._asked += [cue.text for cue in clip.cues]

    def seal(self, ticket: int) -> None:
        self._ends = self.clock.now().steady + self._length

    def finish(self, ticket: int) -> None: ...

    def hush(self) -> None:
        self._ends = None

    def spoken(self, start: float, end: float) -> tuple[str, ...]:
        return tuple(self._asked) if self._ends is not None else ()

    def played(self, start: float, count: int) -> Samples:
        return np.zeros(count, np.float32)

    def close(self) -> None: ...

    # --- time and people ------------------------------------------------------------------------

    def wait(self, seconds: float) -> Happened | None:
        for _ in range(round(seconds / 0.1)):
            if self.happened:
                return self.happened.popleft()
            self._step()
        return None

    def _step(self) -> None:
        self.clock.move(0.1)
        part, self._saying = self._saying[:CHUNK], self._saying[CHUNK:]
        heard = self._noise.normal(0.0, 3e-4, CHUNK).astype(np.float32)
        heard[: len(part)] += part
        now = self.clock.now().steady
        self._listener.take(to_pcm(heard), now)
        if self._ends is not None and now >= self._ends:
            self._ends = None
            self.happened.append(self._ticket)
            self._answer(" ".join(self._asked))

    def _answer(self, asked: str) -> None:
        if not asked.endswith("?") and "Type it" not in asked and "I didn't hear" not in asked:
            return
        given = next((left for key, left in self.people.items() if key in asked and left), None)
        answer = given.pop(0) if given else "Yes please."
        if answer.startswith(">"):
            self.happened.append(answer[1:])
        elif answer:
            quiet = np.zeros(round(BREATH * MICROPHONE_RATE), np.float32)
            self._saying = np.concatenate([quiet, speech(answer).samples])

    def _post(self, said: Said) -> None:
        self.happened.append(said)


def make(folder: Path, room: Room) -> Settings | None:
    path = folder / "settings.toml"
    asker = SpokenAsker(RoomExchange(Hum(), room, room.wait), ENGLISH, room.written.append)
    talk = Interview(settings_file.load_or_default(path), ENGLISH, lambda s, m: [], fresh=True)
    making = Making(
        asker, talk, Draft(path), ENGLISH, lambda settings: settings_file.save(path, settings)
    )
    return making.run(date(2026, 11, 23))


@pytest.mark.slow
def test_an_agreement_made_by_yes_and_no(tmp_path: Path) -> None:
    room = Room(
        {
            "Which words ask for a pause": ["Not this one."],
            "How many minutes should": ["No."],
            "Which bridge": ["Not this one."],
            "when you meet again": [">a cup of cocoa"],
            "red kite": ["Not this one."],
        }
    )
    made = make(tmp_path, room)
    assert made is not None, room.written
    agreed = made.agreement
    assert agreed.signal == "purple window"
    assert (agreed.pause_minutes, agreed.bridge) == (30, "shortest")
    assert agreed.ritual == "a cup of cocoa"
    assert agreed.agreed_on == "2026-11-23"
    assert room.clock.now().steady < 6 * 60
    assert settings_file.load(tmp_path / "settings.toml") == made


@pytest.mark.slow
def test_silence_is_never_a_yes(tmp_path: Path) -> None:
    answered = Interview(Settings(), ENGLISH, lambda s, m: [], fresh=True)
    while answered.question is not None:
        answered.answer(answered.default)
    Draft(tmp_path / "settings.toml").save(answered.answers)
    room = Room({"other one: do": [""], "I didn't hear": ["", ""]})
    assert make(tmp_path, room) is None
    assert not (tmp_path / "settings.toml").exists()
    assert room.written[-1].startswith("Your answers are kept.")


@pytest.mark.slow
def test_later_stops_and_the_next_time_goes_on(tmp_path: Path) -> None:
    first = Room({"Which words ask for a pause": [">red kite"], "waits promise": ["Later."]})
    assert make(tmp_path, first) is None
    second = Room({"waits promise": ["Later."]})
    assert make(tmp_path, second) is None
    assert not any("Which words ask for a pause" in text for text in second.written)
    assert Draft(tmp_path / "settings.toml").load()["signal"] == "red kite"


def test_the_keyboard_and_the_ears_share_one_inbox() -> None:
    ours, theirs = os.pipe()
    inbox = Inbox(ours)
    os.write(theirs, "red kite\nand so on\n\xff".encode("latin-1"))
    inbox.post(7)
    assert [inbox.wait(1.0) for _ in range(3)] == ["red kite", "and so on", 7]
    assert inbox.wait(0.1) is None
    os.write(theirs, b"\nlast\nwithout a line end")
    os.close(theirs)
    assert [inbox.wait(1.0) for _ in range(3)] == [
        *("\N{REPLACEMENT CHARACTER}", "last", "without a line end")
    ]
    inbox.post(Said(Meaning.YES))
    assert inbox.wait(1.0) == Said(Meaning.YES), "where nobody can type, the voice is enough"
    os.close(ours)


def test_a_closed_terminal_stops() -> None:
    ours, theirs = os.openpty()
    inbox = Inbox(theirs)
    os.write(ours, b"\x04")
    with pytest.raises(Stopped):
        inbox.wait(1.0)
    os.close(ours)
    os.close(theirs)
