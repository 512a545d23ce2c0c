"""Writes down what the session asks for, and has the journal catch up with what it could not.

Rules: a trouble is shown once, and taken away when it is over.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from calmvoice.errors import JournalError
from calmvoice.journal import Journal
from calmvoice.session.actions import NoteCaught, NoteEnd, NoteMoment, NotePromise

log = logging.getLogger(__name__)

Note = NotePromise | NoteEnd | NoteCaught | NoteMoment


class NoteTaker:
    """Between the session's actions and the journal; used by the session's thread alone."""

    def __init__(
        self,
        journal: Journal,
        on_trouble: Callable[[str, str], None],
        on_relief: Callable[[str], None],
    ) -> None:
        self._journal, self._on_trouble, self._on_relief = journal, on_trouble, on_relief
        self._told: str | None = None

    def take(self, note: Note) -> None:
        """Write a note down."""
        match note:
            case NotePromise(promise):
                self._try(lambda: self._journal.note_promise(promise))
            case NoteEnd(record):
                self._try(lambda: self._journal.note_end(record))
            case NoteCaught(caught):
                self._try(lambda: self._journal.note_caught(caught))
            case NoteMoment(what, at):
                self._try(lambda: self._journal.note_moment(what, at))

    def catch_up(self) -> None:
        """Try again what could not be written."""
        if self._told is not None:
            self._try(self._journal.catch_up)

    def _try(self, write: Callable[[], None]) -> None:
        try:
            write()
        except JournalError as error:
            message = str(error)
            if message != self._told:
                log.error("not written down: %s", error)
                self._relieve()
                self._told = message
                self._on_trouble(message, error.hint)
        else:
            self._relieve()

    def _relieve(self) -> None:
        if self._told is not None:
            self._on_relief(self._told)
            self._told = None
