"""A pause from signal to re-entry, as a screenplay."""

from __future__ import annotations

import pytest
from screenplay import SEVEN_TWENTY, Screenplay

from calmvoice.errors import SessionError
from calmvoice.meanings import Meaning
from calmvoice.ports import Trust
from calmvoice.session import Session
from calmvoice.session.events import ClipEnded, Restarted
from calmvoice.session.promise import Ending, Promise
from calmvoice.session.rules import Rules
from calmvoice.session.script import Breaths, Step
from calmvoice.session.stages import Stage

RULES = Rules(
    settling=(Step("settling.rehearsing"), Step("settling.grounding")),
    reentry=("reentry.team", "reentry.ritual"),
)


def test_a_whole_pause() -> None:
    play = Screenplay(RULES)
    play.say(Meaning.SIGNAL)
    assert play.lines == ["bridge.default"]
    assert play.disk is not None
    assert play.disk.return_at == SEVEN_TWENTY + 20 * 60

    play.wait_for(Stage.BREATHING)
    assert play.lines[1] == "breathing.intro"
    play.wait_for(Stage.SETTLING)
    assert play.lines[2:4] == ["breaths 0-30", "breathing.done"]
    play.wait_for(Stage.CALLING)
    assert play.lines[4:6] == ["settling.rehearsing", "settling.grounding"]
    assert play.minutes_when("time_left.half") == 10
    assert play.minutes_when("time_left.five") == 15
    assert play.minutes_when("time_left.two") == 18
    assert play.minutes_when("return.call") == pytest.approx(20, abs=0.02)

    play.say(Meaning.HERE)
    assert play.is_in(Stage.CALLING)
    assert play.lines[-1] == "return.one_here"
    play.wait(10)
    play.say(Meaning.HERE)
    assert play.is_in(Stage.REENTRY)
    assert play.records[0].ending is Ending.KEPT
    assert play.records[0].minutes == 20
    assert play.disk is None

    play.wait_for(Stage.REFLECTING)
    assert play.lines[-10:] == [
        "reentry.together",
        "breaths 0-1",
        "reentry.team",
        "reentry.ritual",
        "reentry.who_starts",
        "reentry.roles_open",
        "reentry.withdrew",
        "reentry.pursued",
        "reentry.close",
        "reflection.ask",
    ]
    play.say(Meaning.EARLY)
    assert play.caught == ["early"]
    play.wait(10)
    assert play.is_in(Stage.LISTENING)


def test_the_return_is_a_whole_minute_and_never_before_the_agreed_length() -> None:
    play = Screenplay(RULES, wall=SEVEN_TWENTY + 17.3)
    play.say(Meaning.SIGNAL)
    assert play.disk is not None
    assert play.disk.return_at == SEVEN_TWENTY + 21 * 60


def test_a_key_speaks_for_someone_who_cannot() -> None:
    play = Screenplay(RULES)
    play.say(Meaning.SIGNAL, by_key=True)
    assert play.lines == ["bridge.silent"]


def test_a_doubtful_signal_asks_and_not_now_takes_it_back() -> None:
    play = Screenplay(RULES)
    play.say(Meaning.SIGNAL, sure=False)
    assert play.is_in(Stage.DOUBT)
    assert play.disk is None
    play.wait(2)
    play.say(Meaning.NOT_NOW)
    assert play.lines == ["doubt.ask", "doubt.mistaken"]
    assert play.is_in(Stage.LISTENING)
    assert play.records == []


def test_a_doubtful_signal_stands_when_nobody_objects() -> None:
    play = Screenplay(RULES)
    play.say(Meaning.SIGNAL, sure=False)
    play.wait(9.9)
    assert play.is_in(Stage.DOUBT)
    play.wait(0.2)
    assert play.is_in(Stage.BRIDGE)


def test_slow_down_is_five_quiet_seconds() -> None:
    play = Screenplay(RULES)
    play.say(Meaning.SLOW_DOWN)
    play.wait(5 + 4.9)
    assert play.lines == ["slow_down.begin"]
    play.wait(0.2)
    assert play.lines == ["slow_down.begin", "slow_down.end"]
    play.wait(6)
    assert play.is_in(Stage.LISTENING)
    assert play.disk is None


