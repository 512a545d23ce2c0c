"""CalmVoice speaking and listening in a room with an echo, in counted time and without end.

Rules: loudspeaker log, canceller, ears and mask are the product's; the room is a small real one
(``echo_room``). No session decides: a scene's scripts are spoken one after the other.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle

import numpy as np
from echo_room import EchoRoom

from calmvoice import wiring, wiring_rules
from calmvoice.ears.model import SpeechModel
from calmvoice.echo.canceller import EchoCanceller
from calmvoice.echo.cleaner import EchoCleaner
from calmvoice.errors import VoiceError
from calmvoice.listener import Listener
from calmvoice.meanings import Meaning
from calmvoice.offline import BLOCK, MICROPHONE_CHUNK, CountedClock, OfflineSpeaker
from calmvoice.ports import Now
from calmvoice.session.events import Said
from calmvoice.session.script import Breaths, Line, Script
from calmvoice.session.stages import Stage
from calmvoice.session.table import MEANINGS
from calmvoice.settings import Settings
from calmvoice.sound import MICROPHONE_RATE, SPEAKER_RATE, Samples, to_pcm
from calmvoice.voice.studio import Studio

JITTER_SECONDS = 0.007  # a new stream's DAC time is off by so much, measured on the sound card
AT = 1_800_000_000.0

LINES = tuple(step.role for step in wiring_rules.rules(Settings()).settling)
BREATHING: tuple[Script, ...] = (
    (Line("breathing.intro"),),
    (Breaths(0, 4),),
    *((Line(role),) for role in LINES if role != "settling.walk"),
    (Breaths(0, 3),),
    (Line("time_left.half"), Line("time_left.five")),
)
SETTLING: tuple[Script, ...] = (
    *((Line(role, t=AT),) for role in LINES),
    (Line("settling.muscle"), Line("settling.blank"), Line("time_left.half")),
    (Line("time_left.asked", 5, AT), Line("time_left.ready_early", t=AT)),
)
CALLING: tuple[Script, ...] = (
    (Line("return.call", t=AT),),
    (Line("return.repeat", t=AT),),
    (Line("return.one_here"),),
)


@dataclass(frozen=True)
class Scene:
    """What is said by whom, in which stage, over what."""

    name: str
    meaning: Meaning
    stage: Stage
    scripts: tuple[Script, ...]


SCENES = (
    Scene("stop", Meaning.STOP, Stage.BREATHING, BREATHING),
    Scene("more time", Meaning.MORE_TIME, Stage.SETTLING, SETTLING),
    Scene("yellow light", Meaning.SIGNAL, Stage.SETTLING, SETTLING),
    Scene("here", Meaning.HERE, Stage.CALLING, CALLING),
)
MORE_SCENES = (  # for the bench
    Scene("we're back", Meaning.BACK, Stage.SETTLING, SETTLING),
    Scene("how long", Meaning.HOW_LONG, Stage.SETTLING, SETTLING),
)


class Silent:
    """Masks nothing: knows of no word of our own."""

    def spoken(self, start: float, end: float) -> tuple[str, ...]:
        """Return nothing."""
        return ()


class World:
    """CalmVoice speaking and listening in a room, in counted time."""

    def __init__(
        self, model: SpeechModel, studio: Studio, scene: Scene, room: EchoRoom, cancel: bool,
        masked: bool = True, jitter_seconds: float = JITTER_SECONDS,
    ) -> None:  # fmt: skip
        self.scene = scene
        settings = Settings()
        words = wiring.pack(settings)
        said = wiring.phrases(settings, words)
        self.clock = CountedClock(Now(AT, 1000.0))
        self.speaker = OfflineSpeaker(wiring.prompter(settings, words, studio, _fail), self.clock)
        self.room = room
        self.posted: list[tuple[float, Meaning]] = []
        cleaner = EchoCleaner(EchoCanceller(), self.speaker) if cancel else None
        mask = self.speaker if masked else Silent()
        self._listener = Listener(wiring.ears(model, said), said, mask, self._post, cleaner)
        self._listener.expect(MEANINGS[scene.stage])
        self._scripts: Iterator[Script] = cycle(scene.scripts)
        self._ticket, self._position, self._playing = 0, 0, False
        self._chance, self._jitter, self._moved = random.Random(3), jitter_seconds, 0

    @property
    def seconds(self) -> float:
        """How long it has been going on."""
        return self._position / SPEAKER_RATE

    def _post(self, said: Said) -> None:
        self.posted.append((self.seconds, said.meaning))

    def live(self, people: Samples) -> None:
        """Speak on while people say this at the microphone."""
        pcm = to_pcm(people)
        for at in range(0, len(pcm) - MICROPHONE_CHUNK + 1, MICROPHONE_CHUNK):
            for _ in range(MICROPHONE_CHUNK * SPEAKER_RATE // MICROPHONE_RATE // BLOCK):
                self._step()
            chunk = self.room.capture(pcm[at : at + MICROPHONE_CHUNK])
            self._listener.take(chunk, self.clock.now().steady)

    def _step(self) -> None:
        if not self._playing:
            self._ticket += 1
            self.speaker.play(self._ticket, next(self._scripts), 0.0)
            self._playing = True
            self._moved = round(self._chance.uniform(0, self._jitter) * SPEAKER_RATE)
        block = np.zeros(BLOCK, np.float32)
        self._playing = self.speaker.fill(block) is None
        self.room.put_out(self._position + self._moved, block)
        self._position += BLOCK
        self.clock.move(BLOCK / SPEAKER_RATE)


def _fail(error: VoiceError) -> None:
    raise error
