"""What the couple's agreement means to the session: numbers and roles, nothing else."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from calmvoice.meanings import Meaning
from calmvoice.session.local_time import LocalTime, UniversalTime
from calmvoice.session.script import Step

MINUTE = 60.0
DAY = 24 * 3600.0  # the hard stop: no pause outlives a day (EVIDENCE: break rule)


@dataclass(frozen=True)
class Night:
    """When a pause may last until the morning; minutes of the local day."""

    bedtime: int
    morning: int


@dataclass(frozen=True)
class QuietHours:
    """When everything is softer: minutes of the local day, and the cap under the usual volume."""

    begin: int
    end: int
    cap_db: float = -20.0


@dataclass(frozen=True)
class Track:
    """Lines for how somebody is; ``breathes`` says whether slow breathing is good for it too."""

    steps: tuple[Step, ...]
    breathes: bool = True

    def before(self, others: tuple[Step, ...]) -> tuple[Step, ...]:
        """Return its lines, then the others that are not among them."""
        roles = {step.role for step in self.steps}
        return (*self.steps, *(step for step in others if step.role not in roles))


@dataclass(frozen=True)
class Reminders:
    """What may be said between pauses, from this minute of the local day on; 0 and None: never."""

    at: int
    check_in: int | None = None  # the day of the week, Monday is 0
    hello_days: int = 0
    practice_days: int = 0
    hints: bool = True


@dataclass(frozen=True)
class Rules:
    """Limits, counts and the order of lines; built from the agreement by ``wiring``."""

    pause_minutes: float = 20
    longest_minutes: float = 60
    answers_needed: int = 2
    breaths: int = 30
    breath_seconds: float = 10.0
    sighs: int = 0
    sigh_seconds: float = 12.5
    holds_breath: bool = False  # then the caution is said each time
    bridge: str = "bridge.default"
    silent_bridge: str = "bridge.silent"
    other_bridge: str = "bridge.default"
    after_bridge: tuple[str, ...] = ()
    event_minutes: float = 45
    until: int | None = None  # minute of the local day at which an agreed clock time lies
    night: Night | None = None
    quiet: QuietHours | None = None
    reminders: Reminders | None = None
    local_time: LocalTime = field(default_factory=UniversalTime)
    key_only: bool = False  # there is no microphone in this run
    without: frozenset[Meaning] = frozenset()  # what they did not agree on means nothing
    settling: tuple[Step, ...] = ()
    settling_wait_seconds: float = 10.0  # before the first of these lines
    tracks: Mapping[Meaning, Track] = field(default_factory=dict)
    last_line_seconds: float = 120.0  # no new line so near to the return
    deepest_voice: int = 3  # how many steps the voice comes down over a pause
    reentry: tuple[str, ...] = ()
    reentry_gap_seconds: float = 8.0
    ask_who_starts: bool = True
    turn_seconds: float = 0.0  # 0: no turns are timed
    turn_chime: bool = True
    help: tuple[str, ...] = ()
    reflection: bool = True
    more_minutes: tuple[int, int] = (10, 20)
    call_minutes: tuple[float, ...] = (0, 1, 3, 5)
    call_step_db: float = 2.0
    give_up_seconds: float = 60.0  # after the last call, for the way back to the room
    doubt_seconds: float = 5.0
    slow_seconds: float = 5.0  # 5 s works as well as 15 (EVIDENCE: micro-pause)
    answer_seconds: float = 12.0  # how long a question stays open
    same_person_seconds: float = 1.5  # two answers closer than this are one person's
    seen_seconds: float = 60.0  # how often a running pause notes that it is alive

    @property
    def for_one(self) -> bool:
        """Whether somebody practises alone."""
        return self.answers_needed == 1


def whole_minute(wall: float) -> float:
    """Round a wall time up to a whole minute, so that the spoken time is the exact time."""
    return math.ceil(wall / MINUTE) * MINUTE
