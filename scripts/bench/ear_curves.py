"""Draws the operating curves of the ears' benchmark: a panel a phrase, a colour a spotter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from counting import Point

COLOURS = {
    "CalmVoice": "tab:blue",
    "PocketSphinx": "tab:red",
    "openWakeWord": "tab:green",
    "microWakeWord": "tab:orange",
}


@dataclass(frozen=True)
class Line:
    """A spotter's curve; ``band`` is its interval at each point, dashed ones are in noise."""

    spotter: str
    label: str
    points: Sequence[Point]
    band: Sequence[tuple[float, float]] = ()
    dashed: bool = False
    setting: tuple[float, float] | None = None  # false alarms an hour, missed: as it comes


def draw(panels: Mapping[str, Sequence[Line]], hours: float, path: Path) -> None:
    """Write a PNG; never mistaken in ``hours`` of speech is at the left, a star the setting."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt
    from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

    columns = 2 if len(panels) > 1 else 1
    rows = -(-len(panels) // columns)
    figure, grid = plt.subplots(rows, columns, figsize=(6.2 * columns, 4.6 * rows), squeeze=False)
    none = 0.5 / hours
    most = max(
        (p.false_per_hour for lines in panels.values() for ln in lines for p in ln.points),
        default=1.0,
    )
    for axes, (phrase, lines) in zip(grid.flat, panels.items(), strict=False):
        for line in lines:
            x = [max(p.false_per_hour, none) for p in line.points]
            y = [p.missed_percent for p in line.points]
            colour, style = COLOURS[line.spotter], "--" if line.dashed else "-"
            mark = "o" if len(x) == 1 else None
            axes.step(x, y, style, where="post", color=colour, label=line.label, marker=mark)
            if line.band:
                low, high = zip(*line.band, strict=True)
                axes.fill_between(x, low, high, step="post", color=colour, alpha=0.15, linewidth=0)
            if line.setting is not None:
                at, missed = line.setting
                axes.plot(max(at, none), missed, "*", color=colour, markersize=10, clip_on=False)
            if len(x) > 1:  # where the curve ends: no looser setting was measured
                axes.plot(x[-1], y[-1], ".", color=colour)
        axes.set(
            title=f"“{phrase}”", xscale="log", xlim=(none * 0.85, max(most, 2.0) * 1.3),
            ylim=(-1.5, 60), xlabel="false alarms per hour of speech", ylabel="missed, %",
        )  # fmt: skip
        axes.xaxis.set_major_locator(LogLocator(subs=(1.0, 3.0)))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{v:g}"))
        axes.xaxis.set_minor_formatter(NullFormatter())
        axes.axvline(none, color="grey", linewidth=0.8, linestyle=":")
        axes.annotate("none heard", (none, 58), fontsize="x-small", rotation=90, va="top")
        axes.grid(alpha=0.3)
        axes.legend(fontsize="small", loc="upper right")
    for axes in grid.flat[len(panels) :]:
        axes.set_visible(False)
    figure.tight_layout()
    figure.savefig(path, dpi=120)
    plt.close(figure)
