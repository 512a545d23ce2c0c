"""The first minutes together: who starts, turns, words on offer, and pausing again."""

from __future__ import annotations

from dataclasses import replace

import pytest
from screenplay import SEVEN_TWENTY, Screenplay

from calmvoice.meanings import Meaning
from calmvoice.session.rules import Rules
from calmvoice.session.stages import Stage

RULES = Rules(
    reentry=("reentry.ritual", "reentry.team"), help=("reentry.soft_start", "reentry.fawning")
)
TURNS = replace(RULES, turn_seconds=120.0)


def together(rules: Rules = RULES) -> Screenplay:
    """Two people who have just answered the call."""
    play = Screenplay(rules)
    play.say(Meaning.SIGNAL)
    play.wait_for(Stage.CALLING)
    play.say(Meaning.BACK)
    return play


def choosing(rules: Rules = RULES) -> Screenplay:
    play = together(rules)
    play.wait_for(Stage.CHOOSING)
    return play


@pytest.mark.parametrize(
    ("answer", "order"),
    [
        (Meaning.WENT_QUIET, ["reentry.withdrew", "reentry.pursued"]),
        (Meaning.WAITED, ["reentry.pursued", "reentry.withdrew"]),
        (Meaning.NOT_NOW, ["reentry.roles_open", "reentry.withdrew", "reentry.pursued"]),
    ],
)
def test_who_starts_hears_their_words_first(answer: Meaning, order: list[str]) -> None:
    play = choosing()
    assert play.lines[-1] == "reentry.who_starts"
    play.say(answer)
    asked = len(play.said)
    play.wait_for(Stage.REFLECTING)
    assert play.lines[asked - 1 : -1] == [*order, "reentry.close"]


def test_nobody_says_who_starts_and_it_is_left_open() -> None:
    play = choosing()
    play.wait_for(Stage.TALKING)
    assert play.lines[-1] == "reentry.roles_open"
    assert play.minutes_when("reentry.roles_open") > play.minutes_when("reentry.who_starts")


def test_who_started_is_kept_nowhere() -> None:
    play = choosing()
    record, promise = play.records[-1], play.disk
    play.say(Meaning.WENT_QUIET)
    play.wait_for(Stage.LISTENING)
    assert play.records == [record]
    assert (play.disk, play.caught) == (promise, [])


def test_a_couple_that_does_not_want_the_question_is_not_asked() -> None:
    play = together(replace(RULES, ask_who_starts=False))
    play.wait_for(Stage.TALKING)
    assert "reentry.who_starts" not in play.lines


def test_someone_practising_alone_is_given_words_for_both_sides_and_no_swap() -> None:
    play = Screenplay(replace(RULES, answers_needed=1, ask_who_starts=False))
    play.say(Meaning.SIGNAL)
    play.wait_for(Stage.CALLING)
    play.say(Meaning.HERE)
    play.wait_for(Stage.REFLECTING)
    assert "reentry.roles_open" not in play.lines
    assert {"reentry.withdrew", "reentry.pursued"} <= set(play.lines)


def test_two_turns_of_two_minutes_with_a_chime_between_them() -> None:
    play = choosing(TURNS)
    play.say(Meaning.WAITED)
    play.wait_for(Stage.REFLECTING)
    at = {role: seconds for seconds, role in play.said}
    first = at["reentry.swap"] - at["reentry.pursued"]
    second = at["reentry.turns_done"] - at["reentry.withdrew"]
    for turn in (first, second):  # a line of 5 s, the gap after it, and 3 s of chime at most
        assert 120 <= turn <= 120 + 5 + TURNS.reentry_gap_seconds + 3
    swap = play.lines.index("reentry.swap")
    assert play.lines[swap - 1] == "chime"
    assert play.lines[-3:-1] == ["reentry.turns_done", "reentry.close"]


def test_turns_without_a_chime() -> None:
    play = choosing(replace(TURNS, turn_chime=False))
    play.say(Meaning.WAITED)
    called = len(play.lines)
    play.wait_for(Stage.REFLECTING)
    assert "chime" not in play.lines[called:]
    assert "reentry.swap" in play.lines


def test_a_turn_that_is_over_sooner_goes_on_at_once() -> None:
    play = choosing(TURNS)
    play.say(Meaning.WENT_QUIET)
    play.wait(30)
    before = play.now.steady
    play.say(Meaning.NEXT)
    assert play.lines[-2:] == ["chime", "reentry.swap"]
    assert play.now.steady == before


def test_help_offers_other_words_each_time_and_the_turn_keeps_its_length() -> None:
    play = choosing(TURNS)
    play.say(Meaning.WENT_QUIET)
    play.wait(30)
    began = play.now.steady
    for words in ("reentry.soft_start", "reentry.fawning", "reentry.soft_start"):
        play.say(Meaning.HELP_ME)
        assert play.lines[-1] == words
        play.wait(10)
    turn_left = 120 - (30 - 5 - TURNS.reentry_gap_seconds)
    while play.lines[-1] != "reentry.swap":
        play.wait(1)
    assert play.now.steady - began == pytest.approx(turn_left + 3 * 5, abs=3)


def test_no_words_on_offer_is_no_fault() -> None:
    play = choosing(replace(RULES, help=()))
    play.wait_for(Stage.TALKING)
    said = list(play.lines)
    play.say(Meaning.HELP_ME)
    assert play.lines == said


@pytest.mark.parametrize("stage", [Stage.REENTRY, Stage.CHOOSING, Stage.TALKING])
def test_slow_down_makes_five_quiet_seconds_and_then_it_goes_on(stage: Stage) -> None:
    play = together(TURNS)
    play.wait_for(stage)
    play.say(Meaning.SLOW_DOWN)
    assert play.is_in(stage)
    play.wait(25)
    begin = play.lines.index("slow_down.begin")
    assert play.lines[begin + 1] == "slow_down.end"
    between = play.said[begin + 1][0] - play.said[begin][0]
    assert between == pytest.approx(5 + TURNS.slow_seconds)  # a line of 5 s, then the quiet
    play.wait_for(Stage.REFLECTING)
    assert play.lines.count("reentry.close") == 1


@pytest.mark.parametrize("stage", [Stage.REENTRY, Stage.CHOOSING, Stage.TALKING])
@pytest.mark.parametrize("said", [Meaning.SIGNAL, Meaning.PAUSE_AGAIN])
def test_pause_again_follows_the_same_rules(stage: Stage, said: Meaning) -> None:
    play = together()
    play.wait_for(stage)
    play.say(said)
    assert play.is_in(Stage.BRIDGE)
    assert play.disk is not None
    assert play.disk.first_started_at == SEVEN_TWENTY, "the day still counts from the first pause"
    assert (play.disk.moved, play.disk.return_at - play.now.wall <= 21 * 60) == (0, True)
    play.wait_for(Stage.CALLING)


def test_a_doubtful_pause_again_asks_first() -> None:
    play = choosing()
    play.say(Meaning.PAUSE_AGAIN, sure=False)
    assert play.is_in(Stage.DOUBT)


@pytest.mark.parametrize("stage", [Stage.REENTRY, Stage.CHOOSING, Stage.TALKING])
def test_stop_leaves_the_two_to_themselves(stage: Stage) -> None:
    play = together()
    play.wait_for(stage)
    play.say(Meaning.STOP)
    said = len(play.said)
    play.wait(600)
    assert play.is_in(Stage.LISTENING)
    assert len(play.said) == said
