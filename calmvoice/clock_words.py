"""Clock times and numbers as people say them, for each language that CalmVoice speaks."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from num2words import num2words

from calmvoice.errors import LanguageError

Speller = Callable[[int, int], str]
"""Takes an hour 0-23 and a minute 0-59; returns words."""


@cache
def number(n: int, language: str = "en") -> str:
    """Return a number in words."""
    return str(num2words(n, lang=language))


def english_12(hour: int, minute: int) -> str:
    """Spell a time as in "twenty to eight"; morning or evening is plain from the moment."""
    if minute == 0:
        return {0: "midnight", 12: "noon"}.get(hour, f"{_hour(hour)} o'clock")
    past, count, of = (True, minute, hour) if minute <= 30 else (False, 60 - minute, hour + 1)
    if count == 30:
        return f"half past {_hour(of)}"
    if count == 15:
        words = "quarter"
    elif count % 5 == 0:
        words = number(count)
    else:
        words = f"{number(count)} minute{'s' if count > 1 else ''}"
    return f"{words} {'past' if past else 'to'} {_hour(of)}"


def english_24(hour: int, minute: int) -> str:
    """Spell a time as in "nineteen forty"."""
    if minute == 0:
        return "midnight" if hour == 0 else f"{number(hour)} hundred"
    return f"{number(hour)} {'oh ' if minute < 10 else ''}{number(minute)}"


def _hour(hour: int) -> str:
    return number((hour - 1) % 12 + 1)


SPELLERS: dict[tuple[str, int], Speller] = {("en", 12): english_12, ("en", 24): english_24}


def speller(language: str, clock: int) -> Speller:
    """Return the speller of a language for a 12 or 24 hour clock; raises ``LanguageError``."""
    try:
        return SPELLERS[language, clock]
    except KeyError:
        known = ", ".join(f"{code} ({hours} h)" for code, hours in SPELLERS)
        raise LanguageError(
            f"clock times cannot be spoken in {language!r} ({clock} h); there are: {known}"
        ) from None
