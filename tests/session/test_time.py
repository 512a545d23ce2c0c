"""Whatever is done to the clock, at any moment: never early, and no wrong time without doubt said.

``Planet`` knows what time it really is; the computer's clock, its zone and its trust are changed
at random beside it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from screenplay import SEVEN_TWENTY, Screenplay

from calmvoice.meanings import Meaning
from calmvoice.ports import Trust
from calmvoice.session.events import DeadlineReached
from calmvoice.session.local_time import UniversalTime
from calmvoice.session.rules import Night, Rules
from calmvoice.session.script import Step
from calmvoice.session.stages import AWAY, Stage

MINUTE = 60.0
DOUBT = {
    "return.clock_doubt",
    "return.clock_changed",
    "leaving.clock_unsure",
}
RULES = Rules(breaths=3, settling=(Step("settling.rehearsing"),), reflection=False)
SLACK = 60.0 + 30.0  # a told time knows its minute; a smaller step of the clock changes nothing


class MovedZone(UniversalTime):
    """A time zone that can be changed."""

    def __init__(self) -> None:
        self.east = 0.0

    def utc_offset(self, wall: float) -> float:
        return self.east


def apart(play: Screenplay | None = None) -> Screenplay:
    """Both are apart for twenty minutes, and five have passed."""
    play = play or Screenplay(RULES)
    play.say(Meaning.SIGNAL)
    play.wait(5 * MINUTE)
    return play


def set_clock(play: Screenplay, wall: float, trust: Trust | None = None) -> None:
    """Set the clock; the shell, which looks every two seconds, has looked."""
    play.set_clock(wall, trust)
    play.apply(DeadlineReached())


def return_in(play: Screenplay) -> float:
    """Return how many seconds really pass until the call."""
    began = play.now.since_boot
    play.wait_for(Stage.CALLING)
    return play.now.since_boot - began


def test_a_promise_under_a_clock_that_was_never_set_keeps_its_minutes_and_says_the_new_time() -> (
    None
):
    play = Screenplay(RULES, wall=1000.0)
    play.set_clock(1000.0, Trust.NEVER_SET)
    apart(play)
    assert "leaving.clock_unsure" in play.lines
    set_clock(play, SEVEN_TWENTY, Trust.SYNCHRONISED)
    play.wait(20)
    role, t = play.times[-1]
    assert role == "return.clock_right"
    assert play.disk is not None
    assert t == play.disk.return_at
    assert 14.5 * MINUTE < t - play.now.wall < 16 * MINUTE
    left = t - play.now.wall
    assert return_in(play) == pytest.approx(left, abs=1.5)


def test_a_promise_under_a_right_clock_keeps_its_time_when_the_clock_is_lost() -> None:
    play = apart()
    promised = play.disk
    assert promised is not None
    set_clock(play, 1000.0, Trust.NEVER_SET)
    play.wait(30)
    assert not DOUBT & set(play.lines)
    assert play.disk is not None
    assert play.disk.return_at == promised.return_at
    assert return_in(play) == pytest.approx(promised.return_at - SEVEN_TWENTY - 330, abs=1.5)


@pytest.mark.parametrize("jump", [3600.0, -3600.0, 17 * MINUTE, -45.0])
def test_a_clock_that_is_as_good_as_before_is_doubted_aloud(jump: float) -> None:
    play = apart()
    set_clock(play, play.now.wall + jump)
    play.wait(20)
    role, t = play.times[-1]
    assert role == "return.clock_changed"
    assert t % MINUTE == 0
    left = t - play.now.wall
    assert 14 * MINUTE < left < 16 * MINUTE
    assert return_in(play) == pytest.approx(left, abs=1.5)


def test_a_small_step_of_the_clock_is_nobodys_business() -> None:
    for step in (-20.0, 20.0):
        play = apart()
        before = len(play.times)
        set_clock(play, play.now.wall + step)
        play.wait(60)
        assert play.times[before:] == []
        assert return_in(play) >= 14 * MINUTE - 1


def test_a_restart_of_the_program_knows_how_long_it_was_off_whatever_the_clock_says() -> None:
    play = apart()
    promised = play.disk
    assert promised is not None
    play.set_clock(1000.0, Trust.NEVER_SET)
    play.kill_and_restart(5 * MINUTE, stays_on=True)
    assert play.lines[-1] == "return.restarted"
    assert play.times[-1][1] == promised.return_at
    assert return_in(play) == pytest.approx(10 * MINUTE, abs=62)


def test_a_computer_without_a_clock_says_what_is_left_and_asks_for_the_time() -> None:
    play = apart()
    promised = play.disk
    assert promised is not None
    play.set_clock(play.now.wall, Trust.NEVER_SET)  # it goes on where it was switched off
    play.kill_and_restart(0)
    assert play.lines[-2:] == ["return.clock_doubt", "return.ask_time"]
    assert play.session.asks_time
    minute = play.rules.local_time.minute_of_day(SEVEN_TWENTY) + 12
    play.tell_time(minute, minute + 12 * 60)
    assert not play.session.asks_time
    play.wait(10)
    assert play.times[-1] == ("return.time_thanks", promised.return_at)
    assert return_in(play) == pytest.approx(8 * MINUTE, abs=11)


@pytest.mark.parametrize("stage", sorted(AWAY, key=str))
def test_the_time_can_be_told_wherever_both_are_apart(stage: Stage) -> None:
    play = Screenplay(RULES, wall=1000.0)
    play.set_clock(1000.0, Trust.NEVER_SET)
    play.say(Meaning.SIGNAL)
    if stage is not Stage.BRIDGE:
        play.wait_for(Stage.BREATHING if stage is Stage.BREATHING else Stage.SETTLING)
    if stage in (Stage.ASKING, Stage.AGREEING):
        play.say(Meaning.MORE_TIME)
    if stage is Stage.AGREEING:
        play.say(Meaning.TEN)
        play.say(Meaning.MORE_TIME)
    assert play.stage is stage
    left = return_at(play) - play.own_wall
    play.tell_time(8 * 60)
    assert not play.session.asks_time
    play.wait(15)
    assert ("return.time_thanks", return_at(play)) in play.times
    assert left - 15 <= return_at(play) - play.own_wall <= left + 60 - 14


def return_at(play: Screenplay) -> float:
    assert play.session.promise is not None
    return play.session.promise.return_at


def test_a_told_time_after_the_return_calls_at_once() -> None:
    play = apart()
    play.set_clock(play.now.wall, Trust.NEVER_SET)
    play.kill_and_restart(0)
    minute = play.rules.local_time.minute_of_day(SEVEN_TWENTY)
    play.tell_time(minute + 40)
    assert play.stage is Stage.CALLING
    assert play.lines[-1] == "return.missed"


def test_the_network_sets_a_doubted_clock_and_the_time_stands() -> None:
    play = apart()
    promised = play.disk
    assert promised is not None
    play.set_clock(play.now.wall, Trust.NEVER_SET)
    play.kill_and_restart(0)
    play.wait(60)
    set_clock(play, SEVEN_TWENTY + 12 * MINUTE, Trust.SYNCHRONISED)
    play.wait(20)
    assert play.times[-1] == ("return.clock_certain", promised.return_at)
    assert return_in(play) == pytest.approx(8 * MINUTE, abs=21)


def test_a_promise_of_1970_is_not_forgotten_when_the_clock_is_right_after_a_power_cut() -> None:
    play = Screenplay(RULES, wall=1000.0)
    play.set_clock(1000.0, Trust.NEVER_SET)
    apart(play)
    play.set_clock(SEVEN_TWENTY, Trust.OWN)
    play.kill_and_restart(0)
    assert play.lines[-1] == "return.clock_changed"
    assert play.times[-1][1] % MINUTE == 0
    assert 15 * MINUTE <= play.times[-1][1] - play.now.wall <= 17 * MINUTE


def test_a_changed_time_zone_is_said_and_the_moment_stays() -> None:
    zone = MovedZone()
    play = apart(Screenplay(replace(RULES, local_time=zone)))
    promised = play.disk
    assert promised is not None
    zone.east = 3600.0
    play.apply(DeadlineReached())
    play.wait(20)
    assert play.times[-1] == ("return.clock_changed", promised.return_at)
    assert return_in(play) == pytest.approx(15 * MINUTE - 20, abs=1.5)


def test_nobody_is_woken_because_a_clock_was_set() -> None:
    rules = replace(RULES, night=Night(7 * 60, 16 * 60), local_time=UniversalTime())
    wall = UniversalTime().next_at(SEVEN_TWENTY, 8 * 60)
    play = Screenplay(rules, wall)
    play.say(Meaning.SIGNAL)
    play.wait(3600)
    before = len(play.said)
    set_clock(play, play.now.wall + 1800)
    play.wait(60)
    assert len(play.said) == before
    assert play.shown == ["return.clock_changed"]


def test_an_hour_means_nothing_to_a_clock_that_was_never_set() -> None:
    rules = replace(RULES, night=Night(0, 12 * 60), until=10)
    for call in (Meaning.SIGNAL, Meaning.UNTIL):
        play = Screenplay(rules, wall=300.0)
        play.set_clock(300.0, Trust.NEVER_SET)
        play.say(call)
        assert play.disk is not None
        assert 20 * MINUTE <= play.disk.return_at - play.now.wall <= 21 * MINUTE


# --- any jump at any moment ---------------------------------------------------------------------


@dataclass
class Planet:
    """What time it really is, beside what the computer believes."""

    play: Screenplay
    real_at_boot: float = 0.0  # the real time less seconds since boot

    @property
    def real(self) -> float:
        return self.real_at_boot + self.play.now.since_boot


def begin(trust: Trust) -> Planet:
    """A clock that can be believed is right; one that cannot stands in 1970."""
    wall = SEVEN_TWENTY if trust is not Trust.NEVER_SET else 5000.0
    play = Screenplay(replace(RULES, local_time=MovedZone()), wall)
    play.set_clock(wall, trust)
    planet = Planet(play)
    planet.real_at_boot = SEVEN_TWENTY - play.now.since_boot
    play.say(Meaning.SIGNAL)
    return planet


jumps = st.one_of(
    st.floats(-29, 29), st.floats(-5000, 5000), st.sampled_from([-3600.0, 3600.0, 1e6, -1e9])
)
changes = st.one_of(
    st.tuples(st.just("wait"), st.floats(1, 500)),
    st.tuples(st.just("sleep"), st.floats(1, 900)),
    st.tuples(st.just("set"), jumps, st.sampled_from(Trust)),
    st.tuples(st.just("synchronised")),
    st.tuples(st.just("crash"), st.floats(0, 600)),
    st.tuples(st.just("power cut"), st.floats(5, 900), st.sampled_from(Trust)),
    st.tuples(st.just("told")),
)


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(Trust), st.lists(changes, min_size=1, max_size=12))
def test_never_early_by_real_time_and_no_wrong_time_without_doubt(
    trust: Trust, steps: list[tuple[object, ...]]
) -> None:
    planet = begin(trust)
    play = planet.play
    promised_real = planet.real + 20 * MINUTE
    said_with_doubt = trust is Trust.NEVER_SET
    misled = False
    for step in steps:
        kept = play.session.promise
        assert kept is not None
        if misled and (step[0] in ("told", "power cut") or not kept.counted):
            break  # set wrong by hand, and then off: nobody could know
        heard = len(play.said)
        match step:
            case ("wait", float(seconds)):
                play.wait(seconds)
            case ("sleep", float(seconds)):
                play.sleep(seconds)
                play.apply(DeadlineReached())
            case ("set", float(jump), Trust() as new):
                new = min(new, max(play.now.trust, Trust.OWN))  # what is synchronised is right
                set_clock(play, play.now.wall + jump, new)
                misled |= abs(play.now.wall - planet.real) > SLACK and new > Trust.NEVER_SET
            case ("synchronised",):
                set_clock(play, planet.real, Trust.SYNCHRONISED)
            case ("crash", float(seconds)):
                play.kill_and_restart(seconds, stays_on=True)
            case ("power cut", float(off), Trust() as new):
                real = planet.real + off
                if new is Trust.NEVER_SET:
                    play.set_clock(play.now.wall, new)  # it stands still meanwhile
                else:
                    play.set_clock(real, new)
                play.kill_and_restart(0)
                planet.real_at_boot = real - play.now.since_boot
            case ("told",):
                minute = int(planet.real // 60) % (24 * 60)
                play.tell_time(minute)
        play.wait(12.0)  # a breath is not cut off by a clock
        if play.stage not in AWAY:
            break
        said_with_doubt |= bool(DOUBT & set(play.lines[heard:]))
        promise = play.session.promise
        assert promise is not None
        if not said_with_doubt:
            # The time that stands is the real time of the moment at which it will be called.
            call_real = planet.real + (promise.return_at - play.own_wall)
            assert abs(call_real - promise.return_at) <= SLACK
    if play.stage in AWAY:
        play.wait_for(Stage.CALLING, limit=4 * 3600)
    if play.stage is Stage.CALLING:
        assert planet.real >= promised_real - SLACK, "called back early"
