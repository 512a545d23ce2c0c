"""Captions in large letters, drawn with blocks, for eyes and ears that need them.

The letters are FIGlet's "pagga": three rows, thick, twenty to a line of 80. Rules: a text is broken
between words and never cut; where it would not fit, or holds a letter that the font draws wrong
(whatever is not ASCII), the text stands as it is.
"""

from __future__ import annotations

from pyfiglet import Figlet

from calmvoice.captions import wrapped

FONT = "pagga"
SHADE = "░"  # the font's paper; a screen has its own
SCALES = (2, 1)
MOST_COLUMNS = 1000  # for one line: breaking is done here, between words
SPELT = str.maketrans({"…": "...", "“": '"', "”": '"', "’": "'", "–": "-"})
UPPER, LOWER = "█▀", "█▄"  # blocks whose upper, whose lower half is full


class LargeType:
    """Draws text in a space of so many columns and rows."""

    def __init__(self) -> None:
        self._figlet = Figlet(font=FONT, width=MOST_COLUMNS)

    def draw(self, text: str, columns: int, rows: int) -> str:
        """Return the text as large as it fits, every line in the middle of the columns."""
        spelt = text.translate(SPELT)
        if spelt.isascii():
            for scale in SCALES:
                lines = self._lines(spelt, columns // scale)
                if lines and sum(len(line) * scale + 1 for line in lines) - 1 <= rows:
                    return "\n\n".join(_centred(line, scale, columns) for line in lines)
        return wrapped(text, columns)

    def _lines(self, text: str, columns: int) -> list[list[str]]:
        """Break a text between words; nothing if a single word is too wide."""
        lines: list[list[str]] = []
        line = ""
        for word in text.split():
            longer = f"{line} {word}".strip()
            drawn = self._drawn(longer)
            if line and len(drawn[0]) > columns:
                longer, drawn = word, self._drawn(word)
            else:
                lines = lines[:-1] if line else lines
            if len(drawn[0]) > columns:
                return []
            lines.append(drawn)
            line = longer
        return lines

    def _drawn(self, text: str) -> list[str]:
        rows = self._figlet.renderText(text).replace(SHADE, " ").splitlines()
        rows = [row for row in rows if row.strip()] or [""]
        width = max(map(len, rows))
        return [row.ljust(width) for row in rows]


def _centred(line: list[str], scale: int, columns: int) -> str:
    rows = line if scale == 1 else [half for row in line for half in _doubled(row)]
    return "\n".join(row.center(columns) for row in rows)


def _doubled(row: str) -> tuple[str, str]:
    """Return a row of half blocks at twice the size: each half becomes a row of its own."""

    def wide(full: str) -> str:
        return "".join(
            ("█" if block in full else " " if block in UPPER + LOWER else block) * 2
            for block in row
        )

    return wide(UPPER), wide(LOWER)
