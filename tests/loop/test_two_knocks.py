"""Two knocks on the table, through the real program: it asks first, and takes a no."""

from __future__ import annotations

import numpy as np
import pytest
from knock_sounds import double
from soundcard import SoundCard
from theatre import Home, Program

from calmvoice.sound import MICROPHONE_RATE, Sound, from_pcm

pytestmark = [pytest.mark.sound_card, pytest.mark.slow]


def test_two_knocks_ask_first(sound_card: SoundCard, home: Home) -> None:
    settings = home.settings.read_text("utf-8").replace("[agreement]", "[agreement]\nknock = true")
    home.settings.write_text(settings, "utf-8")
    scene = double("table", np.random.default_rng(2))
    knocks = Sound(from_pcm(scene.samples), MICROPHONE_RATE)
    with (
        sound_card.hiss(),
        Program(home, "--plain", environment=sound_card.variables) as program,
    ):
        program.wait_for("[Listening")
        program.pass_time(1.5)  # the microphone is opened beside the first screen
        sound_card.say(knocks).wait()
        program.wait_for("Pausing in five seconds", limit=10)
        program.type("not now")
        program.wait_for("My mistake. No pause.", limit=10)
        program.pass_time(3.0)  # while it speaks no knock is listened for
        sound_card.say(knocks).wait()
        program.wait_for("Someone here can't talk just now", limit=20)
