"""A pause by the rules of an agreement: what was agreed on is said, each in its place."""

from __future__ import annotations

import pytest
from screenplay import Screenplay

from calmvoice import settings_file, wiring_rules
from calmvoice.meanings import Meaning
from calmvoice.session.stages import Stage

AGREED = {
    "meaning": "It is a pause, and nobody leaves.",
    "bid": "a squeeze of the hand",
    "promise": "Whoever waits lets the time be.",
    "enough": "sitting side by side",
    "early_catch": ["here comes the loop"],
    "bridge": "shortest",
}


def pause(**agreed: object) -> Screenplay:
    settings = settings_file.check({"agreement": agreed}, "the test")
    play = Screenplay(wiring_rules.rules(settings))
    play.say(Meaning.SIGNAL)
    return play


def together(play: Screenplay) -> Screenplay:
    play.wait_for(Stage.CALLING)
    for _ in range(play.rules.answers_needed):
        play.say(Meaning.HERE)
        play.wait(10)
    play.wait_for(Stage.TALKING)
    return play


def test_meaning_bid_and_promise_follow_the_bridge() -> None:
    play = pause(**AGREED)
    play.wait_for(Stage.BREATHING)
    assert play.lines[:4] == [
        *("bridge.shortest", "leaving.meaning", "leaving.bid", "leaving.promise")
    ]


def test_what_was_not_agreed_on_is_not_said() -> None:
    play = pause(meaning="", bid="", promise="", enough="")
    together(play)
    assert not [role for role in play.lines if role.startswith("leaving.")]
    assert "reentry.enough" not in play.lines


def test_the_quiet_part_begins_with_the_body_and_sets_brooding_aside() -> None:
    play = pause()
    play.wait_for(Stage.CALLING)
    said = play.lines
    assert said.index("breathing.intro") < min(
        at for at, role in enumerate(said) if role.startswith("settling.")
    )
    for role in ("rehearsing", "body", "temperature", "walk", "grounding", "waiting"):
        assert f"settling.{role}" in said


def test_the_one_who_waits_is_given_lines_of_their_own() -> None:
    play = pause()
    play.wait_for(Stage.SETTLING)
    play.say(Meaning.WAITING)
    play.wait_for(Stage.CALLING)
    waiting = ["not_left", "waiting", "love_or_anxiety", "friend", "journal"]
    said = [role for role in play.lines if role.removeprefix("settling.") in waiting]
    assert said == [f"settling.{role}" for role in waiting]


def test_the_first_minute_has_the_ritual_what_is_enough_and_no_blame() -> None:
    play = together(pause(**AGREED))
    play.wait_for(Stage.REFLECTING)
    said = play.lines[play.lines.index("reentry.together") :]
    assert said[:6] == [
        *("reentry.together", "breaths 0-1", "reentry.ritual", "reentry.enough"),
        *("reentry.team", "reentry.naming"),
    ]
    assert {"reentry.withdrew", "reentry.pursued"} <= set(said)


def test_words_are_offered_one_after_the_other_until_all_were_heard() -> None:
    play = together(pause())
    offered = []
    for _ in play.rules.help:
        play.say(Meaning.HELP_ME)
        offered.append(play.lines[-1])
        play.wait(6)
    assert offered == [
        *("reentry.soft_start", "reentry.feeling", "reentry.protest", "reentry.request"),
        *("reentry.fawning", "reentry.reframe", "reentry.tender"),
    ]


@pytest.mark.parametrize("answer", [Meaning.EARLY, Meaning.MIDDLE, Meaning.LATE])
def test_to_early_middle_and_late_the_same_kind_words_are_said(answer: Meaning) -> None:
    play = together(pause())
    play.wait_for(Stage.REFLECTING)
    play.say(answer)
    assert play.lines[-2:] == ["reflection.small", "reflection.thanks"]
    assert play.caught == [answer.value]