@pytest.mark.parametrize("stage", [Stage.BRIDGE, Stage.BREATHING, Stage.SETTLING])
def test_stop_silences_the_guidance_and_keeps_the_promise(stage: Stage) -> None:
    play = Screenplay(RULES)
    play.say(Meaning.SIGNAL)
    play.wait_for(stage)
    play.say(Meaning.STOP)
    assert play.playing is None
    spoken = len(play.said)
    play.wait_for(Stage.CALLING)
    assert play.lines[spoken:] == ["time_left.two", "chime", "return.call"]
    assert play.minutes_when("return.call") == pytest.approx(20, abs=0.02)


def test_how_long_waits_for_the_breath_and_the_breathing_goes_on() -> None:
    play = Screenplay(RULES)
    play.say(Meaning.SIGNAL)
    play.wait_for(Stage.BREATHING)
    play.wait(5 + 33)  # the intro, then into the fourth breath
    play.say(Meaning.HOW_LONG)
    assert play.lines[-1] == "breaths 0-30"
    play.wait(10)
    assert play.lines[-1] == "time_left.asked"
    play.wait(6)
    assert play.lines[-1] == "breaths 4-30"
    play.wait_for(Stage.SETTLING)
    assert play.lines[-1] == "breathing.done"


def test_more_time_moves_the_return_once_and_says_the_new_time() -> None:
    play = Screenplay(RULES)
    play.say(Meaning.SIGNAL)
    play.wait_for(Stage.SETTLING)
    play.wait(600)
    play.say(Meaning.MORE_TIME)
    assert play.lines[-1] == "more_time.ask"
    play.say(Meaning.TWENTY)
    assert play.lines[-1] == "more_time.announce"
    assert play.disk is not None
    assert play.disk.return_at == SEVEN_TWENTY + 40 * 60
    play.wait_for(Stage.CALLING)
    assert play.minutes_when("return.call") == pytest.approx(40, abs=0.02)
    play.say(Meaning.BACK)
    assert play.records[0].ending is Ending.MOVED


def test_more_time_without_an_answer_is_ten() -> None:
    play = Screenplay(RULES)
    play.say(Meaning.SIGNAL)
    play.wait_for(Stage.SETTLING)
    play.say(Meaning.MORE_TIME)
    play.wait(20)
    assert play.disk is not None
    assert play.disk.return_at == SEVEN_TWENTY + 30 * 60


def test_more_time_in_the_breathing_waits_for_the_breath() -> None:
    play = Screenplay(RULES)
    play.say(Meaning.SIGNAL)
    play.wait_for(Stage.BREATHING)
    play.wait(5 + 12)
    play.say(Meaning.MORE_TIME)
    play.wait(9)
    assert play.lines[-1] == "more_time.ask"
    play.say(Meaning.TEN)
    play.wait(6)
    assert play.is_in(Stage.BREATHING)
    assert play.lines[-2:] == ["more_time.announce", "breaths 2-30"]


def test_an_answer_before_the_breath_has_ended() -> None:
    play = Screenplay(RULES)
    play.say(Meaning.SIGNAL)
    play.wait_for(Stage.BREATHING)
    play.wait(5 + 12)
    play.say(Meaning.MORE_TIME)
    play.say(Meaning.TEN)
    play.wait(15)
    assert play.lines[-3:] == ["breaths 0-30", "more_time.announce", "breaths 2-30"]


def moved_once(answer: Meaning, rules: Rules = RULES) -> Screenplay:
    """A pause in its quiet part whose return one of them has moved."""
    play = Screenplay(rules)
    play.say(Meaning.SIGNAL)
    play.wait_for(Stage.SETTLING)
    play.say(Meaning.MORE_TIME)
    play.say(answer)
    play.wait(10)
    return play


