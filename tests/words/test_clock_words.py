"""Clock times as people say them: every minute of the day, read back by ear alone."""

from __future__ import annotations

import pytest

from calmvoice import language
from calmvoice.clock_words import number, same_times, times_of
from calmvoice.errors import LanguageError

english_12, english_24 = (language.load("en").speller(clock) for clock in (12, 24))


@pytest.mark.parametrize(
    ("time", "twelve", "twenty_four"),
    [
        ((19, 40), "twenty to eight", "nineteen forty"),
        ((19, 45), "quarter to eight", "nineteen forty-five"),
        ((12, 30), "half past twelve", "twelve thirty"),
        ((0, 0), "midnight", "midnight"),
        ((12, 0), "noon", "twelve hundred"),
        ((11, 59), "one minute to twelve", "eleven fifty-nine"),
        ((23, 35), "twenty-five to twelve", "twenty-three thirty-five"),
        ((0, 15), "quarter past twelve", "zero fifteen"),
        ((7, 5), "five past seven", "seven oh five"),
        ((7, 23), "twenty-three minutes past seven", "seven twenty-three"),
        ((13, 0), "one o'clock", "thirteen hundred"),
    ],
)
def test_times(time: tuple[int, int], twelve: str, twenty_four: str) -> None:
    assert english_12(*time) == twelve
    assert english_24(*time) == twenty_four


def test_all_1440_minutes_of_a_day_are_understood_as_they_are_meant_in_12_hours() -> None:
    said = {at: english_12(*divmod(at, 60)) for at in range(1440)}
    assert {at: understood_12(words) for at, words in said.items()} == {
        at: at % 720 for at in range(1440)
    }
    assert (said[0], said[720]) == ("midnight", "noon")
    for half in (range(720), range(720, 1440)):
        assert len({said[at] for at in half}) == 720


def test_all_1440_minutes_of_a_day_are_understood_as_they_are_meant_in_24_hours() -> None:
    said = {at: english_24(*divmod(at, 60)) for at in range(1440)}
    assert {at: understood_24(words) for at, words in said.items()} == {
        at: at for at in range(1440)
    }


ONES = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen"),
    "nineteen",
)
TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50}


def counted(words: str) -> int:
    """Read a number under sixty without the library that wrote it."""
    tens, _, ones = words.rpartition("-")
    if tens:
        assert 1 <= ONES.index(ones) <= 9
        return TENS[tens] + ONES.index(ones)
    return TENS[words] if words in TENS else ONES.index(words)


def understood_12(words: str) -> int:
    """Read a time back, as a listener would; minutes after noon or midnight."""
    if words in ("midnight", "noon"):
        return 0
    if words.endswith(" o'clock"):
        return counted(words.removesuffix(" o'clock")) % 12 * 60
    for way, sign in ((" past ", 1), (" to ", -1)):
        if way in words:
            count, hour = words.split(way)
            named = {"quarter": 15, "half": 30, "one minute": 1}
            minutes = named[count] if count in named else counted(count.removesuffix(" minutes"))
            assert count.endswith("minutes") != (count in named or minutes % 5 == 0)
            return (counted(hour) % 12 * 60 + sign * minutes) % 720
    raise AssertionError(words)


def understood_24(words: str) -> int:
    """Read a time back; minutes after midnight."""
    if words == "midnight":
        return 0
    hour, minute = words.split(" ", 1)
    if minute == "hundred":
        return counted(hour) * 60
    oh, _, small = minute.rpartition(" ")
    assert bool(oh) == (counted(small) < 10)
    return counted(hour) * 60 + counted(small)


def test_numbers_of_a_language_nobody_can_count_in_are_an_error() -> None:
    with pytest.raises(LanguageError, match="'xx'"):
        number(3, "xx")


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        ({"0-58": "{hour} {minute}"}, "no rule says 0:59"),
        ({"0-60": "{hour}"}, "'0-60' is no minute"),
        ({"24:00": "{hour}"}, "'24:00' is no minute"),
        ({"0-59": "{hour} {minutes}"}, r"holds \{minutes\}"),
        ({"0-59": 7}, "must be a line"),
        ({"hours": ["one"], "0-59": "{hour}"}, "hours must be a list of 24"),
    ],
)
def test_rules_that_do_not_say_every_minute_are_refused(
    rules: dict[str, object], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        times_of(rules, 24, "en")


def test_two_times_that_sound_alike_are_found() -> None:
    alike = times_of({"0-29": "{hour}", "30-59": "{hour} {minute}"}, 24, "en")
    assert next(same_times(alike, 24)) == (0, 1)
    assert not list(same_times(times_of({"0-59": "{hour} {minute}"}, 12, "en"), 12))
