"""The rule that time apart can be trusted by: how a return may move, over any order of events.

Once by either; again only by both; never over the couple's maximum; each new time is spoken; and
that one of them is ready early is never said to the other.
"""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from screenplay import Screenplay

from calmvoice.meanings import Meaning
from calmvoice.session.rules import MINUTE, Rules, whole_minute
from calmvoice.session.stages import AWAY, Stage

ANNOUNCED = {"more_time.announce", "more_time.confirm"}
ASKED = (Meaning.MORE_TIME, Meaning.TEN, Meaning.TWENTY, Meaning.YES, Meaning.NOT_NOW)
steps = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(ASKED), st.sampled_from([0.2, 2.0, 8.0, 40.0])),
        st.tuples(st.sampled_from(Meaning), st.sampled_from([0.2, 2.0, 8.0, 40.0, 400.0])),
    ),
    min_size=4,
    max_size=60,
)
rules = st.builds(
    Rules,
    pause_minutes=st.sampled_from([5, 20, 60]),
    longest_minutes=st.sampled_from([60, 75, 180]),
)


@settings(max_examples=300, deadline=None)
@given(rules, steps)
def test_the_return_moves_once_by_either_again_only_by_both_and_is_said(
    rules: Rules, steps: list[tuple[Meaning, float]]
) -> None:
    play = Screenplay(rules)
    play.say(Meaning.SIGNAL)
    play.wait_for(Stage.BREATHING)
    yes_at: list[float] = []
    stage = play.stage
    for meaning, seconds in steps:
        if play.stage not in AWAY:
            return
        before_that, stage = stage, play.stage
        asked_on = stage is Stage.ASKING and before_that in (Stage.AGREEING, Stage.ASKING)
        if not asked_on and (stage is not Stage.AGREEING or before_that is not stage):
            yes_at = []
        if stage is Stage.AGREEING and meaning is Meaning.YES:
            yes_at.append(play.now.steady)
        before, said = play.session.promise, len(play.said)
        play.say(meaning)
        between_people = len(yes_at) > 1 and yes_at[-1] - yes_at[0] >= rules.same_person_seconds
        play.wait(seconds)
        now = play.session.promise
        if before is None or now is None or now.started_at != before.started_at:
            return
        if now.moved > before.moved:
            assert now.moved == before.moved + 1
            assert before.moved == 0 or between_people, "moved again without a yes from each"
            cap = whole_minute(now.started_at + rules.longest_minutes * MINUTE)
            assert now.return_at <= cap, "moved over the couple's maximum"
            play.wait(25)  # a breath ends first, then the line
            assert ANNOUNCED & set(play.lines[said:]), "moved without a word"
        else:
            assert now.return_at == before.return_at


@settings(max_examples=200, deadline=None)
@given(st.floats(0, 1100), st.lists(st.sampled_from([0.3, 1.0, 5.0, 60.0]), max_size=4))
def test_ready_early_is_spoken_to_nobody_and_moves_nothing(at: float, taps: list[float]) -> None:
    """One person says it, perhaps twice in a breath; the other has not."""
    quiet, told = Screenplay(), Screenplay()
    for play in (quiet, told):
        play.say(Meaning.SIGNAL)
        play.wait_for(Stage.BREATHING)
        play.wait(at)
    ready = told.stage in (Stage.BREATHING, Stage.SETTLING)
    told.say(Meaning.BACK)
    for _ in taps:
        told.say(Meaning.BACK)  # the same instant is the same person
    assert not ready or told.stage in (Stage.BREATHING, Stage.SETTLING)
    assert told.disk == quiet.disk
    for play in (quiet, told):
        play.wait_for(Stage.CALLING) if ready else None
    assert told.said == quiet.said, "the other could hear that one was ready"
