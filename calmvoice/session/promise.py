"""The promise that is kept on disk, and the record that stays after a pause."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True)
class Promise:
    """When both meet again. All times are Unix seconds by the wall clock.

    ``first_started_at`` is where the first of several pauses in one talk began (the hard stop of
    24 h counts from there); ``seen_at`` is when the program last knew itself alive, so that a
    clock that went back can be told; ``owed`` says that the calls were not answered.
    Nothing here says who asked.
    """

    started_at: float
    first_started_at: float
    return_at: float
    seen_at: float
    moved: int = 0
    owed: bool = False


class Ending(Enum):
    """How a pause ended; the value is what the history shows."""

    KEPT = "kept"
    MOVED = "moved"
    UNANSWERED = "not answered"


@dataclass(frozen=True)
class PauseRecord:
    """What is remembered of a pause: when, how many minutes, how it ended. No words, no who."""

    started_at: float
    minutes: int
    ending: Ending