def both_agree_to_more(play: Screenplay) -> None:
    play.say(Meaning.MORE_TIME)
    for _ in range(2):
        play.say(Meaning.YES)
        play.wait(2)


def test_a_second_time_needs_a_yes_from_each() -> None:
    play = moved_once(Meaning.TEN)
    play.say(Meaning.MORE_TIME)
    assert play.lines[-1] == "more_time.second"
    play.say(Meaning.YES)
    play.wait(30)
    assert play.lines[-2:] != ["more_time.confirm"]
    assert play.disk is not None
    assert play.disk.return_at == SEVEN_TWENTY + 30 * 60
    play.say(Meaning.MORE_TIME)
    play.say(Meaning.YES)
    play.say(Meaning.YES)  # at once: the same person
    assert play.disk.return_at == SEVEN_TWENTY + 30 * 60
    play.wait(2)
    play.say(Meaning.YES)
    assert play.lines[-1] == "more_time.ask"
    assert play.disk.return_at == SEVEN_TWENTY + 30 * 60
    play.say(Meaning.TWENTY)
    assert play.lines[-1] == "more_time.confirm"
    assert play.disk.return_at == SEVEN_TWENTY + 50 * 60


def test_a_second_time_with_room_for_ten_only_is_ten_at_once() -> None:
    play = moved_once(Meaning.TEN, Rules(pause_minutes=20, longest_minutes=40))
    both_agree_to_more(play)
    assert "more_time.confirm" in play.lines
    assert play.disk is not None
    assert play.disk.return_at == SEVEN_TWENTY + 40 * 60


def test_agreed_by_both_but_nobody_said_how_much_is_ten() -> None:
    play = moved_once(Meaning.TWENTY)
    both_agree_to_more(play)
    play.wait_for(Stage.SETTLING)
    assert play.disk is not None
    assert play.disk.return_at == SEVEN_TWENTY + 50 * 60


def test_the_couples_maximum_holds() -> None:
    play = Screenplay(Rules(pause_minutes=20, longest_minutes=25))
    play.say(Meaning.SIGNAL)
    play.wait_for(Stage.SETTLING)
    play.say(Meaning.MORE_TIME)
    assert play.lines[-1] == "more_time.cap"
    assert play.disk is not None
    assert play.disk.return_at == SEVEN_TWENTY + 20 * 60


def test_ready_early_is_kept_to_oneself_until_both_are() -> None:
    play = Screenplay(RULES)
    play.say(Meaning.SIGNAL)
    play.wait_for(Stage.SETTLING)
    spoken = len(play.said)
    play.say(Meaning.BACK)
    assert (len(play.said), play.shown) == (spoken, ["time_left.ready_early"])
    assert play.is_in(Stage.SETTLING)
    play.wait(60)
    play.say(Meaning.BACK)
    assert play.is_in(Stage.REENTRY)
    assert play.records[0].ending is Ending.KEPT
    assert play.records[0].minutes == round(play.minutes_when("return.ready_both"))


def test_the_same_key_again_and_again_does_not_end_the_pause_it_began() -> None:
    play = Screenplay(RULES)
    play.say(Meaning.SIGNAL, by_key=True)
    for _ in range(6):
        play.say(Meaning.BACK, by_key=True)
        play.wait(0.6)
    assert play.is_in(Stage.BRIDGE)


def test_agreed_by_both_just_before_the_return_is_ten_at_once() -> None:
    play = moved_once(Meaning.TEN)
    assert play.disk is not None
    play.wait(play.disk.return_at - play.now.wall - 12)
    both_agree_to_more(play)
    assert play.disk.return_at == SEVEN_TWENTY + 40 * 60


