"""What can happen to a session, in the past tense.

Two families. People may say anything at any time: what does not fit the stage is let go.
Our own parts must not surprise us: what cannot be raises ``SessionError``.
"""

from __future__ import annotations

from dataclasses import dataclass

from calmvoice.meanings import Meaning
from calmvoice.session.promise import Promise


@dataclass(frozen=True)
class Said:
    """A person said or pressed something; ``sure`` is false when it may have been misheard."""

    meaning: Meaning
    sure: bool = True
    by_key: bool = False


@dataclass(frozen=True)
class ClipEnded:
    """The loudspeaker ended a ticket, having passed so many of its breaks (ends of breaths)."""

    ticket: int
    breaks: int = 0


@dataclass(frozen=True)
class DeadlineReached:
    """The timer that was armed for the published deadline fired; early or twice is harmless."""


@dataclass(frozen=True)
class HearingChanged:
    """The microphone was lost, or works again."""

    works: bool


@dataclass(frozen=True)
class Restarted:
    """The program started and found a promise on disk."""

    promise: Promise


@dataclass(frozen=True)
class TimeTold:
    """A person said what time it is: a minute of the local day, or two where it may be either."""

    minutes: tuple[int, ...]


PersonEvent = Said | TimeTold
PartEvent = ClipEnded | DeadlineReached | HearingChanged | Restarted
Event = PersonEvent | PartEvent
