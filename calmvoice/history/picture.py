"""The weeks as a picture to keep: PNG or SVG, drawn by matplotlib (an extra).

Two panels over the same weeks: how the pauses ended, and how early they came. Bars show counts;
no line goes up or down, because it is no race.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from calmvoice.errors import JournalError
from calmvoice.history.weeks import CAUGHT, ENDINGS, Week
from calmvoice.history.words import Words

try:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator
except ImportError as missing:
    raise JournalError(
        "a picture cannot be drawn without matplotlib",
        'Install it: pip install "calmvoice[picture]"; or save .csv or .json.',
    ) from missing

SIZE = (9.0, 5.2)  # inches
DOTS_PER_INCH = 150
INK, FAINT = "#2d3038", "#d8dfde"
ENDING_COLOURS = {"kept": "#2e6a6c", "moved": "#8fb8b5", "not answered": "#d9c9a8"}
CAUGHT_COLOURS = {"early": "#2e6a6c", "middle": "#8fb8b5", "late": "#c9cdd2"}
MOST_DATES = 12


def save_picture(path: Path, weeks: Sequence[Week], words: Words) -> None:
    """Write the picture; raises ``OSError``."""
    figure = Figure(SIZE, layout="constrained")
    above, below = figure.subplots(2, 1, sharex=True)
    figure.suptitle(words.line("title"), color=INK)
    _bars(above, weeks, ENDINGS, Week.ended, ENDING_COLOURS, words.ending)
    _bars(below, weeks, CAUGHT, Week.caught, CAUGHT_COLOURS, words.caught)
    above.set_title(words.line("pauses"), loc="left", color=INK, fontsize="medium")
    below.set_title(words.line("noticed"), loc="left", color=INK, fontsize="medium")
    step = -(-len(weeks) // MOST_DATES)
    places = range(0, len(weeks), step)
    below.set_xticks(
        list(places),
        [words.day(weeks[at].monday) for at in places],
        rotation=30,
        ha="right",
        rotation_mode="anchor",
    )
    figure.supxlabel(words.line("note"), color=INK, fontsize="small")
    bare = {"Date": None} if path.suffix.lower() == ".svg" else {"Software": None}
    figure.savefig(path, dpi=DOTS_PER_INCH, metadata=bare)


def _bars(
    axes: Axes,
    weeks: Sequence[Week],
    kinds: Sequence[str],
    count: Callable[[Week, str], int],
    colours: dict[str, str],
    name: Callable[[str], str],
) -> None:
    bottom = [0] * len(weeks)
    for kind in kinds:
        heights = [count(week, kind) for week in weeks]
        axes.bar(range(len(weeks)), heights, 0.7, bottom, color=colours[kind], label=name(kind))
        bottom = [low + height for low, height in zip(bottom, heights, strict=True)]
    axes.set_ylim(0, max(*bottom, 3))
    axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))
    axes.tick_params(colors=INK, length=0)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.spines["bottom"].set_color(FAINT)
    axes.grid(axis="y", color=FAINT)
    axes.set_axisbelow(True)
    axes.legend(frameon=False, loc="upper left", bbox_to_anchor=(1.0, 1.0), labelcolor=INK)
