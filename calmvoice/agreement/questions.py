"""What is asked for the agreement: in which order, how an answer is read, when it is left out.

Rules: the words of a question are the language file's (``ask.KEY``); a reader takes what people
type and raises ``ValueError`` that says what it wants; every question can be answered by its
default. A dash is none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from calmvoice import routine_file
from calmvoice.clock_times import checked, readings
from calmvoice.clock_times import plain as clock_time
from calmvoice.clock_words import number
from calmvoice.errors import RoutineError
from calmvoice.reminder_settings import WEEKDAYS

NONE = "-"
SETTINGS_KEYS = {"breathing": "minutes", "reminders_at": "at"}
"""Where a question and its key in the settings differ."""
TRACKS = {
    "open": ("open", "leave it open", "any"),
    "racing": ("racing", "race"),
    "shut_down": ("gone blank", "blank", "shut down"),
    "waiting": ("waiting", "wait"),
}
"""How somebody mostly is, and what may be typed for it."""
Values = Mapping[str, Any]
"""The plain values of the settings' tables ``agreement`` and ``reminders``, by key."""
Read = Callable[[str, str], dict[str, Any]]
"""Takes the key of a question and what was typed; returns settings by key."""


@dataclass(frozen=True)
class Question:
    """One question; ``table`` is where its answer stands in the settings."""

    key: str
    read: Read
    table: str = "agreement"
    optional: bool = False
    when: Callable[[Values], bool] = lambda values: True


def typed_ways(marks: Sequence[str]) -> frozenset[str]:
    """Return the ways to type an answer: its words, and the first letter of the first."""
    return frozenset({*marks, *(mark[:1] for mark in marks[:1])})


def text(key: str, typed: str) -> dict[str, Any]:
    """Take any words."""
    return {key: typed}


def several(key: str, typed: str) -> dict[str, Any]:
    """Take phrases with commas between them."""
    return {key: [part.strip() for part in typed.split(",") if part.strip()]}


def minutes(key: str, typed: str) -> dict[str, Any]:
    """Take a number of minutes, in digits or in words."""
    words = {number(n): n for n in range(181)}
    plain = re.sub(r"\s*(minutes?|min\.?|m)$", "", typed.strip().lower())
    if plain in words:
        return {key: words[plain]}
    try:
        value = float(plain.replace(",", "."))
    except ValueError:
        raise ValueError(f"{typed!r} is no number of minutes; write it as 20") from None
    return {key: int(value) if value.is_integer() else value}


def hour(key: str, typed: str) -> dict[str, Any]:
    """Take a clock time."""
    return {key: checked(typed)}


def evening(key: str, typed: str) -> dict[str, Any]:
    """Take a clock time at which two people talk: "8:30" is in the evening."""
    read = readings(typed)
    return {key: clock_time(max(read)) if read else checked(typed)}


def hours(key: str, typed: str) -> dict[str, Any]:
    """Take two clock times: from and to."""
    parts = re.split(r"\s*(?:\bto\b|\buntil\b|\band\b|[-–—,])\s*|\s+(?=\d)", typed.strip())
    if not typed:
        parts = ["", ""]
    if len(parts) != 2:
        raise ValueError(f"{typed!r} is not from one hour to another; write it as 22:00 to 7:00")
    return {f"{key}_from": checked(parts[0]), f"{key}_to": checked(parts[1])}


def people(key: str, typed: str) -> dict[str, Any]:
    """Take one or two."""
    ways = {"1": 1, "one": 1, "alone": 1, "me": 1, "2": 2, "two": 2, "both": 2}
    if typed.lower() not in ways:
        raise ValueError("1 or 2, please")
    return {key: ways[typed.lower()]}


def clock(key: str, typed: str) -> dict[str, Any]:
    """Take 12 or 24."""
    plain = typed.lower().removesuffix("hours").removesuffix("h").strip()
    if plain not in ("12", "24"):
        raise ValueError("12 or 24, please")
    return {key: int(plain)}


