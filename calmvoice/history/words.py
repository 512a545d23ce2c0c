"""The words of the history, from the language file."""

from __future__ import annotations

from datetime import date

from calmvoice.language import PhrasePack

ENDINGS = {"kept": "kept", "moved": "moved", "not answered": "owed"}


class Words:
    """What stands on the page, in the terminal and in the picture."""

    def __init__(self, pack: PhrasePack) -> None:
        self._pack = pack

    def line(self, name: str) -> str:
        """Return a text by its name."""
        return " ".join(self._pack.lines[f"history.{name}"])

    def ending(self, ending: str) -> str:
        """Return how a pause ended, in kind words."""
        return self.line(ENDINGS[ending])

    def caught(self, when: str) -> str:
        """Return "early", "middle" or "late"."""
        return self.line(when)

    def day(self, day: date) -> str:
        """Return a day in figures, as everybody reads them."""
        return day.isoformat()
