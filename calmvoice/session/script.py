"""What is to be spoken: lines by role, never text; the phrase pack holds the words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True)
class Line:
    """One role of the phrase pack, with what fills it: minutes ``n``, return time ``t`` (Unix)."""

    role: str
    n: int | None = None
    t: float | None = None


@dataclass(frozen=True)
class Chime:
    """The soft melody of the return."""


class Kind(Enum):
    """Which breath: what it is in seconds is somebody else's."""

    USUAL = "usual"
    SIGH = "sigh"
    TOGETHER = "together"


class Guide(Enum):
    """How much of the guidance somebody wants to hear."""

    FULL = "words and sound"
    SOUND = "only sound"
    WORDS = "only words"
    NONE = "silence"


@dataclass(frozen=True)
class Breaths:
    """Paced breaths ``first`` (from 0) up to ``total``; the last is announced if ``warn_last``."""

    first: int
    total: int
    warn_last: bool = True
    kind: Kind = Kind.USUAL
    guide: Guide = Guide.FULL


Item = Line | Chime | Breaths
Script = tuple[Item, ...]
"""Items played as one ticket, without a gap between them."""


@dataclass(frozen=True)
class Step:
    """One line of the quiet part, and the quiet that follows it, in seconds."""

    role: str
    gap_seconds: float = 35.0


@dataclass(frozen=True)
class Quiet:
    """Silence between two scripts, in seconds of steady time: a deadline, not a sound."""

    seconds: float
