"""Each thing that asks for a pause has its bridge, its return, and what was agreed beside it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from screenplay import SEVEN_TWENTY, Screenplay

from calmvoice.clock import SystemLocalTime
from calmvoice.meanings import CALLS, Meaning
from calmvoice.session import bridges
from calmvoice.session.events import Said
from calmvoice.session.local_time import MINUTES_A_DAY, UniversalTime
from calmvoice.session.promise import Ending
from calmvoice.session.rules import DAY, MINUTE, Night, Rules, Track
from calmvoice.session.script import Guide, Step
from calmvoice.session.stages import Stage

LOCAL = UniversalTime()
MIDNIGHT = LOCAL.next_at(SEVEN_TWENTY, 0) - DAY
LATE = MIDNIGHT + 22.75 * 3600  # a quarter to eleven
RULES = Rules(
    other_bridge="bridge.other_own",
    after_bridge=("leaving.meaning", "leaving.promise"),
    until=20 * 60 + 30,
    settling=(Step("settling.rehearsing"),),
)
NIGHT = Rules(
    night=Night(22 * 60 + 30, 10 * 60),
    settling=(Step("settling.rehearsing"),),
    reentry=("reentry.team",),
)


@pytest.mark.parametrize(
    ("meaning", "by_key", "role"),
    [
        (Meaning.SIGNAL, False, "bridge.default"),
        (Meaning.SIGNAL, True, "bridge.silent"),
        (Meaning.OTHER_SIGNAL, False, "bridge.other_own"),
        (Meaning.OTHER_SIGNAL, True, "bridge.other_own"),
        (Meaning.NO_WORDS, False, "bridge.no_words"),
        (Meaning.NO_WORDS, True, "bridge.no_words"),
        (Meaning.EVENT, False, "bridge.event"),
    ],
)
def test_what_asked_for_the_pause_chooses_the_bridge(
    meaning: Meaning, by_key: bool, role: str
) -> None:
    play = Screenplay(RULES)
    play.say(meaning, by_key=by_key)
    assert play.lines == [role]
    play.wait(11)
    assert play.lines == [role, "leaving.meaning", "leaving.promise"]


def test_food_first_comes_back_after_the_meal() -> None:
    play = Screenplay(RULES)
    play.say(Meaning.EVENT)
    assert play.disk is not None
    assert play.disk.return_at == SEVEN_TWENTY + 45 * 60
    play.wait_for(Stage.CALLING)
    assert play.minutes_when("return.call") == pytest.approx(45, abs=0.02)


def test_until_half_past_eight() -> None:
    play = Screenplay(RULES, wall=MIDNIGHT + 19.75 * 3600 + 7)
    play.say(Meaning.UNTIL)
    assert play.lines == ["bridge.until"]
    assert play.disk is not None
    assert play.disk.return_at == MIDNIGHT + 20.5 * 3600


@pytest.mark.parametrize("hour", [8.0, 20.47, 20.6])
def test_an_agreed_hour_that_is_too_far_or_too_near_is_a_usual_pause(hour: float) -> None:
    play = Screenplay(RULES, wall=MIDNIGHT + hour * 3600)
    play.say(Meaning.UNTIL)
    assert play.lines == ["bridge.default"]
    assert play.disk is not None
    assert 20 * 60 <= play.disk.return_at - play.now.wall <= 21 * 60


def test_what_they_did_not_agree_on_means_nothing() -> None:
    play = Screenplay(Rules(without=frozenset({Meaning.EVENT, Meaning.CYCLE})))
    play.say(Meaning.EVENT)
    play.say(Meaning.CYCLE)
    assert play.is_in(Stage.LISTENING)
    assert play.lines == []
    assert Meaning.EVENT not in play.session.meanings


def test_a_doubtful_second_signal_asks_and_then_has_its_own_bridge() -> None:
    play = Screenplay(RULES)
    play.say(Meaning.OTHER_SIGNAL, sure=False)
    play.wait(10.5)
    assert play.lines[:2] == ["doubt.ask", "bridge.other_own"]


def test_nobody_is_told_who_asked() -> None:
    play = Screenplay(RULES)
    play.say(Meaning.SIGNAL)
    play.say(Meaning.WHO_ASKED)
    assert play.lines[-1] == "leaving.who_asked"
    play.wait(6)
    assert play.lines[-1] == "bridge.default"
    play.wait_for(Stage.SETTLING)
    play.wait(20)
    play.say(Meaning.WHO_ASKED)
    assert play.lines[-1] == "leaving.who_asked"


def test_the_cycle_is_named_and_five_seconds_are_quiet() -> None:
    play = Screenplay(RULES)
    play.say(Meaning.CYCLE)
    play.wait(10.2)
    assert play.lines == ["slow_down.named", "slow_down.end"]
    play.wait(6)
    assert play.is_in(Stage.LISTENING)


# --- the night ----------------------------------------------------------------------------------


def test_after_bedtime_the_next_morning_is_offered() -> None:
    play = Screenplay(NIGHT, wall=LATE)
    play.say(Meaning.SIGNAL)
    play.wait(20)
    assert play.lines[:2] == ["bridge.overnight", "leaving.tonight"]
    assert play.disk is not None
    assert play.disk.return_at == MIDNIGHT + (24 + 10) * 3600
    play.wait_for(Stage.CALLING, limit=DAY)
    said = [role for role in play.lines if role.startswith(("settling", "time_left"))]
    assert said == [], "somebody may be asleep"
    assert play.minutes_when("return.call") == pytest.approx(11.25 * 60, abs=0.02)


def test_after_midnight_the_morning_is_not_tomorrow() -> None:
    play = Screenplay(NIGHT, wall=MIDNIGHT + (24 + 0.5) * 3600)
    play.say(Meaning.SIGNAL)
    assert play.lines == ["bridge.after_midnight"]
    assert play.disk is not None
    assert play.disk.return_at == MIDNIGHT + (24 + 10) * 3600


def test_not_now_takes_the_night_back_and_the_usual_pause_begins() -> None:
    play = Screenplay(NIGHT, wall=LATE)
    play.say(Meaning.SIGNAL)
    play.wait(3)
    play.say(Meaning.NOT_NOW)
    assert play.lines == ["bridge.overnight", "bridge.default"]
    assert play.disk is not None
    assert play.disk.return_at == LATE + 21 * 60  # 20 minutes from 22:45:03, on a whole minute
    play.wait_for(Stage.CALLING)
    play.say(Meaning.BACK)
    assert (play.records[0].minutes, play.records[0].ending) == (21, Ending.KEPT)


def test_not_now_to_the_night_forgets_nothing_that_was_asked_for() -> None:
    tracks = {Meaning.RACING: Track((Step("settling.muscle"),))}
    play = Screenplay(replace(NIGHT, tracks=tracks), wall=LATE)
    play.say(Meaning.SIGNAL)
    play.say(Meaning.RACING)
    play.say(Meaning.ONLY_WORDS)
    play.say(Meaning.NOT_NOW)
    play.wait_for(Stage.SETTLING)
    assert [breaths.guide for breaths in play.breathed] == [Guide.WORDS]
    play.wait_for(Stage.CALLING)
    assert "settling.muscle" in play.lines


def test_not_now_to_any_other_bridge_changes_nothing() -> None:
    play = Screenplay(NIGHT)
    play.say(Meaning.SIGNAL)
    before = play.disk
    play.say(Meaning.NOT_NOW)
    assert (play.lines, play.disk) == (["bridge.default"], before)


@pytest.mark.parametrize(("hour", "late"), [(22.4, False), (22.5, True), (27.9, True), (31, False)])
def test_it_is_late_from_bedtime_to_the_middle_of_the_night(hour: float, late: bool) -> None:
    call = Said(Meaning.SIGNAL)
    assert bridges.choose(NIGHT, call, MIDNIGHT + hour * 3600).is_overnight is late


def test_a_restart_in_the_night_wakes_nobody_with_minutes_left() -> None:
    play = Screenplay(NIGHT, wall=LATE)
    play.say(Meaning.SIGNAL)
    play.wait(3600)
    play.kill_and_restart(3 * 3600)
    play.wait_for(Stage.CALLING, limit=DAY)
    assert not [role for role in play.lines if role.startswith("time_left")]


def test_no_more_time_is_given_to_a_night() -> None:
    play = Screenplay(NIGHT, wall=LATE)
    play.say(Meaning.SIGNAL)
    play.wait_for(Stage.SETTLING)
    play.say(Meaning.MORE_TIME)
    assert play.lines[-1] == "more_time.cap"


# --- always -------------------------------------------------------------------------------------

nights = st.one_of(
    st.none(),
    st.builds(
        lambda bedtime, hours: Night(bedtime, (bedtime + hours * 60) % MINUTES_A_DAY),
        st.integers(0, MINUTES_A_DAY - 1),
        st.integers(7, 16),
    ),
)


@given(
    st.builds(
        Rules,
        pause_minutes=st.integers(5, 60),
        longest_minutes=st.integers(60, 180),
        event_minutes=st.integers(5, 60),
        until=st.one_of(st.none(), st.integers(0, MINUTES_A_DAY - 1)),
        night=nights,
    ),
    st.sampled_from(CALLS),
    st.booleans(),
    st.floats(0, 2e9),
)
def test_every_bridge_has_a_return_on_a_whole_minute_under_the_maximum(
    rules: Rules, meaning: Meaning, by_key: bool, wall: float
) -> None:
    bridge = bridges.choose(rules, Said(meaning, by_key=by_key), wall)
    length = bridge.return_at - wall
    assert bridge.return_at % MINUTE == 0
    assert length >= 5 * MINUTE
    if not bridge.is_overnight:
        assert length <= (rules.longest_minutes + 1) * MINUTE
    else:
        assert rules.night is not None
        assert 182 * MINUTE < length <= 16 * 3600
        assert LOCAL.minute_of_day(bridge.return_at) == rules.night.morning


@pytest.fixture(params=["Europe/Berlin", "Asia/Kolkata", "UTC"])
def zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("zone")
@pytest.mark.parametrize("day", [0, 87, 88, 89, 298, 299])  # summer time begins and ends near them
def test_the_system_clock_finds_the_next_ten_oclock(day: int) -> None:
    local = SystemLocalTime()
    wall = 1_767_225_600.0 + day * DAY + 4711.5  # from 1 January 2026
    at = local.next_at(wall, 600)
    assert 0 < at - wall <= DAY + 3600
    assert local.minute_of_day(at) == 600
    assert at % 60 == 0
