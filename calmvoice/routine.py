"""A routine: what is guided between the bridge and the return, in the order it is heard.

First perhaps a few sighs, then a block of breaths, then lines with quiet between them, then quiet.
Three more lists of lines are for somebody who is racing, has gone blank, or waits; they are put
first when that is said, pressed, or agreed on.

Rules: limits are checked when a routine is made; what a routine leaves out is as in the settings
(breathing) or in ``routines/usual.toml`` (lines); a line is the name of one in the language file,
or a sentence of the couple's own; the session is given roles and numbers only.
"""

from __future__ import annotations

import difflib
import string
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    field_validator,
    model_validator,
)

from calmvoice import patterns
from calmvoice.meanings import Meaning
from calmvoice.roles import ROLES
from calmvoice.session.rules import Track
from calmvoice.session.script import Step
from calmvoice.settings import Breathing

PREFIX = "settling."
OWN_FIELDS = ("t",)
"""What a sentence of their own may be filled with: the return time."""
EXERCISES: dict[str, tuple[tuple[str, float | None], ...]] = {
    "grounding": (("grounding", 20.0), ("grounding_touch", 20.0), ("grounding_senses", None)),
    "muscle": (
        ("muscle", 6.0),
        ("muscle_release", 12.0),
        ("muscle_shoulders", 6.0),
        ("muscle_release", None),
    ),
}
"""Lines that belong together, each with the seconds that its doing takes; None is the usual gap."""
_PARTS = {role for steps in EXERCISES.values() for role, _ in steps} - set(EXERCISES)
NAMES = tuple(
    sorted(
        name
        for name in (role.removeprefix(PREFIX) for role in ROLES if role.startswith(PREFIX))
        if name not in _PARTS and not name.startswith("need_")
    )
)
"""What can stand in a list of lines."""


def is_own(line: str) -> bool:
    """Say whether a line is a sentence of their own, and not the name of one."""
    return " " in line or line.endswith((".", "?", "…"))


def _checked(line: str) -> str:
    line = " ".join(line.split())
    if not line:
        raise ValueError("it is empty; write a sentence, or take it out")
    if is_own(line):
        for _, field, form, conversion in string.Formatter().parse(line):
            if field is not None and (field not in OWN_FIELDS or form or conversion):
                raise ValueError(f"{{{field}}} is not filled; there is {{t}}, the return time")
        return line
    if line not in NAMES:
        near = difflib.get_close_matches(line, NAMES, n=1)
        known = f"did you mean {near[0]}?" if near else f"there are {', '.join(NAMES)}"
        raise ValueError(f"{line!r} is no line; {known} Or write a whole sentence of your own.")
    return line


LineName = Annotated[str, Field(max_length=300), AfterValidator(_checked)]
Lines = Annotated[tuple[LineName, ...], Field(max_length=24, strict=False)]
Seconds = Annotated[float, Field(allow_inf_nan=False)]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Opening(_Table):
    """Before the breathing."""

    sighs: int = Field(0, ge=0, le=6, description="How many long sighs; three are enough.")


class RoutineBreathing(_Table):
    """The block of breaths; what is left out is as in the settings."""

    minutes: Seconds | None = Field(None, ge=0, le=20)
    pattern: str | None = Field(None, max_length=30)
    holds: bool = False
    cues: Literal["sparse", "counted", "none"] | None = None
    tone: Literal["tone", "noise", "none"] | None = None

    @field_validator("pattern")
    @classmethod
    def _check_pattern(cls, pattern: str | None) -> str | None:
        if pattern is not None:
            patterns.parse(pattern)
        return pattern

    @model_validator(mode="after")
    def _check_holds(self) -> RoutineBreathing:
        if self.pattern is not None:
            patterns.require_asked_for(self.pattern, self.holds)
        return self


class Settling(_Table):
    """The lines of the quiet part."""

    wait_seconds: Seconds = Field(10, ge=2, le=300, description="Quiet before the first line.")
    gap_seconds: Seconds = Field(35, ge=10, le=300, description="Quiet after each line.")
    lines: Lines = ()


class TrackLines(_Table):
    """Lines for how somebody is."""

    lines: Lines = ()
    breathing: bool = Field(
        True, description="Whether slow breathing is good for it; otherwise the lines come at once."
    )


class Routine(_Table):
    """The whole file."""

    about: str = Field(min_length=1, max_length=200, description="What it is, in one sentence.")
    opening: Opening = Opening()
    breathing: RoutineBreathing = RoutineBreathing()
    settling: Settling = Settling()
    racing: TrackLines = TrackLines()
    shut_down: TrackLines = TrackLines()
    waiting: TrackLines = TrackLines()

    def over(self, usual: Routine) -> Routine:
        """Return the routine with what it leaves out taken from the usual one."""
        tables = ("settling", "racing", "shut_down", "waiting")
        left_out = [name for name in tables if name not in self.model_fields_set]
        return self.model_copy(update={name: getattr(usual, name) for name in left_out})

    def breathing_over(self, own: Breathing) -> Breathing:
        """Return the couple's breathing with what the routine says of it."""
        said = self.breathing.model_dump(exclude_unset=True, exclude_none=True)
        return Breathing.model_validate({**own.model_dump(), **said})

    @property
    def own_lines(self) -> dict[str, str]:
        """The sentences of their own, by the role they are spoken under."""
        every = (self.settling, self.racing, self.shut_down, self.waiting)
        own = dict.fromkeys(line for table in every for line in table.lines if is_own(line))
        return {f"{PREFIX}own_{number}": line for number, line in enumerate(own, 1)}

    @property
    def steps(self) -> tuple[Step, ...]:
        """The lines of the quiet part for the session."""
        return self._steps(self.settling.lines)

    @property
    def tracks(self) -> dict[Meaning, Track]:
        """The lines for how somebody is, for the session."""
        lines = {
            Meaning.RACING: self.racing,
            Meaning.SHUT_DOWN: self.shut_down,
            Meaning.WAITING: self.waiting,
        }
        return {
            meaning: Track(self._steps(table.lines), table.breathing)
            for meaning, table in lines.items()
        }

    def _steps(self, lines: tuple[str, ...]) -> tuple[Step, ...]:
        roles = {line: role for role, line in self.own_lines.items()}
        gap = self.settling.gap_seconds
        steps = []
        for line in lines:
            for name, seconds in EXERCISES.get(line, ((line, None),)):
                role = roles.get(line, f"{PREFIX}{name}")
                steps.append(Step(role, gap if seconds is None else seconds))
        return tuple(steps)
