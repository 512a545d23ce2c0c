"""Looking back: week by week, drawn and saved; nothing is scored, nothing is lost in a file."""

from __future__ import annotations

import csv
import json
from datetime import date, timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from rich.console import Console

from calmvoice.errors import JournalError
from calmvoice.history.drawing import drawn
from calmvoice.history.saving import as_csv, as_json, save
from calmvoice.history.weeks import CAUGHT, ENDINGS, by_week
from calmvoice.history.words import Words
from calmvoice.journal import HistoryRow
from calmvoice.language import load

WORDS = Words(load("en"))
TODAY = date(2026, 11, 24)  # a Tuesday
ROWS = [
    HistoryRow("2026-10-26", 20, "kept", "late"),
    HistoryRow("2026-11-01", 30, "moved", "middle"),
    HistoryRow("2026-11-10", 20, "not answered", None),
    HistoryRow("2026-11-23", 20, "kept", "early"),
    HistoryRow("2026-11-24", 15, "kept", "early"),
]
some_rows = st.lists(
    st.builds(
        HistoryRow,
        st.dates(date(2026, 1, 1), TODAY).map(date.isoformat),
        st.integers(5, 180),
        st.sampled_from(ENDINGS),
        st.sampled_from([None, *CAUGHT]),
    ),
    max_size=40,
)


def test_weeks_begin_on_monday_and_those_without_a_pause_are_there() -> None:
    weeks = by_week(ROWS, TODAY, 12)
    assert [week.monday.isoformat() for week in weeks] == [
        "2026-10-26", "2026-11-02", "2026-11-09", "2026-11-16", "2026-11-23",
    ]  # fmt: skip
    assert [len(week.pauses) for week in weeks] == [2, 0, 1, 0, 2]
    assert [week.caught("early") for week in weeks] == [0, 0, 0, 0, 2]
    assert by_week([], TODAY, 12) == ()


@given(some_rows, st.integers(1, 60))
def test_no_pause_is_lost_or_counted_twice(rows: list[HistoryRow], most: int) -> None:
    weeks = by_week(rows, TODAY, most)
    assert len(weeks) <= most
    since = TODAY - timedelta(days=TODAY.weekday(), weeks=most - 1)
    shown = [row for row in rows if date.fromisoformat(row.day) >= since]
    assert sum(len(week.pauses) for week in weeks) == len(shown)
    for ending in ENDINGS:
        counted = sum(week.ended(ending) for week in weeks)
        assert counted == sum(row.ending == ending for row in shown)


def page(width: int = 80) -> str:
    console = Console(width=width, record=True, file=open("/dev/null", "w"))  # noqa: SIM115, PTH123 - closed with the test
    console.print(drawn(by_week(ROWS, TODAY, 12), WORDS))
    return console.export_text()


def test_the_page_draws_each_pause_and_says_what_the_dots_mean() -> None:
    lines = page().splitlines()
    (first,) = [line for line in lines if line.strip().startswith("2026-10-26")]
    assert "● ◐" in first
    assert "in the middle, late" in first
    (last,) = [line for line in lines if line.strip().startswith("2026-11-23")]
    assert "early ×2" in last  # noqa: RUF001 - times, as it is printed
    assert "● met at the time  ◐ time moved, then met  ○ still owed, kindly" in page()


def test_nothing_on_the_page_scores_or_judges() -> None:
    text = page().lower()
    for word in ("%", "score", "streak", "best", "worst", "good", "bad", "fail", "success", "rate"):
        assert word not in text, word


def test_csv_and_json_hold_every_pause(tmp_path: Path) -> None:
    weeks = by_week(ROWS, TODAY, 1)
    for name in ("pauses.csv", "pauses.JSON"):
        save(tmp_path / name, ROWS, weeks, WORDS)
    with (tmp_path / "pauses.csv").open(newline="") as file:
        read = [
            HistoryRow(row["day"], int(row["minutes"]), row["ending"], row["caught"] or None)
            for row in csv.DictReader(file)
        ]
    assert read == ROWS
    assert [HistoryRow(**row) for row in json.loads((tmp_path / "pauses.JSON").read_text())] == ROWS
    assert as_csv([]) == "day,minutes,ending,caught\n"
    assert as_json([]) == "[]\n"


def test_the_pictures_show_the_weeks(tmp_path: Path) -> None:
    weeks = by_week(ROWS, TODAY, 12)
    save(tmp_path / "weeks.png", ROWS, weeks, WORDS)
    save(tmp_path / "weeks.svg", ROWS, weeks, WORDS)
    with Image.open(tmp_path / "weeks.png") as picture:
        assert picture.size == (1350, 780)
        colours = {colour for _, colour in picture.convert("RGB").getcolors(1 << 24) or []}
    assert {(46, 106, 108), (143, 184, 181), (217, 201, 168)} <= colours  # kept, moved, owed
    drawn_svg = ElementTree.parse(tmp_path / "weeks.svg").getroot()
    assert drawn_svg.tag.endswith("svg")
    assert b"date" not in (tmp_path / "weeks.svg").read_bytes().lower()


@pytest.mark.parametrize(
    ("name", "rows", "message"),
    [
        ("weeks.pdf", ROWS, "must end in .csv, .json, .png, .svg"),
        ("weeks.png", [], "No pauses yet."),
        ("no/folder/weeks.csv", ROWS, "cannot be written"),
    ],
)
def test_what_cannot_be_saved_is_said(
    tmp_path: Path, name: str, rows: list[HistoryRow], message: str
) -> None:
    with pytest.raises(JournalError, match=message):
        save(tmp_path / name, rows, by_week(rows, TODAY, 12), WORDS)
