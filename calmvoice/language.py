"""The phrase pack: every spoken line and every command word of one language, checked at load.

Rules: the program holds no spoken text, only roles; a pack that lacks a role, or a bridge without
a time, cannot be loaded.
"""

from __future__ import annotations

import difflib
import re
import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path

import tomlkit
from tomlkit.exceptions import TOMLKitError

from calmvoice.errors import LanguageError
from calmvoice.meanings import CALLS, KEY_ONLY, Meaning

AGREED_FIELDS = frozenset({"signal", "meaning", "event", "bid", "promise", "ritual", "enough"})
"""Fields of the lines that the couple's agreement fills."""
FIELDS = AGREED_FIELDS | {"t", "n", "value"}
NEED_TIME = frozenset(
    {
        "time_left.asked",
        "time_left.under_one",
        "time_left.ready_early",
        "more_time.announce",
        "more_time.confirm",
        "more_time.unmoved",
        "more_time.cap",
        "return.call",
        "return.quiet",
        "return.repeat",
        "return.slept",
        "return.restarted",
        "return.clock_doubt",
        "return.clock_right",
        "return.clock_changed",
        "return.clock_certain",
        "return.time_thanks",
    }
)
"""Roles besides the bridges that are worthless without the return time."""

ROLES = NEED_TIME | frozenset(
    """
    bridge.default bridge.silent bridge.other
    doubt.ask doubt.mistaken slow_down.begin slow_down.end
    breathing.intro breathing.in breathing.out breathing.warn_last breathing.last_out
    breathing.done
    settling.rehearsing settling.waiting settling.body settling.muscle settling.temperature
    settling.grounding settling.blank settling.walk
    time_left.half time_left.five time_left.two
    more_time.ask more_time.second more_time.at_return
    return.one_here return.both_here return.ready_both return.no_answer return.missed
    reentry.together reentry.team reentry.ritual reentry.roles_open reentry.withdrew
    reentry.pursued reentry.who_starts reentry.swap reentry.turns_done reentry.close
    reentry.soft_start reentry.feeling reentry.protest reentry.request reentry.fawning
    reentry.naming reentry.reframe reentry.tender
    reflection.ask reflection.thanks
    guests.off guests.on
    state.ready state.microphone_lost state.speaker_lost state.rehearsal
    screen.listening screen.doubt screen.slowing screen.apart screen.apart_soon screen.asking
    screen.calling screen.owed screen.reentry screen.choosing screen.talking screen.reflecting
    screen.listening_keys screen.microphone_off screen.quiet_hours
    return.ask_time leaving.clock_unsure screen.type_time screen.typed_time
    screen.any_key screen.any_key_here screen.quit screen.left
    """.split()  # noqa: SIM905 - a list of forty quoted names is no easier to read
)
BRIDGES = """
    bridge.no_words bridge.until bridge.event bridge.overnight
    leaving.meaning leaving.bid leaving.promise leaving.tonight leaving.who_asked
    slow_down.named reentry.enough
"""
SETUP = """
    offer.timeline offer.reason offer.promise
    proposed.early_catch proposed.event proposed.bid proposed.promise proposed.enough
    ask.people ask.signal ask.meaning ask.other_signal ask.slow_down ask.early_catch ask.no_words
    ask.pause_minutes ask.longest_minutes ask.event ask.event_minutes ask.until ask.bridge
    ask.other_bridge ask.bid ask.promise ask.ritual ask.enough ask.quiet ask.bedtime ask.morning
    ask.breathing ask.clock
    setup.safety setup.emergency setup.intro setup.calm setup.not_calm setup.pause_runs
    setup.either setup.keys setup.resume setup.stopped setup.stopped_unkept setup.draft_failed
    setup.lacks_timeline setup.lacks_reason setup.lacks_promise setup.keep_anyway setup.not_agreed
    setup.revoke_means setup.revoke setup.revoked setup.short setup.read setup.first_yes
    setup.second_yes setup.no setup.save_failed setup.saved setup.rehearse setup.rehearse_later
    setup.spoken_keys setup.spoken_right setup.spoken_help setup.spoken_type setup.spoken_none
    heading.title heading.signal heading.bridge heading.apart heading.return heading.free
    heading.signed heading.date
    page.intro page.intro_alone page.some_time page.signal page.other_signal page.no_words
    page.either page.slow_down page.early_catch page.length page.longest page.event page.until
    page.bid page.promise page.overnight page.no_night page.quiet page.return page.return_alone
    page.ritual page.enough page.cycle page.change page.kept page.safe
"""
ROLES |= frozenset((BRIDGES + SETUP).split())
UNSPOKEN = (
    *("state.", "screen.", "offer.", "proposed.", "choices."),
    *("ask.", "setup.", "heading.", "page."),
)
"""Roles that no pause speaks."""
NOT_CHOSEN = frozenset({"silent", "other", "no_words", "until", "event", "overnight"})
"""Bridges that go with what happened (a key, a second signal, the hour), not with a choice."""
OWN, OTHER_OWN = "bridge.own", "bridge.other_own"
"""The roles under which bridges stand that the couple wrote themselves."""
AGREED = frozenset({*CALLS, Meaning.SLOW_DOWN, Meaning.CYCLE}) - {Meaning.UNTIL}
"""Meanings whose phrase the couple chooses; the pack holds the others."""
MARKS = frozenset({"you", "blame", "reason", "promise", "yes", "no", "later"})
"""Lists of words by which lines are checked, and answers are known."""


