"""The phrase pack: complete, with a time in every bridge, or refused."""

from __future__ import annotations

import unicodedata
from importlib import resources

import pytest
import tomlkit
from tomlkit.items import Table

from calmvoice import language, roles
from calmvoice.errors import LanguageError
from calmvoice.keys import Keys
from calmvoice.meanings import Meaning
from calmvoice.sentences import syllables_in
from calmvoice.session.stages import Stage
from calmvoice.settings import Settings

ENGLISH = (resources.files("calmvoice") / "languages" / "en.toml").read_text("utf-8")


def changed(table: str, key: str, value: object) -> str:
    document = tomlkit.parse(ENGLISH)
    if value is None:
        document[table].remove(key)
    else:
        document[table][key] = value
    return tomlkit.dumps(document)


def test_english_is_whole() -> None:
    pack = language.load("en")
    assert pack.code == "en"
    assert "default" in pack.bridges
    assert pack.hear[Meaning.STOP][0] == "stop"


def test_every_role_is_needed_and_all_that_is_missing_is_told_at_once() -> None:
    document = tomlkit.parse(ENGLISH)
    for role in roles.ROLES:
        table, key = role.split(".")
        lines = document[table]
        assert isinstance(lines, Table)
        lines.remove(key)
    text = tomlkit.dumps(document)
    _, problems = language.read(text, "en.toml")
    told = {problem.text for problem in problems}
    assert told == {f"the role {role} is missing" for role in roles.ROLES}
    with pytest.raises(LanguageError, match=rf"is missing \(and {len(told) - 1} more\)") as caught:
        language.parse(text, "en.toml")
    assert "calmvoice languages check en.toml" in caught.value.hint


def test_one_missing_role_is_named_with_what_stands_there_instead() -> None:
    text = ENGLISH.replace("no_answer =", "no_anser =")
    with pytest.raises(LanguageError, match=r"the role return\.no_answer is missing") as caught:
        language.parse(text, "en.toml")
    assert "Is it return.no_anser?" in caught.value.hint


def test_a_bridge_without_a_time_is_refused() -> None:
    with pytest.raises(LanguageError, match=r"bridge\.default holds no return time") as caught:
        language.parse(changed("bridge", "default", "Nobody is leaving."), "en.toml")
    assert "{t}" in caught.value.hint


@pytest.mark.parametrize(
    ("table", "key", "value", "message"),
    [
        ("settling", "grouding", "x", "settling.grouding is no role"),
        ("return", "call", "It's {time}.", r"holds \{time\}"),
        ("return", "call", "It's {t.", "expected '}'"),
        ("return", "call", "It's {t|a|b}.", r"holds \{t\|a\|b\}"),
        ("time_left", "asked", "{n|minutes} left, at {t}.", r"holds \{n\|minutes\}"),
        ("return", "call", 7, "must be a line"),
        ("return", "missed", [], "must be a line"),
        ("return", "missed", "…", "empty line"),
        ("hear", "stopp", ["stop"], "hear.stopp is no command"),
        ("hear", "stop", None, "hear.stop is missing"),
        ("keys", "stop", ["ss", "stop"], "keys.stop is"),
        ("marks", "blame", None, "marks.blame is missing"),
        ("marks", "blame", [""], "marks.blame holds an empty line"),
        ("clock", "12", {"0-58": "{hour} {minute}"}, "clock.12: no rule says 0:59"),
        ("clock", "24", {"0-59": "{hour}"}, "clock.24: 0:00 and 0:01 are both 'zero'"),
        ("clock", "24", None, r"the table \[clock.24\] is needed"),
        ("language", "code", "xx", "numbers cannot be said in 'xx'"),
        ("language", "code", None, "language.code is missing"),
        ("language", "pace", 3, "language.pace is 3: it must be 0.4 to 1.5"),
        ("language", "voice", "x", "language.voice is not known"),
    ],
)
def test_a_wrong_line_is_named(table: str, key: str, value: object, message: str) -> None:
    with pytest.raises(LanguageError, match=message):
        language.parse(changed(table, key, value), "en.toml")


