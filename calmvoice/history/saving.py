"""The history as a file: CSV and JSON hold each pause, PNG and SVG the weeks."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import asdict, fields
from pathlib import Path

from calmvoice.errors import JournalError
from calmvoice.history.weeks import Week
from calmvoice.history.words import Words
from calmvoice.journal import HistoryRow

TABLES = (".csv", ".json")
PICTURES = (".png", ".svg")


def save(path: Path, rows: Sequence[HistoryRow], weeks: Sequence[Week], words: Words) -> None:
    """Write the file its name asks for; raises ``JournalError``."""
    kind = path.suffix.lower()
    if kind not in TABLES + PICTURES:
        raise JournalError(
            f"{path}: the name must end in {', '.join(TABLES + PICTURES)}",
            "csv and json are tables, png and svg pictures.",
        )
    try:
        if kind in TABLES:
            path.write_text(as_csv(rows) if kind == ".csv" else as_json(rows), "utf-8")
        elif weeks:
            from calmvoice.history.picture import save_picture

            save_picture(path, weeks, words)
        else:
            raise JournalError(words.line("none"), "There is nothing to draw yet.")
    except OSError as error:
        raise JournalError(f"{path}: cannot be written ({error.strerror})") from error


def as_csv(rows: Sequence[HistoryRow]) -> str:
    """Return a line for each pause under a line of names."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow([field.name for field in fields(HistoryRow)])
    table.writerows([row.day, row.minutes, row.ending, row.caught or ""] for row in rows)
    return text.getvalue()


def as_json(rows: Sequence[HistoryRow]) -> str:
    """Return a list of pauses."""
    return json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=2) + "\n"
