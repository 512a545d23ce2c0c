"""On the virtual sound card, with the loudspeaker in the microphone: a person over it is heard."""

from __future__ import annotations

import time

import numpy as np
import pytest
from people import speech
from soundcard import Recording, SoundCard
from theatre import Home, Program

from calmvoice.sound import SPEAKER_RATE

pytestmark = [pytest.mark.sound_card, pytest.mark.slow]

ECHO_DB = -10.0
SAID_AT_MOST = 3  # as anybody would; how often once is enough, scripts/bench/echo.py measures


def loudest(recording: Recording, since: float, until: float) -> float:
    recording.wait_until(until, limit=10)
    first, last = (round((at - recording.start) * SPEAKER_RATE) for at in (since, until))
    return float(np.max(np.abs(recording.samples[first:last])))


def silent_when_told(sound_card: SoundCard, recording: Recording) -> bool:
    """Say "stop"; return whether nothing sounds any more, for longer than from breath to breath."""
    sound_card.say(speech("Stop.", speed=0.7)).wait()
    said = time.monotonic()
    return loudest(recording, said + 1.5, said + 8) == 0.0


def test_stop_over_the_bridge_is_heard_and_silences_it(sound_card: SoundCard, home: Home) -> None:
    with (
        sound_card.hiss(seconds=60),
        sound_card.loopback(ECHO_DB),
        sound_card.record() as recording,
        Program(home, "--plain", environment=sound_card.variables) as program,
    ):
        program.wait_for("[Listening")
        program.type("yellow light")
        bridge = program.wait_for("Nobody is leaving")
        recording.wait_until(bridge + 4, limit=20)
        began = time.monotonic()
        assert loudest(recording, began - 1, began) > 0.05
        assert any(silent_when_told(sound_card, recording) for _ in range(SAID_AT_MOST))
        program.type("how long")
        program.wait_for("minutes left. We meet at")