@pytest.mark.parametrize(
    "text", ["", "nonsense", "[language]\n", "language = 1\nhear = 2\nkeys = 3"]
)
def test_what_is_no_language_file_is_refused(text: str) -> None:
    with pytest.raises(LanguageError):
        language.parse(text, "x.toml")


def test_a_language_without_marks_may_leave_a_list_empty() -> None:
    pack = language.parse(changed("marks", "blame", []), "en.toml")
    assert pack.marks["blame"] == ()


def test_what_holds_before_an_agreement_is_what_the_settings_begin_with() -> None:
    begun = Settings().agreement.model_dump()
    assert {key: begun[key] for key in roles.FIRST} == language.load("en").first


def test_an_unknown_language_names_those_there_are() -> None:
    with pytest.raises(LanguageError, match="there are: en"):
        language.load("xx")


def test_a_line_begins_with_a_capital_even_where_a_field_stands_first() -> None:
    lines = language.load("en").fill("time_left.asked", {"n": "nine", "t": "noon"})
    assert lines == ("Nine minutes left. We meet at noon.",)


@pytest.mark.parametrize(
    ("n", "line"), [("one", "One minute left."), ("nine", "Nine minutes left.")]
)
def test_one_minute_is_no_minutes(n: str, line: str) -> None:
    (said,) = language.load("en").fill("time_left.asked", {"n": n, "t": "noon"})
    assert said.startswith(line)


def test_a_field_that_nothing_fills_is_an_error() -> None:
    with pytest.raises(LanguageError, match=r"return\.call"):
        language.load("en").fill("return.call", {})


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("One. Two.", ["One.", "Two."]),
        ('Say "here". Then go.', ['Say "here".', "Then go."]),
        ("Squeeze. Hold… and let go.", ["Squeeze.", "Hold…", "and let go."]),
        ("Only one", ["Only one"]),
        ("잠깐 멈춰요. 다시 만나요.", ["잠깐 멈춰요.", "다시 만나요."]),
        ("هل نعود؟ نعم.", ["هل نعود؟", "نعم."]),
    ],
)
def test_sentences(text: str, parts: list[str]) -> None:
    assert list(language.sentences(text)) == parts


def test_words_are_lower_case_and_keep_their_apostrophes() -> None:
    assert language.words_of('Say "We’re back", Ann.') == ("say", "we're", "back", "ann")


def test_words_of_other_scripts_keep_the_marks_on_their_letters() -> None:
    assert language.words_of("«नमस्ते, दुनिया।»") == ("नमस्ते", "दुनिया")
    typed_apart = unicodedata.normalize("NFD", "노란 신호등!")
    assert language.words_of(typed_apart) == ("노란", "신호등")


@pytest.mark.parametrize(
    ("word", "count"), [("신호등", 3), ("молоко", 3), ("Straße", 2), ("hm", 1), ("नमस्ते", 2)]
)
def test_syllables_of_other_scripts(word: str, count: int) -> None:
    assert syllables_in(word) == count


def test_any_key_asks_for_a_pause_or_says_here() -> None:
    keys = Keys(language.load("en"))
    assert keys.meaning("z", Stage.LISTENING) is Meaning.SIGNAL
    assert keys.meaning("space", Stage.LISTENING) is Meaning.SIGNAL
    assert keys.meaning("z", Stage.CALLING) is Meaning.HERE
    assert keys.meaning("space", Stage.CALLING) is Meaning.HERE  # whoever is called has come
    assert keys.meaning("z", Stage.BREATHING) is None
    assert keys.meaning("S", Stage.BREATHING) is Meaning.STOP


def test_a_key_cannot_mean_two_things_at_one_moment() -> None:
    pack = language.parse(changed("keys", "stop", ["t", "stop"]), "en.toml")
    with pytest.raises(LanguageError, match="both 't'"):
        Keys(pack)
