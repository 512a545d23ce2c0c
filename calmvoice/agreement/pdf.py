"""The agreement as a page to print and hang up: A4, one side, lines to sign.

Rules: it is always one page, the letters get smaller until it is; a character that no font has is
told, never printed as a box without a word. fpdf2 and its fonts are an extra (``calmvoice[pdf]``).
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import cast

from calmvoice.agreement.page import Page, Section
from calmvoice.errors import SettingsError

try:
    from fpdf import FPDF
    from fpdf.enums import Align, XPos, YPos
    from fpdf.errors import FPDFException
except ImportError as missing:
    raise SettingsError(
        "the page cannot be made without fpdf2", 'Install it: pip install "calmvoice[pdf]"'
    ) from missing

PAGE_WIDTH, PAGE_HEIGHT = 210.0, 297.0  # mm, A4
MARGIN, FRAME = 26.0, 14.0  # mm
SIGN_HEIGHT = 34.0  # mm kept free for the lines to sign
SIZES = [size / 4 for size in range(48, 25, -1)]  # points, 12 down to 6.5
LEADING = 1.45  # line height over letter height
POINT = 25.4 / 72  # mm
INK, ACCENT, FAINT = (45, 48, 56), (46, 106, 108), (176, 196, 194)  # red, green, blue
SEARCH_SECONDS = 10.0


@dataclass(frozen=True)
class Pdf:
    """The file's content, and the characters that stand in it as boxes."""

    content: bytes
    unprintable: tuple[str, ...]


def pdf(page: Page, names: Sequence[str] = (), font: Path | None = None) -> Pdf:
    """Draw the page, with names under the lines; raises ``SettingsError`` for an unusable font."""
    texts = [page.title, page.intro, page.signed, *names]
    texts += [text for section in page.sections for text in (section.title, *section.lines)]
    sheet = _Sheet(font)
    unprintable = sheet.find_fonts({character for text in texts for character in text})
    sheet.draw(page, names)
    return Pdf(sheet.content, unprintable)


