"""Plain output for pipes, logs and screen readers: one line for each thing that happens.

Typed lines count as spoken words or keys, so that a pause can be lived without a microphone.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence

from calmvoice.keys import Keys
from calmvoice.language import words_of
from calmvoice.meanings import Meaning
from calmvoice.ports import Clock
from calmvoice.screen import Screen
from calmvoice.session.events import Said, TimeTold
from calmvoice.session.script import Line, Script
from calmvoice.session.table import MEANINGS
from calmvoice.shell import Status
from calmvoice.typed_time import told
from calmvoice.until_ended import UntilEnded

Write = Callable[[str], None]


class Plain:
    """Writes lines; a ``Display`` for the stagehand."""

    def __init__(
        self,
        screen: Screen,
        keys: Keys,
        phrases: Mapping[Meaning, Sequence[str]],
        clock: Clock,
        write: Write,
        post: Callable[[Said | TimeTold], None],
    ) -> None:
        self._screen, self._keys, self._phrases = screen, keys, phrases
        self._clock, self._write, self._post = clock, write, post
        self._status: Status | None = None
        self._headline = ""
        self._begun, self._until = threading.Event(), UntilEnded()

    def run(self, typed: Iterable[str]) -> None:
        """Take typed lines on a thread of their own until SIGINT, SIGTERM or ``end``."""
        threading.Thread(target=self._take, args=(typed,), name="typed", daemon=True).start()
        self._until.wait()

    def end(self) -> None:
        """Stop running; from any thread."""
        self._until.end()

    def show_status(self, status: Status) -> None:
        """The stage or the promise changed."""
        asked = self._status is not None and self._status.asks_time
        self._status = status
        self._begun.set()
        headline = self._screen.headline(status, status.wall(self._clock.now()))
        if headline != self._headline:
            self._write(f"[{headline}]")
        self._headline = headline
        if status.asks_time and not asked:
            self._write(f"({self._screen.time_asked('')})")

    def show_script(self, script: Script) -> None:
        """These lines begin to be spoken."""
        if captions := self._screen.captions(script):
            self._write(captions)

    def show_line(self, line: Line) -> None:
        """Something to read that is not spoken."""
        self._write(f"({self._screen.captions((line,))})")

    def show_trouble(self, message: str, hint: str) -> None:
        """Something does not work, and what to do."""
        self._write(f"! {message} {hint}".rstrip())

    def clear_trouble(self, message: str) -> None:
        """It works again: the plain output has nothing to take away."""

    def _take(self, typed: Iterable[str]) -> None:
        self._begun.wait()  # what a pipe holds may be there before the session
        for line in typed:
            text = line.strip()
            if text == "q":
                self.end()
                return
            said = self._said(text)
            if said is not None:
                self._post(said)

    def _said(self, text: str) -> Said | TimeTold | None:
        if self._status is None:
            return None
        if self._status.asks_time and (time := told(text)):
            return time
        words = words_of(text)
        for meaning in MEANINGS[self._status.stage]:
            if any(words == words_of(phrase) for phrase in self._phrases[meaning]):
                return Said(meaning)
        if len(text) > 1:
            return None
        meaning_of_key = self._keys.meaning(text or "space", self._status.stage)
        return Said(meaning_of_key, by_key=True) if meaning_of_key is not None else None
