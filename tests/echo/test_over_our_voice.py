"""A person is heard over CalmVoice's own voice; CalmVoice never hears itself."""

from __future__ import annotations

from itertools import cycle
from pathlib import Path

import numpy as np
import pytest
from echo_room import EchoRoom, person
from echo_world import SCENES, World
from people import speech
from theatre import Home

from calmvoice import settings_file, wiring, wiring_rules
from calmvoice.ears.model import SpeechModel
from calmvoice.errors import VoiceError
from calmvoice.journal import SqliteJournal
from calmvoice.listener import Listener
from calmvoice.meanings import Meaning
from calmvoice.offline import CountedClock, OfflineSpeaker, OfflineStage
from calmvoice.ports import Now
from calmvoice.session import Session
from calmvoice.session.events import Said
from calmvoice.session.script import Line, Script
from calmvoice.session.stages import Stage
from calmvoice.settings import Settings
from calmvoice.shell import Stagehand, Status
from calmvoice.sound import MICROPHONE_RATE, Samples
from calmvoice.voice.studio import Studio

pytestmark = pytest.mark.slow  # the real voice and ears over minutes of sound

ECHO_DB = -10.0
LEARNT_SECONDS = 10.0  # the canceller knows nothing of the room at first
EVERY_SECONDS = 6.5
TRIALS = 8  # of each scene
ENOUGH = 0.7  # of all together; measured 0.92, and 0.41 without the canceller
VOICES = (("en-GB", 0.85), ("en-US", 0.85), ("en-GB", 1.0), ("en-US", 0.75))
ROOMS = {  # seed, delay and reverberation in seconds
    "stop": (0, 0.025, 0.35),
    "yellow light": (7, 0.060, 0.25),
    "more time": (9, 0.012, 0.5),
    "here": (5, 0.040, 0.4),
}


def live(world: World, said: list[Samples]) -> int:
    """Let people say these in turn, every few seconds; return how many trials were heard."""
    begins = [LEARNT_SECONDS + EVERY_SECONDS * n for n in range(TRIALS)]
    people = np.zeros(round((begins[-1] + EVERY_SECONDS) * MICROPHONE_RATE), np.float32)
    for begin, samples in zip(begins, cycle(said), strict=False):
        first = round(begin * MICROPHONE_RATE)
        people[first : first + len(samples)] += person(samples)
    world.live(people)
    return sum(
        any(m is world.scene.meaning and b < at < b + EVERY_SECONDS for at, m in world.posted)
        for b in begins
    )


@pytest.fixture(scope="module")
def model() -> SpeechModel:
    return SpeechModel()


@pytest.fixture
def studio(voice_cache: Path) -> Studio:
    return Studio(wiring.voice(Settings()), voice_cache / "calmvoice" / "voice")


def test_people_are_heard_over_our_voice(model: SpeechModel, studio: Studio) -> None:
    """All scenes count together: no two renderings of a voice are the same, so one trial may fail.

    Scenes, rooms and voices one by one are measured by scripts/bench/echo.py.
    """
    heard = {}
    for scene in SCENES:
        said = [speech(f"{scene.name.capitalize()}.", *voice).samples for voice in VOICES]
        room = EchoRoom(ECHO_DB, *ROOMS[scene.name])
        heard[scene.name] = live(World(model, studio, scene, room, cancel=True), said)
    assert sum(heard.values()) >= ENOUGH * TRIALS * len(SCENES), heard


class NobodyLooks:
    def show_status(self, status: Status) -> None: ...
    def show_script(self, script: Script) -> None: ...
    def show_line(self, line: Line) -> None: ...
    def show_trouble(self, message: str, hint: str) -> None: ...
    def clear_trouble(self, message: str) -> None: ...


def fail(error: VoiceError) -> None:
    raise error


def test_a_whole_pause_with_nobody_there_hears_nothing(
    home: Home, model: SpeechModel, studio: Studio
) -> None:
    settings = settings_file.load(home.settings)
    words = wiring.pack(settings)
    said = wiring.phrases(settings, words)
    clock = CountedClock(Now(1_800_000_000.0, 0.0))
    speaker = OfflineSpeaker(wiring.prompter(settings, words, studio, fail), clock)
    session = Session(wiring_rules.rules(settings))
    posted: list[Said] = []
    listener: Listener = Listener(
        wiring.ears(model, said), said, speaker, posted.append, wiring.cleaner(speaker)
    )
    room = EchoRoom(ECHO_DB)
    stagehand = Stagehand(
        session, speaker, SqliteJournal(":memory:"), NobodyLooks(), listener.expect
    )
    stage = OfflineStage(stagehand, speaker, clock, room.put_out)
    stage.apply(Said(Meaning.SIGNAL))
    quiet = np.zeros(60 * MICROPHONE_RATE, np.int16)
    while session.stage not in (Stage.OWED, Stage.LISTENING):
        stage.run_with_microphone(quiet, lambda chunk, at: listener.take(room.capture(chunk), at))
        assert stage.seconds < 1_800, "the pause does not end"
    assert posted == []