@dataclass(frozen=True)
class PhrasePack:
    """The words of one language: ``lines`` by role, ``hear`` by meaning.

    ``keys`` holds a key and its label for each meaning, ``marks`` the words a check looks for,
    ``ideas`` phrases to suggest as a signal.
    """

    code: str
    name: str
    lines: Mapping[str, tuple[str, ...]]
    hear: Mapping[Meaning, tuple[str, ...]]
    keys: Mapping[Meaning, tuple[str, str]]
    marks: Mapping[str, tuple[str, ...]]
    ideas: tuple[str, ...] = ()

    @property
    def bridges(self) -> tuple[str, ...]:
        """The bridges there are to choose from, by their short names."""
        names = (role.removeprefix("bridge.") for role in self.lines if role.startswith("bridge."))
        return tuple(name for name in names if name not in NOT_CHOSEN)

    def with_bridges(self, own: Mapping[str, str]) -> PhrasePack:
        """Return the pack with bridges of the couple's own, by role."""
        return replace(self, lines={**self.lines, **{role: (own[role],) for role in own}})

    def fill(self, role: str, values: Mapping[str, str]) -> tuple[str, ...]:
        """Return the lines of a role with its fields filled; raises ``LanguageError``."""
        try:
            return tuple(_capital(line.format(**values)) for line in self.lines[role])
        except KeyError as error:
            raise LanguageError(
                f"{role} in language {self.code}: nothing to put in for {error}"
            ) from error


def load(language: str) -> PhrasePack:
    """Load a language that comes with CalmVoice by its code, or any by the path of its file."""
    if language.endswith(".toml"):
        try:
            return parse(Path(language).read_text("utf-8"), language)
        except (OSError, UnicodeDecodeError) as error:
            raise LanguageError(f"{language}: cannot be read ({error})") from error
    folder = resources.files("calmvoice") / "languages"
    names = sorted(
        entry.name.removesuffix(".toml") for entry in folder.iterdir() if ".toml" in entry.name
    )
    if language not in names:
        raise LanguageError(
            f"there is no language {language!r}; there are: {', '.join(names)}",
            "Set computer.language to one of them, or to the path of a language file.",
        )
    return parse((folder / f"{language}.toml").read_text("utf-8"), f"{language}.toml")


def parse(text: str, name: str) -> PhrasePack:
    """Read a language file; raises ``LanguageError`` that names the role and what is wrong."""
    try:
        document = tomlkit.parse(text).unwrap()
    except TOMLKitError as error:
        raise LanguageError(f"{name}: {error}") from error
    tables = [document.pop(table, None) for table in ("language", "hear", "keys", "marks")]
    if not all(isinstance(table, dict) for table in tables):
        raise LanguageError(f"{name}: the tables [language], [hear], [keys] and [marks] are needed")
    about, hear, keys, marks = tables
    ideas = document.pop("ideas", {})
    if not isinstance(ideas, dict) or set(ideas) - {"signal"}:
        raise LanguageError(f"{name}: [ideas] may hold signal, a list of phrases, and nothing else")
    lines: dict[str, tuple[str, ...]] = {}
    for table, roles in document.items():
        if not isinstance(roles, dict):
            raise LanguageError(f"{name}: {table!r} is not a table of lines")
        for role, value in roles.items():
            lines[f"{table}.{role}"] = _lines(f"{table}.{role}", value, name)
    _check_roles(lines, name)
    return PhrasePack(
        str(about.get("code", "")),
        str(about.get("name", "")),
        lines,
        _hear(hear, name),
        _keys(keys, name),
        _marks(marks, name),
        _lines("ideas.signal", ideas["signal"], name) if ideas else (),
    )


