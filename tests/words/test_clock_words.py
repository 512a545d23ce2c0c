"""Clock times as people say them."""

from __future__ import annotations

import pytest

from calmvoice.clock_words import english_12, english_24, number, speller
from calmvoice.errors import LanguageError


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


def test_every_minute_of_the_half_day_is_said_differently() -> None:
    times = {english_12(hour, minute) for hour in range(1, 13) for minute in range(60)}
    assert len(times) == 720
    times = {english_24(hour, minute) for hour in range(24) for minute in range(60)}
    assert len(times) == 1440


def test_a_time_said_in_words_means_that_time() -> None:
    for hour in range(24):
        for minute in range(60):
            assert understood(english_12(hour, minute)) == (hour * 60 + minute) % 720


def understood(words: str) -> int:
    """Read a time back, as a listener would; minutes after noon or midnight."""
    numbers = {number(n): n for n in range(60)} | {"quarter": 15, "half": 30}
    if words in ("midnight", "noon"):
        return 0
    if words.endswith(" o'clock"):
        return numbers[words.removesuffix(" o'clock")] % 12 * 60
    for way, sign in ((" past ", 1), (" to ", -1)):
        if way in words:
            count, hour = words.replace(" minutes", "").replace(" minute", "").split(way)
            return (numbers[hour] % 12 * 60 + sign * numbers[count]) % 720
    raise AssertionError(words)


def test_a_language_nobody_can_spell_is_an_error() -> None:
    with pytest.raises(LanguageError, match="'xx'"):
        speller("xx", 12)
