"""Quiet hours: what is softer, what is light, when they hold, and a pause that runs into them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from screenplay import SEVEN_TWENTY, Screenplay

from calmvoice.clock import SystemLocalTime
from calmvoice.meanings import Meaning
from calmvoice.session.events import DeadlineReached
from calmvoice.session.hours import START_UNDER_CAP_DB, deliver, hour_at, is_quiet
from calmvoice.session.local_time import MINUTES_A_DAY, UniversalTime
from calmvoice.session.rules import DAY, MINUTE, QuietHours, Rules
from calmvoice.session.script import Chime, Line, Step
from calmvoice.session.stages import Stage

MIDNIGHT = UniversalTime().next_at(SEVEN_TWENTY, 0) - DAY
TEN_TO_SEVEN = QuietHours(22 * 60, 7 * 60)
NIGHT_RULES = Rules(
    quiet=TEN_TO_SEVEN, settling=(Step("settling.rehearsing"),), reentry=("reentry.team",)
)
SOFT = TEN_TO_SEVEN.cap_db - START_UNDER_CAP_DB


def at(hour: int, minute: int = 0) -> float:
    return MIDNIGHT + hour * 3600 + minute * MINUTE


def night(hour: int, minute: int = 0) -> Screenplay:
    return Screenplay(NIGHT_RULES, at(hour, minute))


@given(
    st.integers(0, MINUTES_A_DAY - 1),
    st.integers(0, MINUTES_A_DAY - 1),
    st.integers(0, MINUTES_A_DAY - 1),
)
def test_the_hours_hold_from_their_first_minute_up_to_their_last(
    begin: int, end: int, minute: int
) -> None:
    inside = set()
    running = begin
    while running != end:
        inside.add(running)
        running = (running + 1) % MINUTES_A_DAY
    assert is_quiet(QuietHours(begin, end), minute) == (minute in inside)


@pytest.mark.parametrize(
    ("hour", "minute", "quiet"),
    [(21, 59, False), (22, 0, True), (23, 59, True), (0, 0, True), (6, 59, True), (7, 0, False)],
)
def test_over_midnight(hour: int, minute: int, quiet: bool) -> None:
    found = hour_at(NIGHT_RULES, at(hour, minute))
    assert found.is_quiet is quiet
    assert found.until is not None
    assert UniversalTime().minute_of_day(found.until) == (7 * 60 if quiet else 22 * 60)
    assert 0 < found.until - at(hour, minute) <= 15 * 3600


@pytest.fixture
def berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("berlin")
@pytest.mark.parametrize(
    ("evening", "hours"), [((2027, 3, 27), 8), ((2027, 6, 1), 9), ((2027, 10, 30), 10)]
)
def test_a_night_in_which_the_clocks_change(evening: tuple[int, int, int], hours: int) -> None:
    """From ten to seven by the clock on the wall, however many hours that are."""
    rules = Rules(quiet=TEN_TO_SEVEN, local_time=SystemLocalTime())
    noon = datetime(*evening, 10, tzinfo=timezone.utc).timestamp()
    begin = hour_at(rules, noon).until
    assert begin is not None
    end = hour_at(rules, begin).until
    assert end is not None
    assert end - begin == hours * 3600
    quiet = [hour_at(rules, noon + n * 5 * MINUTE).is_quiet for n in range(24 * 12)]
    assert quiet.count(True) == hours * 12


def test_a_pause_in_the_night_is_soft_from_the_first_word() -> None:
    play = night(23)
    play.say(Meaning.SIGNAL)
    play.wait_for(Stage.CALLING)
    assert set(play.gains) == {SOFT}
    assert play.lines[0] == "bridge.default"  # said in full: nobody must guess it
    assert {"time_left.half", "time_left.five"} <= set(play.shown)
    assert "time_left.half" not in play.lines
    assert "time_left.two" in play.lines  # the last moment to ask for more time
    assert play.lines[-1] == "return.quiet"
    assert "chime" not in play.lines


def test_calls_grow_louder_only_up_to_the_cap() -> None:
    play = night(23)
    play.say(Meaning.SIGNAL)
    play.wait_for(Stage.CALLING)
    play.gains.clear()
    play.wait(5.5 * MINUTE)
    assert play.lines.count("return.repeat") == 3
    assert play.lines.count("chime") == 3  # light and a soft line were not enough
    assert play.gains == [SOFT + 2, SOFT + 3, SOFT + 3]


def test_a_pause_that_runs_into_the_quiet_hours_changes_with_them() -> None:
    play = night(21, 50)
    play.say(Meaning.SIGNAL)
    play.wait_for(Stage.SETTLING)
    assert set(play.gains) == {0.0}
    play.wait_for(Stage.CALLING)
    assert play.gains[-1] == SOFT
    assert play.lines[-1] == "return.quiet"


def test_breathing_ends_its_breath_and_goes_on_softly() -> None:
    play = night(21, 58)
    play.say(Meaning.SIGNAL)
    play.wait_for(Stage.SETTLING)
    first, second = [line for line in play.lines if line.startswith("breaths")]
    done = second.removeprefix("breaths ").split("-")[0]
    assert (first, second) == ("breaths 0-30", f"breaths {done}-30")
    assert 3 < int(done) < 20
    began = next(second for second, line in play.said if line == f"breaths {done}-30")
    assert 120 <= began <= 130  # ten o'clock, and the breath that was being taken
    assert play.lines[play.lines.index(f"breaths {done}-30") + 1] == "breathing.done"
    assert play.gains[play.lines.index(f"breaths {done}-30")] == SOFT


def test_a_question_that_is_open_at_that_moment_is_not_lost() -> None:
    play = night(21, 58)
    play.say(Meaning.SIGNAL)
    play.wait(115)
    play.say(Meaning.MORE_TIME)
    play.wait(8)
    play.say(Meaning.TEN)
    play.wait_for(Stage.SETTLING)
    breaths = [line for line in play.lines if line.startswith("breaths")]
    assert len(breaths) == 2
    assert play.lines.index("more_time.announce") < play.lines.index(breaths[1])


def test_in_the_morning_all_is_as_usual_again() -> None:
    play = night(6, 50)
    play.say(Meaning.SIGNAL)
    play.wait_for(Stage.CALLING)
    assert play.gains[0] == SOFT
    assert play.gains[-1] == 0.0
    assert play.lines[-2:] == ["chime", "return.call"]


def test_the_hour_is_known_without_any_pause() -> None:
    play = night(21, 59)
    play.apply(DeadlineReached())
    assert not play.session.is_quiet
    play.wait(61)
    assert play.session.is_quiet


def test_the_time_left_that_is_light_is_still_told_to_who_asks() -> None:
    play = night(23)
    play.say(Meaning.SIGNAL)
    play.wait(16 * MINUTE)
    assert play.shown == ["time_left.half", "time_left.five"]
    play.say(Meaning.HOW_LONG)
    assert play.lines[-1] == "time_left.asked"
    assert play.gains[-1] == SOFT


def test_a_turn_ends_without_a_chime() -> None:
    script = (Chime(), Line("reentry.swap"))
    assert deliver(NIGHT_RULES, script, 0.0, at(23)).script == (Line("reentry.swap"),)
    assert deliver(NIGHT_RULES, script, 0.0, at(12)).script == script
