"""Guests: the microphone is off, the key still works, and it is said."""

from __future__ import annotations

import pytest
from screenplay import Screenplay

from calmvoice.meanings import Meaning
from calmvoice.session.rules import Rules
from calmvoice.session.stages import Stage
from calmvoice.session.table import MEANINGS


def test_off_is_said_and_the_key_still_works() -> None:
    play = Screenplay()
    play.say(Meaning.GUESTS, by_key=True)
    assert not play.hears
    assert play.session.is_deaf
    assert play.lines == ["guests.off"]
    play.say(Meaning.SIGNAL, by_key=True)
    assert play.is_in(Stage.BRIDGE)
    play.wait_for(Stage.CALLING)
    assert not play.hears


def test_on_again_takes_back_what_was_said() -> None:
    play = Screenplay()
    play.say(Meaning.GUESTS, by_key=True)
    play.say(Meaning.GUESTS, by_key=True)
    play.wait(30)
    assert play.hears
    assert play.lines == ["guests.off", "guests.on"]


def test_a_breath_ends_first_and_goes_on() -> None:
    play = Screenplay()
    play.say(Meaning.SIGNAL)
    play.wait_for(Stage.BREATHING)
    play.wait(60)
    play.say(Meaning.GUESTS, by_key=True)
    assert not play.hears  # at once; only the words wait for the breath
    play.say(Meaning.GUESTS, by_key=True)
    play.wait_for(Stage.SETTLING)
    assert play.hears
    assert [line for line in play.lines if line.startswith("guests")] == ["guests.on"]
    assert play.lines.count("breathing.done") == 1


def test_a_restart_hears_again() -> None:
    play = Screenplay()
    play.say(Meaning.GUESTS, by_key=True)
    play.say(Meaning.SIGNAL, by_key=True)
    play.kill_and_restart()
    assert not play.session.is_deaf


def test_without_a_microphone_no_key_switches_it_on() -> None:
    play = Screenplay(Rules(key_only=True, without=frozenset({Meaning.GUESTS})))
    assert play.session.is_deaf
    assert Meaning.GUESTS not in play.session.meanings
    play.say(Meaning.GUESTS, by_key=True)
    assert play.lines == []
    assert play.session.is_deaf


@pytest.mark.parametrize("stage", Stage)
def test_it_can_be_pressed_at_any_time(stage: Stage) -> None:
    assert Meaning.GUESTS in MEANINGS[stage]
