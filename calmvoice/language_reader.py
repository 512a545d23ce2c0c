"""Reads the tables of a language file and keeps everything that is wrong with them.

Rule: it knows what a line, a list of words or a key looks like, not which there must be; what is
wrong is kept with what to do, so that a file's faults can be told all at once.
"""

from __future__ import annotations

import difflib
import re
import string
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from calmvoice.sentences import words_of

FORMS = re.compile(r"\{n\|([^{}|]+)\|([^{}|]+)\}")
"""A number with its noun in two forms: {n|minute|minutes}, the first for one."""


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, and what to do about it."""

    text: str
    hint: str = ""


class Reader:
    """Collects ``problems`` while it reads; what is wrong is read as nothing."""

    def __init__(self, fields: Collection[str]) -> None:
        """Take the fields that a line may hold."""
        self._fields = frozenset(fields)
        self.problems: list[Problem] = []

    def wrong(self, text: str, hint: str = "") -> None:
        """Note a problem."""
        self.problems.append(Problem(text, hint))

    def table(self, document: dict[str, object], name: str) -> dict[str, object]:
        """Take a table out of the document; empty if it is none."""
        found = document.pop(name, None)
        if isinstance(found, dict):
            return found
        self.wrong(f"the table [{name}] is needed")
        return {}

    def lines(self, role: str, value: object) -> tuple[str, ...]:
        """Return the lines of a role; empty if one is wrong."""
        lines = [value] if isinstance(value, str) else value
        if not isinstance(lines, list) or not lines or not all(isinstance(x, str) for x in lines):
            self.wrong(f"{role} must be a line or a list of lines, not {value!r}")
            return ()
        wellformed = [self._is_line(role, line) for line in lines]  # each has its say
        return tuple(lines) if all(wellformed) else ()

    def words(self, role: str, value: object) -> tuple[str, ...]:
        """Return a list of words, which may be empty: not every language has them."""
        return () if value == [] else self.lines(role, value)

    def keyed(
        self, table: Mapping[str, object], title: str, wanted: Iterable[str], kind: str
    ) -> dict[str, object]:
        """Return the entries of a table that are wanted; note what is missing or unknown."""
        known = list(wanted)
        for key in table:
            if key not in known:
                hint = near(key, known)
                self.wrong(f"{title}.{key} is no {kind}; there are {', '.join(known)}", hint)
        for key in known:
            if key not in table:
                self.wrong(f"{title}.{key} is missing")
        return {key: table[key] for key in known if key in table}

    def key(self, role: str, value: object) -> tuple[str, str]:
        """Return a key and its label."""
        match value:
            case [str(pressed), str(label)] if pressed == "space" or len(pressed) == 1:
                return pressed, label
        self.wrong(f"{role} is {value!r}", 'It must be ["one key or space", "label"].')
        return "", ""

    def _is_line(self, role: str, line: str) -> bool:
        if not words_of(line):
            self.wrong(f"{role} holds an empty line")
            return False
        try:
            parsed = list(string.Formatter().parse(line))
        except ValueError as error:
            self.wrong(f"{role}: {error} in {line!r}")
            return False
        found = {field for _, field, _, _ in parsed if field is not None}
        found = {"n" if FORMS.fullmatch(f"{{{field}}}") else field for field in found}
        unknown = sorted(found - self._fields)
        if unknown:
            known = ", ".join(f"{{{field}}}" for field in sorted(self._fields))
            self.wrong(
                f"{role} holds {{{unknown[0]}}}, which nothing fills", f"The fields are {known}."
            )
        return not unknown


def near(name: str, known: Sequence[str]) -> str:
    """Return a question after the name that is most like an unknown one, or nothing."""
    found = difflib.get_close_matches(name, known, n=1)
    return f"Did you mean {found[0]}?" if found else ""
