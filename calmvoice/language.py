"""The phrase pack: every spoken line and every command word of one language, checked at load.

Rules: the program holds no spoken text, only roles; a pack that lacks a role, or a bridge without
a time, cannot be loaded.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path

import tomlkit
from tomlkit.exceptions import TOMLKitError

from calmvoice import clock_words
from calmvoice.clock_words import CLOCKS, Speller, Times
from calmvoice.errors import LanguageError
from calmvoice.language_reader import FORMS, Problem, Reader, near
from calmvoice.meanings import CALLS, KEY_ONLY, Meaning
from calmvoice.roles import FIELDS, FIRST, NEED_TIME, NOT_CHOSEN, ROLES
from calmvoice.sentences import sentences as sentences
from calmvoice.sentences import words_of as words_of

AGREED = frozenset({*CALLS, Meaning.SLOW_DOWN, Meaning.CYCLE}) - {Meaning.UNTIL}
"""Meanings whose phrase the couple chooses; the pack holds the others."""
ANSWERS = frozenset({"yes", "no", "later"})
MARKS = ANSWERS | {"you", "blame", "reason", "promise", "lengths"}
"""Lists of words by which lines are checked, and answers are known."""
ABOUT = ("code", "name", "voices", "pace")
PACES = (0.4, 1.5)


@dataclass(frozen=True)
class PhrasePack:
    """The words of one language: ``lines`` by role, ``hear`` by meaning.

    ``keys`` holds a key and its label for each meaning, ``marks`` the words a check looks for,
    ``ideas`` phrases to suggest as a signal, ``times`` the words for each minute of a day by clock.
    ``voices`` are espeak-ng's for this language, the best first; ``pace`` is how many of its words
    take as long as one in English.
    """

    code: str
    name: str
    lines: Mapping[str, tuple[str, ...]]
    hear: Mapping[Meaning, tuple[str, ...]]
    keys: Mapping[Meaning, tuple[str, str]]
    marks: Mapping[str, tuple[str, ...]]
    times: Mapping[int, Times]
    ideas: tuple[str, ...] = ()
    voices: tuple[str, ...] = ()
    pace: float = 1.0

    @property
    def bridges(self) -> tuple[str, ...]:
        """The bridges there are to choose from, by their short names."""
        names = (role.removeprefix("bridge.") for role in self.lines if role.startswith("bridge."))
        return tuple(name for name in names if name not in NOT_CHOSEN)

    @property
    def first(self) -> dict[str, str]:
        """What holds of an agreement before anybody agreed, by its key in the settings."""
        return {key: self.lines[f"first.{key}"][0] for key in FIRST}

    def speller(self, clock: int) -> Speller:
        """Return what puts a time into words, for a clock of 12 or 24 hours."""
        return clock_words.speller(self.times[clock])

    def with_own(self, own: Mapping[str, str]) -> PhrasePack:
        """Return the pack with lines of the couple's own, by role."""
        return replace(self, lines={**self.lines, **{role: (own[role],) for role in own}})

    def fill(self, role: str, values: Mapping[str, str]) -> tuple[str, ...]:
        """Return the lines of a role with its fields filled; raises ``LanguageError``."""
        one = values.get("n") in ("1", clock_words.number(1, self.code))
        try:
            return tuple(
                _capital(with_form(line, one=one).format(**values)) for line in self.lines[role]
            )
        except KeyError as error:
            raise LanguageError(
                f"{role} in language {self.code}: nothing to put in for {error}"
            ) from error


def load(language: str) -> PhrasePack:
    """Load a language that comes with CalmVoice by its code, or any by the path of its file."""
    return parse(*_text_of(language))


def parse(text: str, name: str) -> PhrasePack:
    """Read a language file; raises ``LanguageError`` that names the role and what is wrong."""
    pack, problems = read(text, name)
    if problems:
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        all_of_it = f"All of it: calmvoice languages check {name}" if more else ""
        hint = " ".join(filter(None, (problems[0].hint, all_of_it)))
        raise LanguageError(f"{name}: {problems[0].text}{more}", hint)
    return pack


def problems_of(language: str) -> tuple[PhrasePack, list[Problem]]:
    """Return a language with all that is missing or wrong in its file; the pack may be in part.

    Raises ``LanguageError`` for a file that cannot be read at all.
    """
    return read(*_text_of(language))


def shipped() -> tuple[str, ...]:
    """Return the codes of the languages that come with CalmVoice."""
    folder = resources.files("calmvoice") / "languages"
    files = (entry.name for entry in folder.iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in files if name.endswith(".toml")))


def _text_of(language: str) -> tuple[str, str]:
    """Return the text of a language file, and its name."""
    if language.endswith(".toml"):
        try:
            return Path(language).expanduser().read_text("utf-8"), language
        except (OSError, UnicodeDecodeError) as error:
            raise LanguageError(f"{language}: cannot be read ({error})") from error
    if language not in shipped():
        raise LanguageError(
            f"there is no language {language!r}; there are: {', '.join(shipped())}",
            "Set computer.language to one of them, or to the path of a language file.",
        )
    file = resources.files("calmvoice") / "languages" / f"{language}.toml"
    return file.read_text("utf-8"), f"{language}.toml"


