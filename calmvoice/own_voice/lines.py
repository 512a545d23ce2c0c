"""A line as it is said, and which part of it a recording stands for. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from calmvoice.language import sentences
from calmvoice.sound import Sound

OPEN_FIELDS = ("{t}", "{n}")
"""What is only known when a line is spoken."""

Recorded = Callable[[str, str], Sound | None]
"""Gives the recording of a line by its name and its words, if there is one that holds."""


def nothing_recorded(_name: str, _words: str) -> Sound | None:
    """Return no recording, of any line."""
    return None


@dataclass(frozen=True)
class SpokenLine:
    """One line: ``words`` with time and number still open, ``text`` as it is said now.

    ``name`` is its role, with a number behind it where the role has several lines. A recording
    stands where the first sentence it replaces stood; those with a time or a number stay.
    """

    name: str
    words: str
    text: str

    @property
    def recordable(self) -> tuple[str, ...]:
        """The sentences that can be recorded as they are."""
        return tuple(part for part in sentences(self.words) if not _is_open(part))

    @property
    def before(self) -> tuple[str, ...]:
        """What the voice says before the recording."""
        return self._of_the_voice[: self._place]

    @property
    def after(self) -> tuple[str, ...]:
        """What the voice says after the recording: the time and the number, if they are not said.

        If a time fills into more sentences than it stood in, the whole line is said.
        """
        return self._of_the_voice[self._place :]

    @property
    def _of_the_voice(self) -> tuple[str, ...]:
        parts, said = sentences(self.words), sentences(self.text)
        if len(parts) != len(said):
            return said
        return tuple(text for part, text in zip(parts, said, strict=True) if _is_open(part))

    @property
    def _place(self) -> int:
        """How many of the voice's sentences stand before the first that can be recorded."""
        parts = sentences(self.words)
        if not self.recordable or len(parts) != len(sentences(self.text)):
            return 0
        return next(at for at, part in enumerate(parts) if not _is_open(part))


def spoken_lines(role: str, words: Sequence[str], texts: Sequence[str]) -> tuple[SpokenLine, ...]:
    """Return the lines of a role, named: "leaving.bid", or "settling.body.2" of several."""
    return tuple(
        SpokenLine(role if len(words) == 1 else f"{role}.{number}", line, text)
        for number, (line, text) in enumerate(zip(words, texts, strict=True), 1)
    )


def _is_open(sentence: str) -> bool:
    return any(field in sentence for field in OPEN_FIELDS)
