"""No spoken line is hard to hear in a hard moment, and a bridge of one's own is looked at."""

from __future__ import annotations

import pytest

from calmvoice import language, line_lint
from calmvoice.bridge_check import check_bridge, with_time
from calmvoice.sentences import words_of

ENGLISH = language.load("en")


def test_every_line_of_english_passes() -> None:
    assert line_lint.lint(ENGLISH) == []


@pytest.mark.parametrize("name", [*ENGLISH.bridges, "no_words", "silent", "until", "event"])
def test_every_bridge_is_whole_and_the_short_ones_are_short(name: str) -> None:
    (line,) = ENGLISH.lines[f"bridge.{name}"]
    report = check_bridge(ENGLISH, line.replace("{event}", "food first"))
    assert not report.problems
    allowed = {"shortest": ("reason",), "until": ()}.get(name, ())
    assert set(report.missing) <= set(allowed)


@pytest.mark.parametrize(
    ("role", "line", "fault"),
    [
        ("settling.walk", "Walk if you like,", "does not end low"),
        ("settling.walk", "Walk!", "raised voice"),
        ("settling.walk", "One " * 17 + "end.", "18 words"),
        ("settling.walk", "You never listen to anybody.", '"you never"'),
        ("settling.walk", "We were abandoned here.", '"abandon"'),
        ("bridge.default", "I need you back at {t}.", '"you" points at somebody'),
        ("bridge.default", "Nobody is leaving.", "return time is missing"),
        ("return.call", "Come back to the table.", "return time is missing"),
    ],
)
def test_a_line_that_is_hard_to_hear_is_named(role: str, line: str, fault: str) -> None:
    (found,) = [one.text for one in line_lint.faults(ENGLISH, role, line) if fault in one.text]
    assert found


def test_what_stands_in_quotes_is_an_example() -> None:
    assert not line_lint.faults(ENGLISH, "reentry.x", 'Under "you never" there is often "I miss".')


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("I'm full right now. I come back at {t}.", ()),
        ("I'm full right now. I come back.", ("timeline",)),
        ("Back at {t}.", ("reason",)),
        ("I need some air.", ("timeline", "promise")),
        ("See.", ("timeline", "reason", "promise")),
    ],
)
def test_it_says_which_part_is_missing_and_offers_the_words(
    text: str, missing: tuple[str, ...]
) -> None:
    report = check_bridge(ENGLISH, text)
    assert report.missing == missing
    assert len(report.offers) == len(missing)
    assert report.time_added == ("timeline" in missing)
    assert "{t}" in report.text


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("I'm full. Back in twenty minutes. Nobody is leaving. Here at {t}.", '"minutes"'),
        ("I'm full and stay with you. Give me an hour, back at {t}.", '"hour"'),
        ("I'm full. We meet again at 8:30.", '"8:30"'),
        ("Back at 8 pm because I'm tired. Nobody is leaving.", '"8"'),
        ("I need quiet. Back at half past eight.", '"eight"'),
        ("I'm full. Give me ten. I'm back.", '"ten"'),
        ("I'm full. We talk at noon.", '"noon"'),
        ("I'm full. I need a day. I come back.", '"a day"'),
    ],
)
def test_a_time_of_its_own_may_contradict_the_promise(text: str, found: str) -> None:
    report = check_bridge(ENGLISH, text)
    assert any(problem.startswith(f"{found} is a time of its own") for problem in report.problems)


def test_a_length_that_is_filled_in_is_none_of_its_own() -> None:
    text = "I'm full. Give me {n} minutes. I'm back at {t}."
    assert check_bridge(ENGLISH, text).whole


def test_with_what_is_offered_every_bridge_is_whole() -> None:
    text = "See"
    for offer in check_bridge(ENGLISH, text).offers:
        text = f"{text}. {offer}".replace("..", ".")
    assert check_bridge(ENGLISH, text).whole


def test_a_time_is_added_only_where_there_is_none() -> None:
    assert with_time(ENGLISH, "Soon") == "Soon. Back here at {t}."
    assert with_time(ENGLISH, "At {t}.") == "At {t}."


@pytest.mark.parametrize("text", ["At {time}.", "At {t!r}.", "At {t:>9}.", "At {t", "At {}.", "}"])
def test_braces_that_nothing_fills_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\{|\}|'"):
        check_bridge(ENGLISH, text)


def test_the_words_are_for_any_two_people() -> None:
    """No line knows whether somebody is a woman or a man, married, or who earns what."""
    told = {"he", "she", "his", "her", "hers", "him", "husband", "wife", "boyfriend", "girlfriend"}
    told |= {"man", "woman", "men", "women", "male", "female", "guy", "girl", "boy", "marriage"}
    for role, lines in ENGLISH.lines.items():
        for line in lines:
            assert not told & set(words_of(line)), role
