"""What is to be spoken: lines by role, never text; the phrase pack holds the words."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """One role of the phrase pack, with what fills it: minutes ``n``, return time ``t`` (Unix)."""

    role: str
    n: int | None = None
    t: float | None = None


@dataclass(frozen=True)
class Chime:
    """The soft melody of the return."""


@dataclass(frozen=True)
class Breaths:
    """Paced breaths ``first`` (from 0) up to ``total``; the last is announced if ``warn_last``."""

    first: int
    total: int
    warn_last: bool = True


Item = Line | Chime | Breaths
Script = tuple[Item, ...]
"""Items played as one ticket, without a gap between them."""


@dataclass(frozen=True)
class Quiet:
    """Silence between two scripts, in seconds of steady time: a deadline, not a sound."""

    seconds: float
