"""The guidance of a pause: sighs, breaths, quiet lines, tracks, and less of it when wanted."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from screenplay import SEVEN_TWENTY, Screenplay

from calmvoice.meanings import NEEDS, Meaning
from calmvoice.session.rules import Night, Rules, Track
from calmvoice.session.script import Guide, Kind, Step
from calmvoice.session.stages import Stage

LINES = ("settling.rehearsing", "settling.body", "settling.need", "settling.walk")
TRACKS = {
    Meaning.RACING: Track((Step("settling.muscle", 6.0), Step("settling.walk"))),
    Meaning.SHUT_DOWN: Track((Step("settling.blank"), Step("settling.around")), breathes=False),
    Meaning.WAITING: Track((Step("settling.not_left"), Step("settling.need"))),
}
RULES = Rules(settling=tuple(Step(role) for role in LINES), tracks=TRACKS)


def pause(stage: Stage, rules: Rules = RULES) -> Screenplay:
    play = Screenplay(rules)
    play.say(Meaning.SIGNAL)
    play.wait_for(stage)
    return play


def said_in_settling(play: Screenplay) -> list[str]:
    return [role for role in play.lines if role.startswith("settling.")]


def test_the_lines_come_one_by_one_with_their_quiet_and_then_it_is_quiet() -> None:
    play = pause(Stage.SETTLING)
    play.wait_for(Stage.CALLING)
    times = [at for at, role in play.said if role in LINES]
    assert said_in_settling(play) == list(LINES)
    assert [round(b - a) for a, b in pairwise(times)] == [40, 40, 40]
    assert play.said[-2][0] - times[-1] > 6 * 60, "the rest is quiet but for the time"


def test_sighs_open_the_breathing() -> None:
    play = pause(Stage.SETTLING, Rules(sighs=3))
    first = play.lines.index("breathing.intro")
    assert play.lines[first:] == [
        *("breathing.intro", "breathing.sighs", "sighs 0-3", "breaths 0-30", "breathing.done"),
    ]
    assert [breaths.kind for breaths in play.breathed] == [Kind.SIGH, Kind.USUAL]


def test_a_breath_that_is_held_has_its_caution_each_time() -> None:
    rules = Rules(holds_breath=True, breath_seconds=16.0, breaths=18)
    play = pause(Stage.SETTLING, rules)
    assert play.lines[1:4] == ["breathing.intro", "breathing.caution", "breaths 0-18"]
    play.say(Meaning.AGAIN)
    assert play.is_in(Stage.BREATHING)
    play.wait(7)
    assert play.lines[-2:] == ["breathing.intro", "breathing.caution"]


def test_without_a_word_the_caution_is_shown() -> None:
    play = pause(Stage.SETTLING, Rules(holds_breath=True))
    play.say(Meaning.ONLY_SOUND)
    assert play.shown[-1] == "breathing.caution"


def test_where_sighs_do_not_fit_there_are_breaths() -> None:
    play = pause(Stage.SETTLING, Rules(pause_minutes=2, sighs=6))
    assert "sighs 0-6" not in play.lines
    assert [b.kind for b in play.breathed] == [Kind.USUAL]


def test_only_sound_begins_with_the_next_breath_and_the_lines_are_left_out() -> None:
    play = pause(Stage.BREATHING)
    play.wait(5 + 23)  # the intro, then into the third breath
    play.say(Meaning.ONLY_SOUND)
    assert play.playing is not None, "the breath is not cut off"
    play.wait(7)
    assert [(b.first, b.guide) for b in play.breathed] == [(0, Guide.FULL), (3, Guide.SOUND)]
    spoken = len(play.said)
    play.wait_for(Stage.CALLING)
    assert play.lines[spoken:] == ["time_left.two", "chime", "return.call"]
    assert play.shown == ["time_left.half", "time_left.five"]
    assert play.minutes_when("return.call") == pytest.approx(20, abs=0.02)


def test_only_sound_in_the_introduction_leaves_it_out() -> None:
    play = pause(Stage.BREATHING)
    play.say(Meaning.ONLY_SOUND)
    assert play.lines[-1] == "breaths 0-30"
    assert play.breathed[-1].guide is Guide.SOUND


def test_only_words_begins_with_the_next_breath() -> None:
    play = pause(Stage.BREATHING)
    play.wait(5 + 23)
    play.say(Meaning.ONLY_WORDS)
    play.wait(10)
    assert [(b.first, b.guide) for b in play.breathed] == [(0, Guide.FULL), (3, Guide.WORDS)]
    play.wait_for(Stage.CALLING)
    assert said_in_settling(play) == list(LINES)


def test_twice_in_one_breath_loses_no_breath() -> None:
    play = pause(Stage.BREATHING)
    play.wait(5 + 23)
    play.say(Meaning.ONLY_WORDS)
    play.say(Meaning.HOW_LONG)
    play.say(Meaning.ONLY_SOUND)
    play.wait(8)
    assert [(b.first, b.total, b.guide) for b in play.breathed][1:] == [(3, 30, Guide.SOUND)]


def test_only_sound_in_the_quiet_is_the_breath_without_a_word() -> None:
    play = pause(Stage.SETTLING)
    play.wait(15)
    assert play.lines[-1] == "settling.rehearsing"
    play.say(Meaning.ONLY_SOUND)
    assert play.is_in(Stage.BREATHING)
    assert play.lines[-1] == "breaths 0-30"
    play.wait_for(Stage.SETTLING)
    play.wait(60)
    assert said_in_settling(play) == ["settling.rehearsing"]
    play.say(Meaning.ONLY_WORDS)
    play.wait(1)
    assert play.lines[-1] == "settling.body", "the lines that were left out come now"


def test_after_stop_whatever_is_asked_for_comes_back() -> None:
    play = pause(Stage.BREATHING)
    play.say(Meaning.STOP)
    play.wait(60)
    assert said_in_settling(play) == []
    play.say(Meaning.ONLY_WORDS)
    play.wait(1)
    assert said_in_settling(play) == ["settling.rehearsing"]
    play.say(Meaning.STOP)
    play.wait(60)
    play.say(Meaning.RACING)
    play.wait(3)
    assert said_in_settling(play)[-1] == "settling.muscle"


def test_a_track_in_the_quiet_comes_first_and_nothing_is_said_twice() -> None:
    play = pause(Stage.SETTLING)
    play.wait(11)
    play.say(Meaning.RACING)
    play.wait_for(Stage.CALLING)
    assert said_in_settling(play) == [
        "settling.rehearsing",
        *("settling.muscle", "settling.walk"),
        *("settling.body", "settling.need"),
    ]


def test_racing_in_the_breathing_is_shown_and_the_breathing_goes_on() -> None:
    play = pause(Stage.BREATHING)
    play.wait(5 + 23)
    play.say(Meaning.RACING)
    assert play.shown == ["settling.muscle"]
    play.wait_for(Stage.SETTLING)
    play.wait(15)
    assert play.lines[-3:] == ["breaths 0-30", "breathing.done", "settling.muscle"]


def test_gone_blank_in_the_breathing_ends_it_with_the_breath() -> None:
    play = pause(Stage.BREATHING)
    play.wait(5 + 23)
    play.say(Meaning.SHUT_DOWN)
    assert play.playing is not None
    play.wait(9)
    assert play.is_in(Stage.SETTLING)
    assert play.lines[-2:] == ["breaths 0-30", "settling.blank"]
    play.wait_for(Stage.CALLING)
    assert said_in_settling(play) == ["settling.blank", "settling.around", *LINES]
    assert len(play.breathed) == 1


def test_only_sound_in_the_bridge_holds_from_its_end() -> None:
    play = pause(Stage.BRIDGE)
    play.say(Meaning.ONLY_SOUND)
    play.wait_for(Stage.CALLING)
    after_bridge = play.lines[play.lines.index("breaths 0-30") :]
    assert "breathing.intro" not in play.lines
    assert not [role for role in after_bridge if role.startswith(("settling.", "breathing."))]


@pytest.mark.parametrize(
    ("asked", "guide"),
    [
        ((Meaning.ONLY_WORDS,), Guide.WORDS),
        ((Meaning.SHUT_DOWN, Meaning.ONLY_SOUND), Guide.SOUND),  # the later wish holds
    ],
)
def test_what_was_asked_for_in_the_bridge_guides_the_breath(
    asked: tuple[Meaning, ...], guide: Guide
) -> None:
    play = pause(Stage.BRIDGE)
    for meaning in asked:
        play.say(meaning)
    play.wait_for(Stage.SETTLING)
    assert [breaths.guide for breaths in play.breathed] == [guide]


def test_gone_blank_in_the_bridge_is_not_made_to_breathe() -> None:
    play = pause(Stage.BRIDGE)
    play.say(Meaning.SHUT_DOWN)
    play.say(Meaning.WAITING)  # the other one: breathing would do, but for one it does not
    assert play.shown == ["settling.blank", "settling.not_left"]
    play.wait_for(Stage.CALLING)
    assert play.breathed == []
    assert said_in_settling(play)[:3] == ["settling.not_left", "settling.need", "settling.blank"]


def test_more_time_in_the_bridge_is_asked_about_when_it_has_been_said() -> None:
    play = pause(Stage.BRIDGE)
    play.say(Meaning.MORE_TIME)
    assert play.lines == ["bridge.default"]
    play.wait_for(Stage.ASKING)
    assert play.lines[-1] == "more_time.ask"
    play.say(Meaning.TWENTY)
    assert play.disk is not None
    assert play.disk.return_at == SEVEN_TWENTY + 40 * 60
    play.wait_for(Stage.SETTLING)
    assert play.lines.count("more_time.ask") == 1
    assert len(play.breathed) == 1


def test_two_people_two_tracks_and_both_are_heard() -> None:
    play = pause(Stage.SETTLING)
    play.say(Meaning.RACING)
    play.say(Meaning.WAITING)
    play.wait_for(Stage.CALLING)
    assert said_in_settling(play) == [
        *("settling.not_left", "settling.need", "settling.muscle", "settling.walk"),
        *("settling.rehearsing", "settling.body"),
    ]


@pytest.mark.parametrize(
    ("need", "line"),
    [
        (Meaning.CLOSENESS, "settling.need_closeness"),
        (Meaning.CALM, "settling.need_calm"),
        (Meaning.UNDERSTOOD, "settling.need_understood"),
    ],
)
def test_a_need_is_heard_only_while_it_is_asked(need: Meaning, line: str) -> None:
    play = pause(Stage.SETTLING)
    assert not play.session.meanings & set(NEEDS)
    play.say(need)
    play.wait(95)
    assert play.lines[-1] == "settling.need"
    assert set(NEEDS) <= play.session.meanings
    play.wait(6)
    play.say(need)
    assert play.lines[-1] == line
    assert not play.session.meanings & set(NEEDS)
    play.wait_for(Stage.CALLING)
    assert play.lines.count(line) == 1
    assert said_in_settling(play)[-1] == "settling.walk", "unanswered or not, it goes on"


def test_the_question_closes_with_the_quiet_after_it() -> None:
    play = pause(Stage.SETTLING, Rules(settling=(Step("settling.need", 30.0),)))
    play.wait(12)
    assert set(NEEDS) <= play.session.meanings
    play.wait(30)
    assert play.lines[-1] == "settling.need"
    play.wait(4)
    assert not play.session.meanings & set(NEEDS)
    play.say(Meaning.CALM)
    assert play.lines[-1] == "settling.need"


def test_a_second_breathing_goes_on_with_the_lines_that_are_left() -> None:
    play = pause(Stage.SETTLING)
    play.wait(20)
    play.say(Meaning.AGAIN)
    play.wait_for(Stage.SETTLING)
    play.wait_for(Stage.CALLING)
    assert said_in_settling(play) == list(LINES)


def test_more_time_brings_the_lines_that_did_not_fit() -> None:
    rules = Rules(pause_minutes=5, settling=tuple(Step(role, 100.0) for role in LINES))
    play = pause(Stage.SETTLING, rules)
    play.wait(60)
    fitted = said_in_settling(play)
    assert len(fitted) < len(LINES)
    play.say(Meaning.MORE_TIME)
    play.say(Meaning.TEN)
    play.wait_for(Stage.CALLING)
    assert said_in_settling(play) == list(LINES)


def test_nobody_is_talked_to_in_the_night() -> None:
    rules = Rules(
        settling=RULES.settling,
        night=Night(7 * 60, 20 * 60),  # it is twenty past eight
    )
    play = Screenplay(rules)
    play.say(Meaning.SIGNAL)
    play.wait_for(Stage.CALLING, limit=20 * 3600)
    assert said_in_settling(play) == []


def test_the_voice_comes_down_and_is_itself_again_at_the_return() -> None:
    play = pause(Stage.CALLING)
    depth = dict(zip(play.lines, play.depths, strict=False))  # one item a script, but the chime
    assert depth["bridge.default"] == 0
    assert depth["breathing.intro"] == 1
    assert depth["settling.walk"] == 2
    assert depth["time_left.two"] == 3
    before = play.depths[: len(play.lines) - 2]
    assert all(a <= b for a, b in pairwise(before)), "it went up within the pause"
    assert play.depths[-1] == 0
    play.say(Meaning.BACK)
    play.wait(60)
    assert play.depths[-1] == 0


def test_more_time_does_not_lift_the_voice() -> None:
    play = pause(Stage.SETTLING)
    play.wait(600)
    play.say(Meaning.MORE_TIME)
    play.say(Meaning.TWENTY)
    play.wait_for(Stage.CALLING)
    descended = play.depths[:-1]
    assert all(a <= b for a, b in pairwise(descended))


ANYTHING = st.sampled_from(
    [
        *(Meaning.ONLY_SOUND, Meaning.ONLY_WORDS, Meaning.STOP, Meaning.AGAIN),
        *(Meaning.RACING, Meaning.SHUT_DOWN, Meaning.WAITING, *NEEDS),
    ]
)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(st.floats(0, 90), ANYTHING), max_size=12),
    st.sampled_from([0, 3]),
    st.booleans(),
)
def test_whatever_is_wanted_no_line_stands_in_the_breaths_and_the_return_holds(
    wanted: list[tuple[float, Meaning]], sighs: int, holds: bool
) -> None:
    play = Screenplay(
        Rules(settling=RULES.settling, tracks=TRACKS, sighs=sighs, holds_breath=holds)
    )
    play.say(Meaning.SIGNAL)
    for seconds, meaning in wanted:
        asked = len(play.said)
        play.say(meaning)
        play.wait(seconds)
        since = play.lines[asked:]
        assert play.disk is None or play.disk.return_at == SEVEN_TWENTY + 20 * 60
        is_silent = meaning is Meaning.STOP and play.stage is Stage.SETTLING
        assert not is_silent or not set(since) & set(LINES)
    play.wait_for(Stage.CALLING)
    for before, after in pairwise(play.lines):
        goes_on = after.startswith(("breaths ", "sighs ")) and " 0-" not in after
        assert not goes_on or before.startswith(("breaths", "sighs")), "a line inside the breaths"
    said = [role for role in said_in_settling(play) if role in LINES and role != "settling.need"]
    assert play.minutes_when("return.call") == pytest.approx(20, abs=0.02)
    assert said.count("settling.rehearsing") <= 2