class _Sheet:
    def __init__(self, font: Path | None) -> None:
        self._pdf = FPDF(format="A4")
        self._pdf.set_margin(MARGIN)
        self._pdf.set_auto_page_break(False)
        self._fallbacks: list[str] = []
        with resources.as_file(resources.files("calmvoice") / "fonts") as folder:
            self._pdf.add_font("serif", fname=folder / "DejaVuSerif.ttf")
            self._pdf.add_font("serif", style="B", fname=folder / "DejaVuSerif-Bold.ttf")
            self._add_fallback(folder / "DejaVuSans.ttf")
        if font is not None and not self._add_fallback(font):
            raise SettingsError(f"{font}: no font that can be used", "Give a .ttf or .otf file.")
        self._pdf.set_text_shaping(True)

    @property
    def content(self) -> bytes:
        return bytes(self._pdf.output())

    def find_fonts(self, characters: set[str]) -> tuple[str, ...]:
        """Look for fonts of this computer for what ours lack; return what is still missing."""
        missing = self._missing(characters)
        for path in _system_fonts(missing):
            if self._missing(characters) != missing:
                missing = self._missing(characters)
            if not missing:
                break
            self._add_fallback(path)
        missing = self._missing(characters)
        self._pdf.set_fallback_fonts(self._fallbacks, exact_match=False)
        return tuple(missing)

    def draw(self, page: Page, names: Sequence[str]) -> None:
        """Draw everything, in the largest letters that fit."""
        self._pdf.add_page()
        self._frame()
        top = self._head(page)
        bottom = PAGE_HEIGHT - FRAME - SIGN_HEIGHT
        heights = ((size, self._sections(page.sections, size, top, dry=True)) for size in SIZES)
        size, height = next(
            ((size, high) for size, high in heights if top + high <= bottom), (SIZES[-1], 0.0)
        )
        spare = max(0.0, bottom - top - height)
        self._sections(page.sections, size, top + min(spare / 3, 10.0), dry=False)
        self._signatures(page, names)

    def _add_fallback(self, path: Path) -> bool:
        family = f"other{len(self._fallbacks)}"
        try:
            self._pdf.add_font(family, fname=path)
            self._pdf.add_font(family, style="B", fname=path)
        except (FPDFException, OSError, ValueError, KeyError, AssertionError, RuntimeError):
            return False
        except Exception as error:
            if type(error).__module__.startswith("fontTools"):
                return False
            raise
        self._fallbacks.append(family)
        return True

    def _missing(self, characters: Iterable[str]) -> list[str]:
        families = ("serif", *self._fallbacks)
        return sorted(
            character
            for character in characters
            if not character.isspace()
            and not any(self._has(family, character) for family in families)
        )

    def _family(self, text: str) -> str:
        """Return the font that has most of a text: letters of two fonts are joined badly."""
        return max(
            ("serif", *self._fallbacks),
            key=lambda family: sum(self._has(family, character) for character in text),
        )

    def _has(self, family: str, character: str) -> bool:
        return ord(character) in getattr(self._pdf.fonts[family], "cmap", {})

    def _frame(self) -> None:
        self._pdf.set_draw_color(*FAINT)
        self._pdf.set_line_width(0.6)
        self._pdf.rect(
            FRAME,
            FRAME,
            PAGE_WIDTH - 2 * FRAME,
            PAGE_HEIGHT - 2 * FRAME,
            round_corners=True,
            corner_radius=6,
        )

    def _head(self, page: Page) -> float:
        """Draw the title; return where it ends, in mm from the top."""
        self._pdf.set_y(FRAME + 12)
        self._text(page.title, 26, ACCENT, "B", Align.C)
        self._pdf.ln(2)
        self._text(page.intro, 11, INK, "", Align.C)
        self._pdf.ln(3)
        y = self._pdf.get_y()
        self._pdf.line(PAGE_WIDTH / 2 - 14, y, PAGE_WIDTH / 2 + 14, y)
        return y + 5

    def _sections(self, sections: Sequence[Section], size: float, top: float, dry: bool) -> float:
        """Draw the sections from ``top`` on, or only measure them; return their height in mm."""
        height = 0.0
        self._pdf.set_y(top)
        for section in sections:
            height += self._text(section.title, size * 1.1, ACCENT, "B", Align.L, dry)
            for line in section.lines:
                height += self._gap(size * 0.15 * POINT, dry)
                height += self._text(line, size, INK, "", Align.L, dry)
            height += self._gap(size * 0.95 * POINT, dry)
        return height

    def _text(
        self,
        text: str,
        size: float,
        colour: tuple[int, int, int],
        style: str,
        align: Align,
        dry: bool = False,
    ) -> float:
        """Write a paragraph, or only measure it; return its height in mm."""
        self._pdf.set_font(self._family(text), style, size)
        self._pdf.set_text_color(*colour)
        height = self._pdf.multi_cell(
            w=0,
            h=size * LEADING * POINT,
            text=text,
            align=align,
            new_x=XPos.LMARGIN,
            new_y=YPos.NEXT,
            dry_run=dry,
            output="HEIGHT",
        )
        return cast("float", height)

    def _gap(self, height: float, dry: bool) -> float:
        if not dry:
            self._pdf.ln(height)
        return height

    def _signatures(self, page: Page, names: Sequence[str]) -> None:
        """Draw a line for each to sign on, and the day."""
        top = PAGE_HEIGHT - FRAME - SIGN_HEIGHT
        self._pdf.set_y(top)
        signed = f"{page.signed}, {page.day}" if page.day else page.signed
        self._text(signed, 10, INK, "", Align.C)
        width, gap = 62.0, 14.0
        left = (PAGE_WIDTH - page.people * width - (page.people - 1) * gap) / 2
        y = top + 20
        self._pdf.set_draw_color(*INK)
        self._pdf.set_line_width(0.3)
        for place in range(page.people):
            x = left + place * (width + gap)
            self._pdf.line(x, y, x + width, y)
            if place < len(names):
                self._pdf.set_xy(x, y + 1)
                self._pdf.set_font(self._family(names[place]), "", 9)
                self._pdf.cell(w=width, h=5, text=names[place], align=Align.C)


def _system_fonts(characters: Sequence[str]) -> list[Path]:
    """Return files of this computer's fonts that hold these characters, by fontconfig."""
    program = shutil.which("fc-list")
    found: dict[Path, None] = {}
    if program is None:
        return []
    for character in characters[:20]:  # the fonts of one character mostly hold its script
        listed = subprocess.run(
            [program, f":charset={ord(character):x}", "file"],
            capture_output=True,
            text=True,
            check=False,
            timeout=SEARCH_SECONDS,
        ).stdout
        for line in sorted(listed.splitlines())[:3]:
            path = Path(line.strip().rstrip(":"))
            if path.suffix.lower() in (".ttf", ".otf", ".ttc"):
                found[path] = None
    return list(found)