def read(text: str, name: str) -> tuple[PhrasePack, list[Problem]]:
    """Read a language file and all that is wrong with it; raises ``LanguageError`` for no TOML."""
    try:
        document = tomlkit.parse(text).unwrap()
    except TOMLKitError as error:
        raise LanguageError(f"{name}: {error}") from error
    reader = Reader(FIELDS)
    about, hear, keys, marks, clock = (
        reader.table(document, table) for table in ("language", "hear", "keys", "marks", "clock")
    )
    ideas = document.pop("ideas", {})
    if not isinstance(ideas, dict) or set(ideas) - {"signal"}:
        reader.wrong("[ideas] may hold signal, a list of phrases, and nothing else")
        ideas = {}
    lines: dict[str, tuple[str, ...]] = {}
    for table, roles in document.items():
        if not isinstance(roles, dict):
            reader.wrong(f"{table!r} is not a table of lines")
            continue
        for role, value in roles.items():
            lines[f"{table}.{role}"] = reader.lines(f"{table}.{role}", value)
    _check_roles(lines, reader)
    code = _about(about, reader)
    pack = PhrasePack(
        code,
        str(about.get("name", code)),
        lines,
        _hear(hear, reader),
        _keys(keys, reader),
        _marks(marks, reader),
        _times(clock, code, reader),
        reader.lines("ideas.signal", ideas["signal"]) if ideas else (),
        reader.lines("language.voices", about["voices"]) if "voices" in about else (),
        _pace(about, reader),
    )
    return pack, reader.problems


def _about(table: Mapping[str, object], reader: Reader) -> str:
    """Return the code of the language."""
    for key in table:
        if key not in ABOUT:
            reader.wrong(f"language.{key} is not known; there are {', '.join(ABOUT)}")
    code = table.get("code")
    if not isinstance(code, str) or not code:
        reader.wrong("language.code is missing", "It is a short name such as ko or pt_BR.")
        return ""
    return code


def _pace(table: Mapping[str, object], reader: Reader) -> float:
    pace = table.get("pace", 1.0)
    if isinstance(pace, (int, float)) and PACES[0] <= pace <= PACES[1]:
        return float(pace)
    reader.wrong(f"language.pace is {pace!r}: it must be {PACES[0]} to {PACES[1]}")
    return 1.0


def _check_roles(lines: Mapping[str, tuple[str, ...]], reader: Reader) -> None:
    for role in sorted(ROLES - set(lines)):
        hint = near(role, sorted(set(lines) - ROLES)).replace("Did you mean", "Is it")
        reader.wrong(f"the role {role} is missing", hint)
    for role in sorted(set(lines)):
        is_bridge = role.startswith("bridge.")
        if not is_bridge and not role.startswith("choices.") and role not in ROLES:
            reader.wrong(f"{role} is no role", near(role, sorted(ROLES)))
        needs_time = is_bridge or role in NEED_TIME
        if needs_time and lines[role] and not any("{t}" in line for line in lines[role]):
            reader.wrong(
                f"{role} holds no return time",
                "Say {t} in it: a pause without a time feels like leaving.",
            )


def _hear(table: Mapping[str, object], reader: Reader) -> dict[Meaning, tuple[str, ...]]:
    wanted = [meaning.value for meaning in Meaning if meaning not in AGREED | KEY_ONLY]
    known = reader.keyed(table, "hear", wanted, "command")
    return {Meaning(key): reader.lines(f"hear.{key}", value) for key, value in known.items()}


def _keys(table: Mapping[str, object], reader: Reader) -> dict[Meaning, tuple[str, str]]:
    known = reader.keyed(table, "keys", [meaning.value for meaning in Meaning], "command")
    in_order = [key for key in table if key in known]
    return {Meaning(key): reader.key(f"keys.{key}", known[key]) for key in in_order}


def _marks(table: Mapping[str, object], reader: Reader) -> dict[str, tuple[str, ...]]:
    found = reader.keyed({"lengths": [], **table}, "marks", sorted(MARKS), "list of marks")
    return {
        key: reader.lines(f"marks.{key}", value)
        if key in ANSWERS
        else reader.words(f"marks.{key}", value)
        for key, value in found.items()
    }


def _times(table: Mapping[str, object], code: str, reader: Reader) -> dict[int, Times]:
    times: dict[int, Times] = {}
    for clock in CLOCKS:
        rules = table.get(str(clock))
        if not isinstance(rules, dict):
            reader.wrong(f"the table [clock.{clock}] is needed", "It says how times are spoken.")
            continue
        try:
            times[clock] = clock_words.times_of(rules, clock, code)
        except LanguageError as error:
            reader.wrong(f"clock.{clock}: {error}", error.hint)
        except ValueError as error:
            reader.wrong(f"clock.{clock}: {error}")
        else:
            for one, other in clock_words.same_times(times[clock], clock):
                words = times[clock][one]
                both = " and ".join(f"{at // 60}:{at % 60:02d}" for at in (one, other))
                reader.wrong(f"clock.{clock}: {both} are both {words!r}")
                break
    return times


def with_form(line: str, *, one: bool) -> str:
    """Return a line with the form that goes with {n}: of one, or of more."""
    return FORMS.sub(r"{n} \1" if one else r"{n} \2", line)


def _capital(line: str) -> str:
    """Begin every sentence with a capital: a field that was filled may stand first in it."""
    return re.sub(r"(?:^|(?<=[.?!]\s))[^\W\d_]", lambda first: first.group().upper(), line)
