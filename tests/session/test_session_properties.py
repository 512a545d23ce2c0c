"""Whatever people say, in any order, at any time, with any kill: the promise is kept."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from screenplay import Screenplay

from calmvoice.meanings import Meaning
from calmvoice.session.events import ClipEnded, DeadlineReached, HearingChanged
from calmvoice.session.promise import Promise
from calmvoice.session.rules import DAY, Night, QuietHours, Reminders, Rules, Track
from calmvoice.session.script import Step
from calmvoice.session.stages import AWAY, Stage

said = st.tuples(
    st.just("say"),
    st.sampled_from(Meaning),
    st.booleans(),
    st.booleans(),
)
waited = st.tuples(st.just("wait"), st.floats(0.01, 1500))
slept = st.tuples(st.just("sleep"), st.floats(1, 4000))
killed = st.tuples(st.just("kill"), st.floats(0, 4000))
hearing = st.tuples(st.just("hearing"), st.booleans())
spurious = st.tuples(st.just("spurious"), st.integers(0, 3))
steps = st.lists(
    st.one_of(said, said, said, waited, slept, killed, spurious, hearing), min_size=1, max_size=60
)
TRACKS = {
    Meaning.RACING: Track((Step("settling.muscle", 6.0), Step("settling.walk"))),
    Meaning.SHUT_DOWN: Track((Step("settling.blank"),), breathes=False),
    Meaning.WAITING: Track((Step("settling.need"),)),
}
rules = st.builds(
    Rules,
    pause_minutes=st.sampled_from([1, 2, 5, 20, 60]),
    longest_minutes=st.sampled_from([60, 75]),
    answers_needed=st.sampled_from([1, 2]),
    settling=st.just((Step("settling.rehearsing"), Step("settling.need", 20.0))),
    sighs=st.sampled_from([0, 3]),
    holds_breath=st.booleans(),
    tracks=st.sampled_from([{}, TRACKS]),
    reentry=st.just(("reentry.team",)),
    reflection=st.booleans(),
    after_bridge=st.just(("leaving.meaning", "leaving.promise")),
    until=st.sampled_from([None, 20 * 60]),
    night=st.sampled_from([None, Night(19 * 60, 9 * 60)]),
    quiet=st.sampled_from([None, QuietHours(19 * 60 + 25, 7 * 60), QuietHours(20 * 60, 21 * 60)]),
    reminders=st.sampled_from(
        [None, Reminders(19 * 60 + 30, check_in=4, hello_days=1, practice_days=2)]
    ),
    call_step_db=st.sampled_from([2.0, 15.0]),
    without=st.sampled_from([frozenset(), frozenset({Meaning.EVENT, Meaning.UNTIL})]),
)


def same_promise(one: Promise | None, other: Promise | None) -> bool:
    if one is None or other is None:
        return one is other
    return (one.return_at, one.moved, one.owed) == (other.return_at, other.moved, other.owed)


@settings(max_examples=400, deadline=None)
@given(rules, steps)
def test_no_order_of_events_loses_a_promise(rules: Rules, steps: list[tuple[object, ...]]) -> None:
    play = Screenplay(rules)
    for step in steps:
        before, stage = play.session.promise, play.stage
        match step:
            case ("say", Meaning() as meaning, bool(sure), bool(by_key)):
                play.say(meaning, sure=sure, by_key=by_key)
                now = play.session.promise
                night = before is not None and before.return_at - before.started_at > 182 * 60
                if before is not None and now is not None and night and meaning is Meaning.NOT_NOW:
                    assert now.return_at <= before.return_at, "the night was taken back"
                elif stage in AWAY and before is not None and now is not None:
                    moved = now.return_at - before.return_at
                    assert moved in (0, 600, 1200), "a word moved the return by itself"
                    assert (moved > 0) == (now.moved > before.moved)
                    if not night:
                        assert now.return_at - now.started_at <= (rules.longest_minutes + 1) * 60
            case ("wait", float(seconds)):
                play.wait(seconds)
            case ("sleep", float(seconds)):
                play.sleep(seconds)
            case ("kill", float(seconds)):
                play.kill_and_restart(seconds)
                if stage in AWAY and before is not None and play.stage in AWAY:
                    assert play.session.promise is not None
                    assert play.session.promise.return_at == before.return_at
            case ("hearing", bool(works)):
                play.apply(HearingChanged(works))
            case ("spurious", int(ticket)):
                play.apply(DeadlineReached())
                if play.playing is None or ticket < play.playing[0].ticket:
                    play.apply(ClipEnded(min(ticket, _tickets(play))))
        assert same_promise(play.session.promise, play.disk), "the disk knows another promise"
        if play.stage in AWAY:
            assert play.disk is not None, "both are apart and nothing is on the disk"
        wait = play.session.deadline.seconds_from(play.now)
        if step[0] != "sleep":
            assert wait is None or wait > 0, "the timer would spin"
    play.wait(2 * DAY)
    assert play.stage is Stage.LISTENING
    assert play.disk is None
    assert play.playing is None


def _tickets(play: Screenplay) -> int:
    return play.session._machine._tickets


@settings(max_examples=200, deadline=None)
@given(st.floats(0, 3000), st.floats(0, 1500))
def test_a_restart_at_any_moment_gives_the_same_return(alive: float, off: float) -> None:
    play = Screenplay()
    play.say(Meaning.SIGNAL)
    promised = play.disk
    assert promised is not None
    play.wait(min(alive, 1190))
    play.kill_and_restart(off)
    assert play.disk is not None
    assert play.disk.return_at == promised.return_at
    late = play.now.wall >= promised.return_at
    assert play.lines[-1] == ("return.missed" if late else "return.restarted")
