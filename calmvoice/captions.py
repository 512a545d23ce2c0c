"""What of the spoken words stands on the screen now: the whole script, or in large letters each
sentence while it sounds.
"""

from __future__ import annotations

import textwrap

from calmvoice.screen import Screen
from calmvoice.session.script import Script

WIDEST = 76  # characters in a line, on a wide screen: easier to read from across a room


class Captions:
    """The captions of one screen; ``cue`` is always what sounds at the moment, or nothing."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self._whole = ""

    def begin(self, script: Script) -> None:
        """A script begins to be spoken, or is only shown."""
        self._whole = self._screen.captions(script)

    def draw(self, cue: str, columns: int, rows: int) -> str:  # noqa: ARG002 - rows: for large ones
        """Return what stands there; breathing has no words but its cues."""
        return wrapped(self._whole or cue, columns)


class LargeCaptions(Captions):
    """A sentence at a time, as large as it fits."""

    def __init__(self, screen: Screen) -> None:
        from calmvoice.large_type import LargeType  # half a megabyte that few need

        super().__init__(screen)
        self._letters = LargeType()
        self._sentence = self._last_cue = ""

    def begin(self, script: Script) -> None:
        """Show the first sentence until another sounds."""
        self._sentence = next(iter(self._screen.sentences(script)), "")

    def draw(self, cue: str, columns: int, rows: int) -> str:
        """Return the sentence that sounds, or the last that did."""
        if cue and cue != self._last_cue:
            self._sentence = self._last_cue = cue
        return self._letters.draw(self._sentence, columns, rows)


def captions(screen: Screen) -> Captions:
    """Return captions in the size that the screen has."""
    return LargeCaptions(screen) if screen.is_large else Captions(screen)


def wrapped(text: str, columns: int) -> str:
    """Break lines between words: a terminal would break them anywhere."""
    return "\n".join(textwrap.wrap(text, max(20, min(columns - 4, WIDEST))))
