"""What a session asks for, in the imperative."""

from __future__ import annotations

from dataclasses import dataclass

from calmvoice.session.promise import PauseRecord, Promise
from calmvoice.session.script import Line, Script


@dataclass(frozen=True)
class Play:
    """Speak this script under this ticket; nothing else is playing.

    ``depth`` says how far the voice has come down: 0 is its usual rate, pitch and loudness.
    """

    ticket: int
    script: Script
    gain_db: float = 0.0
    depth: int = 0


@dataclass(frozen=True)
class Finish:
    """End this ticket at the end of the breath that is being taken."""

    ticket: int


@dataclass(frozen=True)
class Hush:
    """Be silent at once; the ticket's end is not awaited."""

    ticket: int


@dataclass(frozen=True)
class NotePromise:
    """Put the promise on disk: made, moved, or still alive."""

    promise: Promise


@dataclass(frozen=True)
class NoteEnd:
    """Take the promise off the disk and keep the record of the pause, in one step."""

    record: PauseRecord


@dataclass(frozen=True)
class NoteCaught:
    """Add "early", "middle" or "late" to the last record."""

    caught: str


@dataclass(frozen=True)
class NoteMoment:
    """Keep when something last was: a kind of reminder, or unrest. No words, no who."""

    what: str
    at: float


@dataclass(frozen=True)
class Show:
    """Show a line without speaking it."""

    line: Line


@dataclass(frozen=True)
class Listen:
    """Switch the microphone on, or off for guests: closed, and what it heard forgotten."""

    on: bool


Action = Play | Finish | Hush | NotePromise | NoteEnd | NoteCaught | NoteMoment | Show | Listen