def routine(key: str, typed: str) -> dict[str, Any]:
    """Take the number or name of a routine, or the path of one of their own."""
    names = routine_file.names()
    if typed.isdecimal() and 1 <= int(typed) <= len(names):
        return {key: names[int(typed) - 1]}
    if typed.endswith(".toml"):
        typed = str(Path(typed).expanduser().absolute())
    try:
        routine_file.load(typed)
    except RoutineError as error:
        raise ValueError(f"{error}. {error.hint}") from None
    return {key: typed}


def track(key: str, typed: str) -> dict[str, Any]:
    """Take how somebody mostly is."""
    plain = typed.lower().strip(" .").replace("_", " ")
    for name, words in TRACKS.items():
        if plain in words:
            return {key: name}
    raise ValueError(f"{', '.join(words[0] for words in TRACKS.values())}: one of these, please")


def weekday(key: str, typed: str) -> dict[str, Any]:
    """Take a day of the week, or its first letters."""
    found = [day for day in WEEKDAYS if day.startswith(typed.lower())]
    if typed and len(found) != 1:
        raise ValueError(f"{typed!r} is no day of the week; write it as sunday")
    return {key: found[0] if typed else ""}


def days(key: str, typed: str) -> dict[str, Any]:
    """Take a number of days, in digits or in words."""
    words = {number(n): n for n in range(181)}
    plain = re.sub(r"^every\s+|\s*days?$", "", typed.strip().lower())
    if typed and not plain.isdecimal() and plain not in words:
        raise ValueError(f"{typed!r} is no number of days; write it as 7")
    return {key: words.get(plain) or int(plain or 0)}


def _any(values: Values) -> bool:
    return bool(values["check_in"] or values["hello_days"] or values["practice_days"])


def _two(values: Values) -> bool:
    return bool(values["people"] == 2)


QUESTIONS = (
    Question("people", people),
    Question("signal", text),
    Question("meaning", text, optional=True),
    Question("other_signal", text, optional=True, when=_two),
    Question("slow_down", text),
    Question("early_catch", several, optional=True),
    Question("no_words", text, optional=True),
    Question("pause_minutes", minutes),
    Question("longest_minutes", minutes),
    Question("bridge", text),
    Question("other_bridge", text, when=lambda values: bool(values["other_signal"])),
    Question("event", text, optional=True),
    Question("event_minutes", minutes, when=lambda values: bool(values["event"])),
    Question("until", evening, optional=True),
    Question("bid", text, optional=True, when=_two),
    Question("promise", text, optional=True, when=_two),
    Question("ritual", text),
    Question("enough", text, optional=True),
    Question("bedtime", hour, optional=True),
    Question("morning", hour, when=lambda values: bool(values["bedtime"])),
    Question("quiet", hours, optional=True),
    Question("routine", routine, table="guidance"),
    Question("track", track, table="guidance"),
    Question("check_in", weekday, table="reminders", optional=True, when=_two),
    Question("hello_days", days, table="reminders", optional=True, when=_two),
    Question("practice_days", days, table="reminders", optional=True),
    Question("reminders_at", lambda key, typed: hour("at", typed), table="reminders", when=_any),
    Question("breathing", lambda key, typed: minutes("minutes", typed), table="breathing"),
    Question("clock", clock, table="computer"),
)


def shown(question: Question, tables: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the present answer as it would be typed."""
    values = tables[question.table]
    if question.key == "quiet":
        both = (values["quiet_from"], values["quiet_to"])
        return " to ".join(both) if all(both) else NONE
    if question.key == "track":
        return TRACKS[values["track"]][0]
    value = values[SETTINGS_KEYS.get(question.key, question.key)]
    if value == 0 and question.optional:
        return NONE
    if isinstance(value, (list, tuple)):
        value = ", ".join(value)
    if isinstance(value, float):
        value = f"{value:g}"
    return str(value) or NONE
