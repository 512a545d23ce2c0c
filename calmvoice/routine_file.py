"""Routines as TOML files: read, and refused with the line, the key, the reason and what to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import tomlkit
from pydantic import ValidationError
from pydantic_core import ErrorDetails
from tomlkit.exceptions import ParseError, TOMLKitError

from calmvoice import line_lint
from calmvoice.errors import RoutineError
from calmvoice.language import PhrasePack
from calmvoice.routine import PREFIX, Routine, is_own
from calmvoice.settings import Settings
from calmvoice.settings_file import explain
from calmvoice.toml_lines import Place, line_of

USUAL = "usual"
LARGEST_BYTES = 20_000
HINTS = {
    "extra_forbidden": "Take it out, or spell it as it is listed.",
    "missing": "Add it.",
    "greater_than_equal": "Write {ge:g} or more.",
    "less_than_equal": "Write {le:g} or less.",
    "literal_error": "Write one of these.",
    "too_long": "Take some out.",
    "string_too_long": "Make it shorter.",
    "value_error": "Change it.",
}
LOOK_AT_ONE = "See what one looks like: calmvoice routines show usual"


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: where, which key, why, and what to do."""

    line: int
    key: str
    reason: str
    hint: str = LOOK_AT_ONE

    def __str__(self) -> str:
        """Return it as it is told."""
        return f"line {self.line}: {self.reason}"


@dataclass(frozen=True)
class RoutineFile:
    """A routine and the text it was read from; ``faults`` is empty where ``routine`` is there."""

    name: str
    text: str
    routine: Routine | None
    faults: tuple[Fault, ...] = ()


def names() -> tuple[str, ...]:
    """Return the routines that come with CalmVoice, the usual one first."""
    found = [entry.name for entry in _folder().iterdir() if entry.name.endswith(".toml")]
    return tuple(
        sorted((name.removesuffix(".toml") for name in found), key=lambda n: (n != USUAL, n))
    )


def shipped() -> tuple[tuple[str, str], ...]:
    """Return the name of each of these, and what it is."""
    routines = ((name, load(name).routine) for name in names())
    return tuple((name, routine.about) for name, routine in routines if routine is not None)


def text_of(name: str) -> str:
    """Return the file of a routine, by its name or path; raises ``RoutineError``."""
    if not name.endswith(".toml"):
        if name not in names():
            raise RoutineError(
                f"there is no routine {name!r}; there are: {', '.join(names())}",
                "Or give the path of a file of your own that ends in .toml.",
            )
        text: str = (_folder() / f"{name}.toml").read_text("utf-8")
        return text
    try:
        with Path(name).expanduser().open("rb") as file:
            content = file.read(LARGEST_BYTES + 1)
        if len(content) > LARGEST_BYTES:
            raise RoutineError(
                f"{name} has more than {LARGEST_BYTES} bytes: it is no routine",
                LOOK_AT_ONE,
            )
        return content.decode("utf-8").replace("\r\n", "\n")
    except (OSError, ValueError, RuntimeError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise RoutineError(
            f"{name}: cannot be read ({reason})", "There are also: " + ", ".join(names())
        ) from error


def read(name: str) -> RoutineFile:
    """Read a routine with whatever is wrong in it; raises ``RoutineError`` if there is no file."""
    text = text_of(name)
    values, broken = _parsed(text)
    if broken is not None:
        return RoutineFile(name, text, None, (broken,))
    try:
        routine = Routine.model_validate(values)
    except ValidationError as error:
        faults = tuple(_fault(text, detail) for detail in error.errors())
        return RoutineFile(name, text, None, tuple(sorted(faults, key=lambda fault: fault.line)))
    return RoutineFile(name, text, routine)


def wording_faults(file: RoutineFile, pack: PhrasePack) -> tuple[Fault, ...]:
    """Return what makes sentences of their own hard to hear in a hard moment."""
    if file.routine is None:
        return ()
    found = []
    for table in ("settling", "racing", "shut_down", "waiting"):
        for index, line in enumerate(getattr(file.routine, table).lines):
            if is_own(line):
                key = f"{table}.lines.{index}"
                at = line_of(file.text, (table, "lines", index))
                found += [
                    Fault(at, key, f"{key}: {fault.text}", "Change the sentence.")
                    for fault in line_lint.faults(pack, f"{PREFIX}own", line)
                ]
    return tuple(found)


@cache
def load(name: str) -> RoutineFile:
    """Return a whole routine, completed from the usual one; raises ``RoutineError``.

    It is read once in a run: what is changed meanwhile waits for the next start, and a pause
    never says half of one file and half of another.
    """
    file = read(name)
    require(file, file.faults)
    assert file.routine is not None
    routine = file.routine if name == USUAL else file.routine.over(_usual())
    return RoutineFile(file.name, file.text, routine)


def holds_breath(settings: Settings) -> bool:
    """Say whether the breath is held in what these settings guide; raises ``RoutineError``."""
    return chosen(settings).breathing_over(settings.breathing).breath.holds


def chosen(settings: Settings) -> Routine:
    """Return the routine of the settings; raises ``RoutineError``."""
    routine = load(settings.guidance.routine).routine
    assert routine is not None
    return routine


def require(file: RoutineFile, faults: Sequence[Fault]) -> None:
    """Raise ``RoutineError`` for the first thing that is wrong."""
    if faults:
        more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
        look = "Look again: calmvoice routines check FILE"
        raise RoutineError(f"{file.name}, {faults[0]}{more}", f"{faults[0].hint} {look}")


def _usual() -> Routine:
    routine = load(USUAL).routine
    assert routine is not None
    return routine


def _folder() -> Any:
    return resources.files("calmvoice") / "routines"


def _parsed(text: str) -> tuple[Mapping[str, Any], Fault | None]:
    try:
        return tomlkit.parse(text).unwrap(), None
    except ParseError as error:
        reason = str(error).rsplit(" at line", 1)[0]
        if "\\x00" in reason:  # what the parser sees behind the end
            reason = "the file ends in the middle of something"
        return {}, Fault(error.line, "", reason[:1].lower() + reason[1:], "Mend the line.")
    except (TOMLKitError, ValueError, RecursionError) as error:
        return {}, Fault(1, "", f"it cannot be read ({error})", "Mend the file.")


def _fault(text: str, detail: ErrorDetails) -> Fault:
    path: Place = detail["loc"]
    key = ".".join(str(part) for part in path)
    hint = HINTS.get(detail["type"], LOOK_AT_ONE).format(**detail.get("ctx", {}))
    return Fault(line_of(text, path), key, explain(detail, Routine), hint)
