"""The weeks drawn in the terminal: a dot for each pause, a word for how early it came."""

from __future__ import annotations

from collections.abc import Sequence

from rich import box
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from calmvoice.history.weeks import CAUGHT, ENDINGS, Week
from calmvoice.history.words import Words

DOTS = {"kept": ("●", "cyan"), "moved": ("◐", "cyan"), "not answered": ("○", "bright_black")}
SHADES = {"early": "cyan", "middle": "default", "late": "bright_black"}


def drawn(weeks: Sequence[Week], words: Words) -> RenderableType:
    """Return the page: the weeks, what the dots mean, and a word beside it."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    table.add_column(words.line("week"), no_wrap=True)
    table.add_column(words.line("pauses"))
    table.add_column(words.line("noticed"))
    for week in weeks:
        table.add_row(words.day(week.monday), _dots(week), _noticed(week, words))
    legend = Text("  ").join(
        Text.assemble(DOTS[ending], " ", words.ending(ending)) for ending in ENDINGS
    )
    note = Text(words.line("note"), style="italic")
    return Group(table, Padding(legend, (0, 0, 1, 0)), note)


def _dots(week: Week) -> Text:
    return Text(" ").join(Text(*DOTS[pause.ending]) for pause in week.pauses)


def _noticed(week: Week, words: Words) -> Text:
    counts = [(when, week.caught(when)) for when in CAUGHT]
    return Text(", ").join(
        Text(words.caught(when) + (f" ×{count}" if count > 1 else ""), SHADES[when])  # noqa: RUF001 - times, as it is printed
        for when, count in counts
        if count
    )
