"""Clock times and numbers as people say them, by the rules of a language's file.

Numbers come from num2words; ``[clock.12]`` and ``[clock.24]`` say how an hour and a minute go
together. A rule's key is a minute of the hour, several ("5,10", "1-29"), or one time of the day
("0:00"); the first that fits holds. Its line may hold {hour}, {next} (the hour that comes),
{minute} and {left} (until that hour); ``hours`` names the hours where they are no plain numbers.
Rule: all minutes of a day are put into words when the file is read, so that a gap, or two times
that sound alike, is found there and not in a hard moment.
"""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from num2words import num2words

from calmvoice.errors import LanguageError

Speller = Callable[[int, int], str]
"""Takes an hour 0-23 and a minute 0-59; returns words."""
Times = tuple[str, ...]
"""The words of every minute of a day."""

CLOCKS = (12, 24)
FIELDS = frozenset({"hour", "next", "minute", "left"})
MINUTES_A_DAY = 24 * 60


@cache
def number(n: int, language: str = "en") -> str:
    """Return a number in words; raises ``LanguageError`` where nobody knows them."""
    try:
        return str(num2words(n, lang=language))
    except NotImplementedError:
        raise LanguageError(
            f"numbers cannot be said in {language!r}",
            "language.code must be one that num2words knows, such as ko or pt_BR.",
        ) from None


def speller(times: Times) -> Speller:
    """Return the speller of a day's times."""
    return lambda hour, minute: times[hour * 60 + minute]


@dataclass(frozen=True)
class _Rule:
    times: frozenset[int]  # minutes of the day
    line: str


def times_of(table: Mapping[str, object], clock: int, language: str) -> Times:
    """Put every minute of a day into words; raises ``ValueError`` that names key or time."""
    rules = dict(table)
    hours = _hours(rules.pop("hours", None), clock, language)
    parsed = [_Rule(frozenset(_fitting(key)), _line(key, line)) for key, line in rules.items()]
    return tuple(_words(parsed, hours, time, language) for time in range(MINUTES_A_DAY))


def same_times(times: Times, clock: int) -> Iterator[tuple[int, int]]:
    """Yield pairs of times that sound alike though their clock tells them apart."""
    first: dict[tuple[str, bool], int] = {}
    for at, words in enumerate(times):
        half = clock == 12 and at >= MINUTES_A_DAY // 2
        before = first.setdefault((words, half), at)
        if before != at:
            yield before, at


def _words(rules: Sequence[_Rule], hours: Sequence[str], time: int, language: str) -> str:
    hour, minute = divmod(time, 60)
    for rule in rules:
        if time in rule.times:
            return rule.line.format(
                hour=hours[hour],
                next=hours[(hour + 1) % 24],
                minute=number(minute, language),
                left=number(60 - minute, language),
            )
    raise ValueError(f"no rule says {hour}:{minute:02d}")


def _hours(named: object, clock: int, language: str) -> list[str]:
    """Return the words for the hours 0 to 23."""
    if named is None:
        told = [number(n, language) for n in (range(24) if clock == 24 else range(1, 13))]
    elif isinstance(named, list) and len(named) == clock and all(isinstance(x, str) for x in named):
        told = named
    else:
        first = "one to twelve" if clock == 12 else "nought to twenty-three"
        raise ValueError(f"hours must be a list of {clock} words, for {first}")
    return told if clock == 24 else [told[(hour - 1) % 12] for hour in range(24)]


def _fitting(key: str) -> Iterator[int]:
    """Return the minutes of the day that a key means."""
    if match := re.fullmatch(r"(\d{1,2}):(\d{2})", key):
        hour, minute = int(match[1]), int(match[2])
        if hour < 24 and minute < 60:
            yield hour * 60 + minute
            return
    for part in key.split(","):
        match = re.fullmatch(r"\s*(\d{1,2})(?:\s*-\s*(\d{1,2}))?\s*", part)
        first, last = (int(match[1]), int(match[2] or match[1])) if match else (1, 0)
        if not first <= last < 60:
            raise ValueError(f'{key!r} is no minute, such as "0", "5,10", "1-29" or "0:00"')
        for minute in range(first, last + 1):
            yield from range(minute, MINUTES_A_DAY, 60)


def _line(key: str, line: object) -> str:
    if not isinstance(line, str) or not line.strip():
        raise ValueError(f"{key!r} must be a line, not {line!r}")
    fields = {field for _, field, _, _ in string.Formatter().parse(line) if field is not None}
    if fields - FIELDS:
        known = ", ".join(f"{{{field}}}" for field in sorted(FIELDS))
        raise ValueError(f"{key!r} holds {{{min(fields - FIELDS)}}}; the fields are {known}")
    return line