@pytest.mark.parametrize("answer", ["twenty", "not now"])
def test_a_breath_is_not_cut_off_by_the_answers_about_more_time(answer: str) -> None:
    play = Screenplay(RULES)
    play.say(Meaning.SIGNAL)
    play.wait_for(Stage.BREATHING)
    play.say(Meaning.MORE_TIME)
    play.say(Meaning.TEN)
    play.wait(33)
    begun = len(play.breathed)
    play.say(Meaning.MORE_TIME)
    play.say(Meaning.YES)
    play.wait(1.5)
    play.say(Meaning.YES)
    assert play.playing is not None
    assert isinstance(play.playing[0].script[0], Breaths)
    play.say(Meaning.TWENTY if answer == "twenty" else Meaning.NOT_NOW)
    play.wait_for(Stage.SETTLING)
    assert play.breathed[begun].first > play.breathed[begun - 1].first


def test_a_signal_by_mistake_is_over_when_both_are_back_in_the_bridge() -> None:
    play = Screenplay(RULES)
    play.say(Meaning.SIGNAL)
    play.say(Meaning.BACK)
    play.wait(2)
    assert play.is_in(Stage.BRIDGE)
    play.say(Meaning.BACK)
    assert play.is_in(Stage.REENTRY)
    assert play.records[0].minutes == 0


def test_nobody_answers_the_calls_grow_louder_and_the_talk_is_owed() -> None:
    play = Screenplay(RULES)
    play.say(Meaning.SIGNAL)
    play.wait_for(Stage.CALLING)
    play.gains.clear()
    play.wait_for(Stage.OWED)
    chimes = [round((at - 20 * 60) / 60, 1) for at, role in play.said if role == "chime"]
    assert chimes == [0, 1, 3, 5]
    assert play.gains == [2.0, 4.0, 6.0, 0.0]
    assert play.lines[-1] == "return.no_answer"
    assert play.disk is not None
    assert play.disk.owed
    play.wait(3600)
    play.say(Meaning.BACK)
    assert play.is_in(Stage.REENTRY)
    assert play.records[0].ending is Ending.UNANSWERED


def test_a_talk_that_is_owed_ends_after_a_day() -> None:
    play = Screenplay(RULES)
    play.say(Meaning.SIGNAL)
    play.wait(24 * 3600 - 1)
    assert play.is_in(Stage.OWED)
    play.wait(2)
    assert play.is_in(Stage.LISTENING)
    assert (play.disk, len(play.records)) == (None, 1)


def test_a_doubtful_signal_does_not_lose_a_talk_that_is_owed() -> None:
    play = Screenplay(RULES)
    play.say(Meaning.SIGNAL)
    play.wait_for(Stage.OWED)
    play.say(Meaning.SIGNAL, sure=False)
    play.say(Meaning.NOT_NOW)
    assert play.is_in(Stage.OWED)


def test_stop_hushes_one_call_and_the_next_still_comes() -> None:
    play = Screenplay(RULES)
    play.say(Meaning.SIGNAL)
    play.wait_for(Stage.CALLING)
    play.say(Meaning.STOP)
    assert play.playing is None
    play.wait(61)
    assert play.lines[-1] == "return.repeat"


def test_one_person_alone_needs_one_answer() -> None:
    play = Screenplay(Rules(answers_needed=1))
    play.say(Meaning.SIGNAL)
    play.wait_for(Stage.CALLING)
    play.say(Meaning.HERE)
    assert play.is_in(Stage.REENTRY)


def test_pause_again_in_the_reentry() -> None:
    play = Screenplay(RULES)
    play.say(Meaning.SIGNAL)
    play.wait_for(Stage.CALLING)
    play.say(Meaning.BACK)
    play.wait(5)
    play.say(Meaning.SIGNAL)
    assert play.is_in(Stage.BRIDGE)
    assert play.disk is not None
    assert play.disk.first_started_at == SEVEN_TWENTY


def test_again_repeats_the_last_line_and_starts_the_breathing_over() -> None:
    play = Screenplay(RULES)
    play.say(Meaning.SIGNAL)
    play.wait_for(Stage.BREATHING)
    play.wait(60)
    play.say(Meaning.AGAIN)
    play.wait(1)
    assert play.lines[-1] == "breathing.intro"
    play.wait_for(Stage.CALLING)
    play.say(Meaning.AGAIN)
    assert play.lines[-4:] == ["chime", "return.call", "chime", "return.call"]


