"""Guests, with a real microphone: the device is let go of, nothing is heard, the key works."""

from __future__ import annotations

import pytest
from people import speech
from soundcard import SoundCard
from theatre import Home, Program

pytestmark = [pytest.mark.sound_card, pytest.mark.slow]


def test_the_microphone_is_really_closed_until_it_is_wanted_again(
    sound_card: SoundCard, home: Home
) -> None:
    with (
        sound_card.hiss(seconds=120),
        Program(home, "--plain", environment=sound_card.variables) as program,
    ):
        program.wait_for("[Listening for")
        sound_card.say(speech("The kettle is still warm.")).wait()
        assert sound_card.is_listened_to
        program.type("o")
        program.wait_for("Microphone off. The key still works.", limit=10)
        sound_card.say(speech("Yellow light.")).wait()
        assert not sound_card.is_listened_to
        program.type("o")
        program.wait_for("The microphone is on.", limit=10)
        program.pass_time(3.0)  # the device opens, and the line has been said
        assert sound_card.is_listened_to
        assert "Nobody is leaving" not in program.text, "what was said to a closed microphone"
        before = len(program.lines)
        program.type("o")
        program.wait_for("[Listening for a key. The microphone is off.]", after=before, limit=10)
        program.type("")
        program.wait_for("Nobody is leaving", limit=10)
