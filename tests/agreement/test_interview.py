"""The questions of the agreement: each has a default, and no answer can break it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from calmvoice import language, routine_file
from calmvoice.agreement.interview import Interview
from calmvoice.agreement.questions import QUESTIONS
from calmvoice.ears.advice import Advice
from calmvoice.meanings import Meaning
from calmvoice.settings import Agreement, Settings

ENGLISH = language.load("en")


def heard(settings: Settings, meaning: Meaning) -> list[Advice]:
    """Judge as the ears would: one word is unknown, one is short."""
    phrase = settings.agreement.signal
    if meaning is Meaning.SIGNAL and phrase == "qwertzu":
        return [Advice(phrase, ('"qwertzu" is not among the words',), (), ("quartz",), None)]
    if meaning is Meaning.SIGNAL and phrase == "stop it":
        return [Advice(phrase, (), ('"stop it" is short',), (), None)]
    return []


def interview(old: Settings | None = None, *, fresh: bool = True) -> Interview:
    return Interview(old or Settings(), ENGLISH, heard, fresh=fresh)


def at(key: str) -> Interview:
    talk = interview()
    while talk.question is not None and talk.question.key != key:
        talk.answer(talk.default)
    return talk


def answered(talk: Interview, answers: dict[str, str]) -> Interview:
    """Answer everything: Enter where nothing is given."""
    while (question := talk.question) is not None:
        reply = talk.answer(answers.get(question.key, talk.default), as_it_is=True)
        assert reply.taken, (question.key, reply)
    return talk


def test_enter_all_the_way_makes_a_whole_first_agreement() -> None:
    agreed = answered(interview(), {}).settings.agreement
    assert agreed.signal == "yellow light"
    assert agreed.early_catch == ("slipping into our cycle",)
    assert agreed.promise == "Whoever waits lets the time be, and comes when it ends."
    assert agreed.bedtime == ""


def test_enter_all_the_way_changes_nothing_of_an_agreement_that_stands() -> None:
    old = Settings(
        agreement=Agreement(
            signal="red kite",
            early_catch=("our old loop", "here we go"),
            bedtime="22:30",
            morning="9:00",
            quiet_from="22:00",
            quiet_to="7:00",
            bridge="One of us is full. Nobody is leaving. Back at {t}.",
        )
    )
    assert answered(interview(old, fresh=False), {}).settings == old


def test_what_was_typed_is_read() -> None:
    talk = answered(
        interview(),
        {
            "pause_minutes": "thirty minutes",
            "other_signal": "red kite",
            "bridge": "2",
            "event": "kids first then us",
            "event_minutes": "40 min",
            "until": "8.30 pm",
            "bid": "-",
            "quiet": "22 to 7",
            "bedtime": "23",
            "clock": "24 h",
        },
    )
    agreed = talk.settings.agreement
    assert (agreed.pause_minutes, agreed.event_minutes) == (30, 40)
    assert agreed.bridge == ENGLISH.bridges[1]
    assert (agreed.until, agreed.bid) == ("20:30", "")
    assert (agreed.quiet_from, agreed.quiet_to) == ("22:00", "07:00")
    assert (agreed.bedtime, agreed.morning) == ("23:00", "10:00")
    assert talk.settings.computer.clock == 24


def test_an_hour_to_talk_is_in_the_evening() -> None:
    assert answered(interview(), {"until": "8.30"}).settings.agreement.until == "20:30"
    assert answered(interview(), {"until": "8:30 am"}).settings.agreement.until == "08:30"


def test_an_hour_that_quiet_hours_would_swallow_is_asked_for_again() -> None:
    talk = interview()
    answers = {"quiet": "22 to 7", "check_in": "sunday"}
    while talk.question is not None and talk.question.key != "reminders_at":
        talk.answer(answers.get(talk.question.key, talk.default))
    reply = talk.answer("3:00")
    assert not reply.taken
    assert "quiet hours" in " ".join(reply.notes)
    assert talk.answer("18:00").taken


@pytest.mark.parametrize(
    ("key", "typed", "said"),
    [
        ("signal", "", "An answer is needed here."),
        ("signal", "-", "An answer is needed here."),
        ("signal", "x" * 61, "the most is 60"),
        ("signal", "qwertzu", "Heard better: quartz."),
        ("pause_minutes", "long", "'long' is no number of minutes"),
        ("pause_minutes", "90", "the most is 60"),
        ("pause_minutes", "nan", "it is nan: "),
        ("longest_minutes", "10", "cannot be under pause minutes"),
        ("people", "three", "1 or 2"),
        ("bridge", "nice", "there are default"),
        ("bridge", "Back at {t!r}, whatever.", "is not filled"),
        ("bridge", "Back at {t} {", "'{'"),
        ("until", "25:00", "no clock time"),
        ("quiet", "at night", "from one hour to another"),
        ("bedtime", "late", "no clock time"),
        ("ritual", "\x1b[A", "characters that cannot be read"),
        ("ritual", "a h\ufffdg", "characters that cannot be read"),
        ("ritual", "hug " * 200, "the most is 300"),
        ("clock", "13", "12 or 24"),
        ("routine", "usul", "there are: usual, box"),
        ("routine", "nowhere.toml", "nowhere.toml: cannot be read"),
        ("track", "tired", "open, racing, gone blank, waiting: one of these"),
    ],
)
def test_a_wrong_answer_is_named_and_changes_nothing(key: str, typed: str, said: str) -> None:
    talk = interview()
    while talk.question is not None and talk.question.key != key:
        talk.answer(talk.default)
    before = dict(talk.answers)
    reply = talk.answer(typed)
    assert not reply.taken
    assert said.lower() in " ".join(reply.notes).lower()
    assert talk.answers == before
    assert answered(talk, {}).settings == answered(interview(), {}).settings


@pytest.mark.parametrize("typed", ["no", "N", "none", "No thanks.", "-"])
def test_a_no_to_what_can_be_left_out_is_none(typed: str) -> None:
    talk = at("bid")
    assert talk.answer(typed).taken
    assert talk.settings.agreement.bid == ""


@pytest.mark.parametrize(("key", "typed"), [("signal", "no"), ("slow_down", "n"), ("bid", "yes")])
def test_yes_and_no_are_no_words_to_say(key: str, typed: str) -> None:
    talk = at(key)
    before = talk.settings
    reply = talk.answer(typed)
    assert not reply.taken
    assert "does not say which words" in reply.notes[0]
    assert talk.settings == before


def test_a_routine_is_chosen_by_number_by_name_or_by_file(tmp_path: Path) -> None:
    ours = tmp_path / "ours.toml"
    ours.write_text('about = "Ours."\n', "utf-8")
    names = routine_file.names()
    for typed, chosen in (("1", names[0]), ("3", names[2]), ("sighs", "sighs"), (str(ours),) * 2):
        talk = at("routine")
        assert talk.answer(typed).taken
        assert talk.answers["routine"] == chosen
        assert talk.settings.guidance.routine == chosen


def test_a_wrong_routine_is_refused_with_its_line(tmp_path: Path) -> None:
    ours = tmp_path / "ours.toml"
    ours.write_text('about = "Ours."\n[breathing]\npattern = "2-2"\n', "utf-8")
    reply = at("routine").answer(str(ours))
    assert not reply.taken
    assert "line 3: breathing.pattern" in reply.notes[0]


def test_a_routine_with_holds_comes_with_the_caution() -> None:
    assert at("routine").answer("usual").notes == ()
    (note,) = at("routine").answer("box").notes
    assert "that is not for everybody" in note
    assert "dizzy" in note


@pytest.mark.parametrize(
    ("typed", "track"), [("Gone blank", "shut_down"), ("racing", "racing"), ("open", "open")]
)
def test_how_somebody_mostly_is_can_be_agreed_on(typed: str, track: str) -> None:
    talk = at("track")
    assert talk.answer(typed).taken
    assert talk.settings.guidance.track == track


def test_a_short_signal_is_taken_with_a_warning() -> None:
    talk = interview()
    talk.answer("2")
    reply = talk.answer("stop it")
    assert reply.taken
    assert reply.notes == ('"stop it" is short.',)


def test_a_bridge_of_their_own_waits_until_it_is_whole_or_wanted_so() -> None:
    talk = interview()
    while talk.question is not None and talk.question.key != "bridge":
        talk.answer(talk.default)
    reply = talk.answer("I need a moment")
    assert reply.bridge is not None
    assert reply.bridge.missing == ("timeline", "promise")
    assert talk.answer("I need a moment", as_it_is=True).taken


def test_alone_nobody_is_asked_about_the_other() -> None:
    talk = answered(interview(), {"people": "1"})
    assert not {"other_signal", "bid", "promise"} & set(talk.answers)


def test_back_opens_the_question_before_with_its_answer() -> None:
    talk = interview()
    talk.answer("2")
    talk.answer("red kite")
    talk.back()
    assert talk.question is not None
    assert talk.question.key == "signal"
    assert talk.default == "red kite"
    talk.back()
    talk.back()
    assert talk.place[0] == 1


def test_a_draft_is_taken_up_to_the_first_answer_that_no_longer_holds() -> None:
    talk = interview()
    talk.take_up({"people": "2", "signal": "red kite", "meaning": "-", "slow_down": "x" * 90})
    assert talk.question is not None
    assert talk.question.key == "other_signal"
    assert talk.answers == {"people": "2", "signal": "red kite", "meaning": "-"}


@limits(max_examples=150, deadline=None)
@given(st.lists(st.text(max_size=80), max_size=40))
def test_whatever_is_typed_the_agreement_stays_whole(typed: list[str]) -> None:
    talk = interview()
    for text in typed:
        if talk.question is None:
            break
        reply = talk.answer(text)
        assert reply.taken or reply.notes or reply.bridge
        assert talk.settings.agreement.pause_minutes <= talk.settings.agreement.longest_minutes
    again = interview()
    again.take_up(talk.answers)
    assert again.settings == talk.settings


def test_every_question_has_its_words() -> None:
    assert {f"ask.{question.key}" for question in QUESTIONS} == {
        role for role in ENGLISH.lines if role.startswith("ask.")
    }


def test_what_may_be_said_between_pauses_is_off_until_it_is_chosen() -> None:
    talk = interview()
    answered(talk, {})
    assert "reminders_at" not in talk.answers
    chosen = talk.settings.reminders
    assert (chosen.check_in, chosen.hello_days, chosen.practice_days) == ("", 0, 0)


def test_what_may_be_said_between_pauses_is_chosen_with_its_hour() -> None:
    chosen = answered(
        interview(),
        {
            "check_in": "Sun",
            "hello_days": "every three days",
            "practice_days": "14",
            "reminders_at": "7 pm",
        },
    ).settings.reminders
    assert (chosen.check_in, chosen.hello_days, chosen.practice_days) == ("sunday", 3, 14)
    assert chosen.at == "19:00"


@pytest.mark.parametrize(
    ("key", "typed", "problem"),
    [
        ("check_in", "someday", "no day of the week"),
        ("check_in", "s", "no day of the week"),
        ("hello_days", "often", "no number of days"),
        ("hello_days", "100", "the most is 60"),
        ("reminders_at", "25", "no clock time"),
    ],
)
def test_a_wrong_answer_about_reminders_is_refused(key: str, typed: str, problem: str) -> None:
    talk = interview()
    while talk.question is not None and talk.question.key != key:
        asked = talk.question.key
        talk.answer("7" if asked == "practice_days" else talk.default, as_it_is=True)
    reply = talk.answer(typed)
    assert not reply.taken
    assert problem in reply.notes[0]


def test_one_alone_is_asked_for_nothing_that_needs_two() -> None:
    talk = interview()
    talk.answer("1")
    keys = {question.key for question in talk.questions}
    assert "practice_days" in keys
    assert not {"check_in", "hello_days"} & keys