def test_a_short_pause_breathes_less_or_not_at_all() -> None:
    play = Screenplay(Rules(pause_minutes=2))
    play.say(Meaning.SIGNAL)
    play.wait_for(Stage.CALLING)
    assert play.lines[2] == "breaths 0-8"
    play = Screenplay(Rules(pause_minutes=1))
    play.say(Meaning.SIGNAL)
    play.wait_for(Stage.CALLING)
    assert not [role for role in play.lines if role.startswith("breaths")]


# --- restarts, sleep, clocks --------------------------------------------------------------------


def test_killed_and_restarted_the_pause_still_holds() -> None:
    play = Screenplay(RULES)
    play.say(Meaning.SIGNAL)
    play.wait(100)
    play.kill_and_restart(off_seconds=200)
    assert play.lines[-1] == "return.restarted"
    play.wait_for(Stage.CALLING)
    assert play.minutes_when("return.call") == pytest.approx(20, abs=0.02)


def test_power_lost_over_the_return() -> None:
    play = Screenplay(RULES)
    play.say(Meaning.SIGNAL)
    play.wait(100)
    play.kill_and_restart(off_seconds=3000)
    assert play.is_in(Stage.CALLING)
    assert play.lines[-2:] == ["chime", "return.missed"]
    play.wait(61)
    assert play.lines[-1] == "return.repeat"


def test_power_lost_for_more_than_a_day() -> None:
    play = Screenplay(RULES)
    play.say(Meaning.SIGNAL)
    play.kill_and_restart(off_seconds=90_000)
    assert play.is_in(Stage.LISTENING)
    assert play.disk is None
    assert play.records[0].ending is Ending.UNANSWERED


def test_a_talk_owed_survives_a_restart() -> None:
    play = Screenplay(RULES)
    play.say(Meaning.SIGNAL)
    play.wait_for(Stage.OWED)
    play.kill_and_restart()
    assert play.is_in(Stage.OWED)


def test_a_clock_that_boots_in_the_past_is_doubted_aloud() -> None:
    play = Screenplay(RULES)
    play.say(Meaning.SIGNAL)
    play.wait(5 * 60)
    promised = play.disk
    assert promised is not None
    play.set_clock(1000.0, Trust.NEVER_SET)
    play.kill_and_restart()
    assert play.lines[-2:] == ["return.clock_doubt", "return.ask_time"]
    assert play.times[-1] == ("return.clock_doubt", promised.return_at)
    assert 15 * 60 <= promised.return_at - play.own_wall <= 17 * 60


def test_the_lid_closed_over_the_return_is_owned() -> None:
    play = Screenplay(RULES)
    play.say(Meaning.SIGNAL)
    play.wait_for(Stage.SETTLING)
    play.sleep(3600)
    play.wait(1)
    assert play.lines[-1] == "return.slept"


def test_a_short_sleep_changes_nothing_about_the_return() -> None:
    play = Screenplay(RULES)
    play.say(Meaning.SIGNAL)
    play.wait_for(Stage.BREATHING)
    play.sleep(300)
    play.wait_for(Stage.CALLING)
    assert play.lines[-1] == "return.call"
    assert play.minutes_when("return.call") == pytest.approx(20, abs=0.02)


# --- what our own parts must not do -------------------------------------------------------------


def test_a_clip_that_was_never_played_cannot_end() -> None:
    with pytest.raises(SessionError, match="ticket 1 ended"):
        Session(RULES).apply(ClipEnded(1), Screenplay().now)


def test_a_restart_in_the_middle_is_a_bug() -> None:
    play = Screenplay(RULES)
    play.say(Meaning.SIGNAL)
    with pytest.raises(SessionError, match="bridge"):
        play.apply(Restarted(Promise(0, 0, 0, 0)))


def test_the_late_end_of_a_hushed_clip_is_harmless() -> None:
    play = Screenplay(RULES)
    play.say(Meaning.SIGNAL)
    play.say(Meaning.STOP)
    assert play.apply(ClipEnded(1)) == ()
