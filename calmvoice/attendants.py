"""Parts that live beside the session for one run: the door, the watchdog, a lamp, a button.

Rules: they are told what happens and may post events, as a keyboard does; each method returns at
once and raises nothing, because the session's or the microphone's thread calls it. One that cannot
begin says so, and the others go on.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

from calmvoice.errors import CalmVoiceError
from calmvoice.hearing import Listens
from calmvoice.session.script import Script
from calmvoice.shell import Display, Mouth, Status
from calmvoice.sound import PcmSamples

log = logging.getLogger(__name__)


class Attendant:
    """One such part; overrides what it needs to know."""

    def begin(self) -> None:
        """The run begins; raises ``CalmVoiceError`` if this part cannot take part in it."""

    def show_status(self, status: Status) -> None:
        """The stage or the promise changed."""

    def show_microphone(self, works: bool) -> None:
        """The microphone is heard from now on, or not."""

    def before_speaking(self) -> None:
        """CalmVoice is about to speak."""

    def take(self, samples: PcmSamples, captured_at: float) -> None:
        """Take a chunk of the microphone, as ``ports.Chunk``; it may not be kept."""

    def close(self) -> None:
        """The run is over; returns within a second."""


class Attended:
    """Ties attendants to the display, the mouth and the microphone of a room."""

    def __init__(self, attendants: Sequence[Attendant]) -> None:
        self.attendants = tuple(attendants)

    def begin(self, display: Display) -> None:
        """Begin all; show which cannot, and why."""
        for attendant in self.attendants:
            try:
                attendant.begin()
            except CalmVoiceError as error:
                log.warning("%s", error)
                display.show_trouble(str(error), error.hint)

    def close(self) -> None:
        """Close all."""
        for attendant in self.attendants:
            attendant.close()

    def show_microphone(self, works: bool) -> None:
        """Tell all whether the microphone is heard."""
        for attendant in self.attendants:
            attendant.show_microphone(works)

    def display(self, display: Display) -> Display:
        """Return the display, with what it shows told to the attendants too."""
        return _Display(display, self.attendants)

    def mouth(self, mouth: Mouth) -> Mouth:
        """Return the mouth, with the attendants told before it speaks."""
        return _Mouth(mouth, self.attendants)

    def listener(self, listener: Listens) -> Listens:
        """Return the listener, with the attendants taking each chunk after it."""
        return _Listener(listener, self.attendants)


class _Display:
    def __init__(self, display: Display, attendants: Sequence[Attendant]) -> None:
        self._display, self._attendants = display, attendants
        self.show_script = display.show_script
        self.show_line = display.show_line
        self.show_trouble = display.show_trouble
        self.clear_trouble = display.clear_trouble

    def show_status(self, status: Status) -> None:
        """Show it, and tell it."""
        self._display.show_status(status)
        for attendant in self._attendants:
            attendant.show_status(status)


class _Mouth:
    def __init__(self, mouth: Mouth, attendants: Sequence[Attendant]) -> None:
        self._mouth, self._attendants = mouth, attendants
        self.finish, self.hush = mouth.finish, mouth.hush

    def play(self, ticket: int, script: Script, gain_db: float, depth: int = 0) -> None:
        """Tell it, and speak."""
        for attendant in self._attendants:
            attendant.before_speaking()
        self._mouth.play(ticket, script, gain_db, depth)


class _Listener:
    def __init__(self, listener: Listens, attendants: Sequence[Attendant]) -> None:
        self._listener, self._attendants = listener, attendants
        self.pause, self.resume = listener.pause, listener.resume

    def take(self, samples: PcmSamples, captured_at: float) -> None:
        """Let it listen, then the others."""
        self._listener.take(samples, captured_at)
        for attendant in self._attendants:
            attendant.take(samples, captured_at)
