"""Between pauses: what is said, how rarely; never near a pause, in quiet hours, before guests."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from screenplay import SEVEN_TWENTY, Screenplay

from calmvoice.meanings import Meaning
from calmvoice.ports import Now, Trust
from calmvoice.session.events import DeadlineReached
from calmvoice.session.local_time import UniversalTime
from calmvoice.session.reminders import Kind, Memory, PastPause, due
from calmvoice.session.rules import DAY, MINUTE, QuietHours, Reminders, Rules
from calmvoice.session.stages import Stage

LOCAL = UniversalTime()
HOUR = 3600.0
SIX = 18 * 60
MIDNIGHT = LOCAL.next_at(SEVEN_TWENTY, 0) - DAY
WEEKDAY = (LOCAL.day(SEVEN_TWENTY) + 6) % 7
TODAY = LOCAL.day(SEVEN_TWENTY)
SAID = ("reminders.", "hints.")


def play(
    plan: Reminders, hour: float = 12, memory: Memory | None = None, **more: object
) -> Screenplay:
    rules = Rules(reminders=plan, **more)  # type: ignore[arg-type] # whatever field a test needs
    drama = Screenplay(rules, MIDNIGHT + hour * HOUR, memory)
    drama.apply(DeadlineReached())
    return drama


def said(drama: Screenplay) -> list[tuple[int, str]]:
    """Return what was said between pauses: the day from the start, and the role."""
    first = LOCAL.day(drama._began)
    return [
        (LOCAL.day(drama._began + second) - first, role)
        for second, role in drama.said
        if role.startswith(SAID)
    ]


def missed(*days_ago: int, kept: tuple[int, ...] = ()) -> Memory:
    """A memory of pauses that were not answered, and of some that were."""
    pauses = [PastPause(TODAY - ago, False) for ago in days_ago]
    pauses += [PastPause(TODAY - ago, True) for ago in kept]
    return Memory(pauses=tuple(sorted(pauses, key=lambda pause: pause.day)))


def test_a_check_in_once_a_week_on_its_day_from_its_hour() -> None:
    drama = play(Reminders(SIX, check_in=(WEEKDAY + 2) % 7))
    drama.wait(21 * DAY)
    assert said(drama) == [(day, "reminders.check_in") for day in (2, 9, 16)]
    assert {round(at % DAY / HOUR, 2) for at, _ in drama.said} == {6.0}  # noon and six hours


def test_several_are_one_a_day_and_what_is_rarer_first() -> None:
    drama = play(Reminders(SIX, check_in=WEEKDAY, hello_days=3, practice_days=14))
    drama.wait(7 * DAY)
    assert said(drama) == [
        (0, "reminders.check_in"),
        (1, "reminders.practice"),
        (2, "reminders.hello"),
        (5, "reminders.hello"),
    ]


def test_nothing_is_said_that_was_not_chosen() -> None:
    drama = play(Reminders(SIX))
    drama.wait(30 * DAY)
    assert drama.said == []


def test_what_was_missed_is_not_piled_up() -> None:
    drama = play(Reminders(SIX, check_in=WEEKDAY, hello_days=2))
    drama.kill_and_restart(10 * DAY + 4 * HOUR)  # at four in the afternoon, ten days later
    drama.apply(DeadlineReached())
    drama.wait(DAY)
    assert said(drama) == [(10, "reminders.hello")]


def test_a_sleep_over_the_hour_is_a_day_without() -> None:
    drama = play(Reminders(SIX, hello_days=1))
    drama.sleep(11 * HOUR)  # until eleven in the evening
    drama.apply(DeadlineReached())
    drama.wait(12 * HOUR)
    assert said(drama) == []
    drama.wait(8 * HOUR)
    assert said(drama) == [(1, "reminders.hello")]


def test_a_restart_after_it_was_said_says_it_no_second_time() -> None:
    drama = play(Reminders(SIX, hello_days=1))
    drama.wait(6.5 * HOUR)
    assert said(drama) == [(0, "reminders.hello")]
    drama.kill_and_restart(60)
    drama.apply(DeadlineReached())
    drama.wait(12 * HOUR)
    assert len(said(drama)) == 1


def test_a_pause_shortly_before_holds_it_back_for_two_hours() -> None:
    drama = play(Reminders(SIX, practice_days=1), hour=17)
    drama.say(Meaning.SIGNAL)
    drama.wait_for(Stage.CALLING)
    drama.say(Meaning.BACK)
    drama.wait_for(Stage.LISTENING)
    calm = drama.lived
    drama.wait(5 * HOUR)
    (second,) = [at for at, role in drama.said if role.startswith(SAID)]
    assert second == pytest.approx(calm + 2 * HOUR, abs=1)


def test_a_pause_too_near_the_end_of_the_hours_takes_the_day() -> None:
    drama = play(Reminders(SIX, practice_days=1), hour=17)
    for _ in range(3):
        drama.say(Meaning.SLOW_DOWN)
        drama.wait(1.9 * HOUR)
    drama.wait(8 * HOUR)
    assert said(drama) == []


def test_a_hello_is_for_a_day_without_a_pause() -> None:
    memory = Memory(pauses=(PastPause(TODAY, True),))
    drama = play(Reminders(SIX, hello_days=1), memory=memory)
    drama.wait(1.5 * DAY)
    assert said(drama) == [(1, "reminders.hello")]


def test_quiet_hours_come_first() -> None:
    drama = play(Reminders(22 * 60, hello_days=1), quiet=QuietHours(22 * 60, 23 * 60))
    drama.wait(DAY)
    (second,) = [at for at, role in drama.said if role.startswith(SAID)]
    assert second == 11 * HOUR  # at eleven, when they are over


def test_before_guests_nothing_is_said() -> None:
    drama = play(Reminders(SIX, hello_days=1))
    drama.say(Meaning.GUESTS, by_key=True)
    drama.wait(8 * HOUR)
    assert said(drama) == []
    drama.say(Meaning.GUESTS, by_key=True)
    drama.wait(60)
    assert said(drama) == [(0, "reminders.hello")]


def test_one_that_sounds_when_guests_come_is_not_said_again() -> None:
    drama = play(Reminders(SIX, hello_days=1))
    drama.wait(6 * HOUR + 1)
    assert drama.playing is not None
    drama.say(Meaning.GUESTS, by_key=True)
    drama.wait(60)
    assert drama.lines == ["reminders.hello", "guests.off"]


def test_a_clock_that_was_never_set_reminds_of_nothing() -> None:
    drama = play(Reminders(SIX, hello_days=1))
    drama.now = replace(drama.now, trust=Trust.NEVER_SET)
    drama.wait(8 * HOUR)
    assert said(drama) == []


def test_a_signal_during_one_works_at_once() -> None:
    drama = play(Reminders(SIX, practice_days=1))
    drama.wait(6 * HOUR + 1)
    assert drama.lines == ["reminders.practice"]
    assert drama.playing is not None
    drama.say(Meaning.SIGNAL)
    assert drama.is_in(Stage.BRIDGE)
    assert drama.lines == ["reminders.practice", "bridge.default"]


def test_a_reminder_begins_nothing() -> None:
    drama = play(Reminders(SIX, check_in=WEEKDAY))
    drama.wait(DAY)
    assert drama.is_in(Stage.LISTENING)
    assert drama.disk is None
    assert drama.records == []


def test_a_clock_that_is_set_ahead_after_a_pause_brings_nothing_nearer() -> None:
    drama = play(Reminders(SIX, practice_days=1), hour=13)
    drama.say(Meaning.SLOW_DOWN)
    drama.wait_for(Stage.LISTENING)
    drama.set_clock(MIDNIGHT + 19 * HOUR)
    drama.wait(30 * MINUTE)
    assert said(drama) == []


def test_a_pause_that_lies_ahead_of_the_clock_was_just_now() -> None:
    memory = Memory(unrest_at=MIDNIGHT + 40 * DAY)
    drama = play(Reminders(SIX, practice_days=1), hour=17, memory=memory)
    drama.wait(1.9 * HOUR)
    assert said(drama) == []
    drama.wait(0.2 * HOUR)
    assert said(drama) == [(0, "reminders.practice")]


@pytest.mark.parametrize(
    ("memory", "hint"),
    [
        (missed(3), None),
        (missed(3, 9), "hints.fair_use"),
        (missed(20, 25, kept=(1, 2, 3, 4, 5)), None),  # the last five were all kept
        (missed(40, 45), None),  # long ago
        (missed(0, 9), None),  # not on the day of a pause
        (missed(5, 10, 15, 20, kept=(25, 30)), "hints.seek_help"),
        (missed(5, 10, 15, kept=(20, 25, 30)), "hints.fair_use"),  # half is not most
    ],
)
def test_when_a_hint_is_given(memory: Memory, hint: str | None) -> None:
    drama = play(Reminders(SIX), memory=memory)
    drama.wait(12 * HOUR)
    assert said(drama) == ([(0, hint)] if hint else [])


def test_hints_are_rare() -> None:
    drama = play(Reminders(SIX), memory=missed(3, 9))
    drama.wait(100 * DAY)
    assert said(drama) == [(0, "hints.fair_use")]  # nothing new was missed


def test_hints_can_be_declined() -> None:
    drama = play(Reminders(SIX, hints=False), memory=missed(1, 2, 3, 4, 5, 6, 7))
    drama.wait(100 * DAY)
    assert drama.said == []


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 59), st.booleans()), max_size=20),
    st.integers(1, 60),
)
def test_whatever_was_missed_two_hints_are_a_fortnight_apart(
    pauses: list[tuple[int, bool]], days: int
) -> None:
    rules = Rules(reminders=Reminders(SIX))
    memory = Memory(pauses=tuple(PastPause(TODAY + day, kept) for day, kept in sorted(pauses)))
    told: dict[Kind, list[int]] = {Kind.FAIR_USE: [], Kind.SEEK_HELP: []}
    for day in range(days):
        now = Now(MIDNIGHT + day * DAY + 18.5 * HOUR, 0.0)
        kind = due(rules, memory, now)
        if kind is not None:
            told[kind].append(day)
            memory = memory.with_said(kind, now.wall)
    every = sorted(told[Kind.FAIR_USE] + told[Kind.SEEK_HELP])
    assert all(later - day >= 14 for day, later in pairwise(every))
    fair = told[Kind.FAIR_USE]
    assert all(later - day >= 30 for day, later in pairwise(fair))
    assert len(told[Kind.SEEK_HELP]) <= 1


deeds = st.one_of(
    st.tuples(
        st.just("say"),
        st.sampled_from(
            [Meaning.SIGNAL, Meaning.BACK, Meaning.STOP, Meaning.SLOW_DOWN, Meaning.GUESTS]
        ),
    ),
    st.tuples(st.just("wait"), st.floats(1, 2 * HOUR)),
    st.tuples(st.just("wait"), st.floats(1, 2 * HOUR)),
    st.tuples(st.just("sleep"), st.floats(1, 20 * HOUR)),
    st.tuples(st.just("kill"), st.floats(0, 20 * HOUR)),
)


@settings(max_examples=200, deadline=None)
@given(
    st.integers(14, 19),
    st.sampled_from([None, QuietHours(SIX + 60, 7 * 60), QuietHours(SIX - 60, SIX + 30)]),
    st.lists(deeds, min_size=2, max_size=30),
)
def test_no_order_of_events_brings_one_near_a_pause_or_into_quiet_hours(
    hour: int, quiet: QuietHours | None, steps: list[tuple[str, object]]
) -> None:
    """The screenplay itself looks at every line that is said."""
    rules = Rules(
        pause_minutes=5,
        reminders=Reminders(SIX, check_in=WEEKDAY, hello_days=1, practice_days=1),
        quiet=quiet,
    )
    drama = Screenplay(rules, MIDNIGHT + hour * HOUR, missed(3, 9))
    drama.apply(DeadlineReached())
    for step in steps:
        match step:
            case ("say", Meaning() as meaning):
                drama.say(meaning, by_key=True)
            case ("wait", float(seconds)):
                drama.wait(seconds)
            case ("sleep", float(seconds)):
                drama.sleep(seconds)
                drama.apply(DeadlineReached())
            case ("kill", float(seconds)):
                drama.kill_and_restart(seconds)
                drama.apply(DeadlineReached())
    days = [day for day, _ in said(drama)]
    assert len(days) == len(set(days)), "two on one day"
