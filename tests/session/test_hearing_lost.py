"""A lost microphone is said aloud once, cuts nothing off, and wakes nobody."""

from __future__ import annotations

import pytest
from screenplay import SEVEN_TWENTY, Screenplay

from calmvoice.meanings import Meaning
from calmvoice.session.events import HearingChanged
from calmvoice.session.moves.hearing import GRACE_SECONDS, NOT_IN, ONCE_IN_SECONDS
from calmvoice.session.rules import Night, QuietHours, Rules
from calmvoice.session.script import Step
from calmvoice.session.stages import Stage

LOST = "state.microphone_lost"
RULES = Rules(breaths=6, settling=(Step("settling.rehearsing"),), reentry=("reentry.team",))


def lose(play: Screenplay) -> None:
    play.apply(HearingChanged(False))


def test_it_is_said_after_a_moment_and_once() -> None:
    play = Screenplay(RULES)
    lose(play)
    assert play.lines == []
    play.wait(1.9)
    assert play.lines == []
    play.wait(0.2)
    assert play.lines == [LOST]
    play.wait(3600)
    assert play.lines == [LOST]


def test_a_loss_of_a_moment_is_not_worth_a_word() -> None:
    play = Screenplay(RULES)
    lose(play)
    play.wait(1.5)
    play.apply(HearingChanged(True))
    play.wait(60)
    assert play.lines == []


def test_a_loose_plug_is_not_spoken_of_all_evening() -> None:
    play = Screenplay(RULES)
    for _ in range(5):
        lose(play)
        play.wait(20)
        play.apply(HearingChanged(True))
        play.wait(20)
    assert play.lines == [LOST]
    play.wait(ONCE_IN_SECONDS)
    lose(play)
    play.wait(5)
    assert play.lines == [LOST, LOST]


def test_no_question_is_disturbed() -> None:
    play = Screenplay(RULES)
    play.say(Meaning.SIGNAL)
    play.wait_for(Stage.SETTLING)
    play.say(Meaning.MORE_TIME)
    assert play.is_in(Stage.ASKING)
    lose(play)
    play.wait(GRACE_SECONDS + 1)
    assert LOST not in play.lines
    play.say(Meaning.TEN)
    play.wait(30)
    assert LOST in play.lines


def test_no_breath_and_no_bridge_is_disturbed() -> None:
    play = Screenplay(RULES)
    play.say(Meaning.SIGNAL)
    lose(play)
    play.wait_for(Stage.BREATHING)
    assert LOST not in play.lines
    play.wait_for(Stage.SETTLING)
    play.wait(5)
    assert play.lines[-2:] == ["breathing.done", LOST]
    assert play.lines.count("breaths 0-6") == 1


@pytest.mark.parametrize("stage", sorted(set(Stage) - NOT_IN, key=str))
def test_wherever_it_is_said_what_was_going_on_goes_on(stage: Stage) -> None:
    def reach(play: Screenplay) -> None:
        if stage is Stage.LISTENING:
            return
        play.say(Meaning.SIGNAL)
        play.wait_for(Stage.SETTLING)
        if stage in (Stage.ASKING, Stage.AGREEING):
            play.say(Meaning.MORE_TIME)
            if stage is Stage.AGREEING:
                play.say(Meaning.TEN)
                play.say(Meaning.MORE_TIME)
        elif stage is Stage.OWED:
            play.wait_for(Stage.OWED)
        elif stage is not Stage.SETTLING:
            play.wait_for(Stage.CALLING)
            if stage is not Stage.CALLING:
                play.say(Meaning.BACK)
                play.wait_for(stage)

    play, quiet = Screenplay(RULES), Screenplay(RULES)
    for one in (play, quiet):
        reach(one)
        assert one.is_in(stage)
    lose(play)
    for one in (play, quiet):
        one.wait(4000)
    assert LOST in play.lines
    spoken = [role for role in play.lines if role != LOST]
    assert set(spoken) == set(quiet.lines)
    assert play.stage is quiet.stage


def test_nobody_is_woken_because_of_it() -> None:
    evening = RULES.local_time.minute_of_day(SEVEN_TWENTY)
    night = Screenplay(
        Rules(breaths=0, night=Night(evening - 60, (evening + 600) % 1440), reentry=())
    )
    night.say(Meaning.SIGNAL)
    night.wait_for(Stage.SETTLING)
    quiet = Screenplay(Rules(quiet=QuietHours(evening - 60, evening + 60, cap_db=-12.0)))
    for play in (night, quiet):
        lose(play)
        play.wait(600)
        assert LOST not in play.lines
