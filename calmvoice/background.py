"""No screen and no keys: what runs under a service manager.

Rules: nothing is printed, because a service's output is kept: not what is said, not when a pause
was; troubles are logged where they arise, without words.
"""

from __future__ import annotations

from calmvoice.session.script import Line, Script
from calmvoice.shell import Status
from calmvoice.until_ended import UntilEnded


class Background:
    """A ``Display`` that shows nothing."""

    def __init__(self) -> None:
        self._until = UntilEnded()

    def run(self) -> None:
        """Wait until SIGTERM, SIGINT, SIGHUP or ``end``."""
        self._until.wait()

    def end(self) -> None:
        """Stop running; from any thread."""
        self._until.end()

    def show_status(self, status: Status) -> None:
        """Nothing: the door tells it to whoever asks."""

    def show_script(self, script: Script) -> None:
        """Nothing: it is spoken."""

    def show_line(self, line: Line) -> None:
        """Nothing."""

    def show_trouble(self, message: str, hint: str) -> None:
        """Nothing: whoever noticed it has logged it."""

    def clear_trouble(self, message: str) -> None:
        """Nothing."""
