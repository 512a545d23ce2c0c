"""Gives memory back when a pause is over and CalmVoice listens again."""

from __future__ import annotations

from calmvoice.attendants import Attendant
from calmvoice.memory import give_back_freed
from calmvoice.shell import Status


class Tidying(Attendant):
    """Gives back what was freed each time CalmVoice comes to rest."""

    def __init__(self) -> None:
        self._at_rest = False

    def show_status(self, status: Status) -> None:
        """Give it back when nothing sounds and nobody is apart."""
        before, self._at_rest = self._at_rest, status.is_at_rest
        if self._at_rest and not before:
            give_back_freed()