def sentences(text: str) -> tuple[str, ...]:
    """Split a line into its sentences; closing quotes stay with the sentence they end."""
    return tuple(
        part for part in re.split(r"(?<=[.?!…])[\"”’]?(?=\s)\s+|(?<=[.?!…][\"”’])\s+", text) if part
    )


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a text in lower case, without punctuation but with apostrophes."""
    return tuple(re.findall(r"[^\W_]+(?:['’][^\W_]+)*", text.lower().replace("’", "'")))


def _lines(role: str, value: object, name: str) -> tuple[str, ...]:
    lines = [value] if isinstance(value, str) else value
    if not isinstance(lines, list) or not lines or not all(isinstance(x, str) for x in lines):
        raise LanguageError(f"{name}: {role} must be a line or a list of lines, not {value!r}")
    for line in lines:
        if not words_of(line):
            raise LanguageError(f"{name}: {role} holds an empty line")
        try:
            fields = {
                field for _, field, _, _ in string.Formatter().parse(line) if field is not None
            }
        except ValueError as error:
            raise LanguageError(f"{name}: {role}: {error} in {line!r}") from error
        if fields - FIELDS:
            raise LanguageError(
                f"{name}: {role} holds {{{min(fields - FIELDS)}}}, which nothing fills",
                f"The fields are {', '.join(f'{{{f}}}' for f in sorted(FIELDS))}.",
            )
    return tuple(lines)


def _check_roles(lines: Mapping[str, tuple[str, ...]], name: str) -> None:
    for role in sorted(ROLES - set(lines)):
        near = difflib.get_close_matches(role, set(lines) - ROLES, n=1)
        raise LanguageError(
            f"{name}: the role {role} is missing", f"There is {near[0]}." if near else ""
        )
    for role in sorted(set(lines)):
        is_bridge = role.startswith("bridge.")
        if not is_bridge and not role.startswith("choices.") and role not in ROLES:
            near = difflib.get_close_matches(role, ROLES, n=1)
            raise LanguageError(
                f"{name}: {role} is no role", f"Did you mean {near[0]}?" if near else ""
            )
        if (is_bridge or role in NEED_TIME) and not any("{t}" in line for line in lines[role]):
            raise LanguageError(
                f"{name}: {role} holds no return time",
                "Say {t} in it: a pause without a time feels like leaving.",
            )


def _hear(table: Mapping[str, object], name: str) -> dict[Meaning, tuple[str, ...]]:
    known = _meanings(table, "hear", [m for m in Meaning if m not in AGREED | KEY_ONLY], name)
    return {known[key]: _lines(f"hear.{key}", value, name) for key, value in table.items()}


def _keys(table: Mapping[str, object], name: str) -> dict[Meaning, tuple[str, str]]:
    known = _meanings(table, "keys", list(Meaning), name)
    keys: dict[Meaning, tuple[str, str]] = {}
    for key, value in table.items():
        match value:
            case [str(pressed), str(label)] if pressed == "space" or len(pressed) == 1:
                keys[known[key]] = (pressed, label)
            case _:
                raise LanguageError(
                    f"{name}: keys.{key} is {value!r}", 'It must be ["one key or space", "label"].'
                )
    return keys


def _marks(table: Mapping[str, object], name: str) -> dict[str, tuple[str, ...]]:
    if set(table) != MARKS:
        raise LanguageError(f"{name}: [marks] must hold {', '.join(sorted(MARKS))}")
    return {key: _lines(f"marks.{key}", value, name) for key, value in table.items()}


def _meanings(
    table: Mapping[str, object], title: str, wanted: Sequence[Meaning], name: str
) -> dict[str, Meaning]:
    known = {meaning.value: meaning for meaning in wanted}
    for key in table:
        if key not in known:
            raise LanguageError(
                f"{name}: {title}.{key} is no command; there are {', '.join(known)}"
            )
    missing = [key for key in known if key not in table]
    if missing:
        raise LanguageError(f"{name}: {title}.{missing[0]} is missing")
    return known


def _capital(line: str) -> str:
    """Begin every sentence with a capital: a field that was filled may stand first in it."""
    return re.sub(r"(?:^|(?<=[.?!]\s))[^\W\d_]", lambda first: first.group().upper(), line)
