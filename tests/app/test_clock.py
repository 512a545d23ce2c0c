"""The computer's clocks: what is believed, local hours over a change of summer time, a new zone."""

from __future__ import annotations

import ctypes
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calmvoice import clock_times, language
from calmvoice.clock import SystemClock, SystemLocalTime
from calmvoice.clock_trust import EARLIEST_WALL, UNSYNCHRONISED, ClockTrust
from calmvoice.ports import Trust
from calmvoice.prompter import Wording
from calmvoice.session.events import TimeTold
from calmvoice.session.rules import whole_minute
from calmvoice.typed_time import TypedTime, told

BERLIN = ZoneInfo("Europe/Berlin")
SPRING = datetime(2027, 3, 28, 1, 50, tzinfo=BERLIN).timestamp()  # at two it is three
AUTUMN = datetime(2027, 10, 31, 2, 50, tzinfo=BERLIN).timestamp()  # at three it is two again


@pytest.fixture
def berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.fixture(scope="module")
def wording() -> Wording:
    pack = language.load("en")
    return Wording(pack, pack.speller(12), {"signal": "yellow light"})


def test_a_reading_names_the_boot_and_counts_from_it() -> None:
    now = SystemClock().now()
    assert now.boot_id == Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    uptime = float(Path("/proc/uptime").read_text().split()[0])
    assert abs(now.since_boot - uptime) < 5


@pytest.mark.parametrize(
    ("board", "clock", "wall", "trust"),
    [
        (True, False, EARLIEST_WALL + 1, Trust.NEVER_SET),
        (True, True, EARLIEST_WALL + 1, Trust.OWN),
        (False, False, EARLIEST_WALL + 1, Trust.OWN),
        (False, True, EARLIEST_WALL - 1, Trust.NEVER_SET),
        (True, True, 4000.0, Trust.NEVER_SET),
    ],
)
def test_a_board_without_a_clock_of_its_own_is_not_believed(
    tmp_path: Path, board: bool, clock: bool, wall: float, trust: Trust
) -> None:
    model, clocks = tmp_path / "model", tmp_path / "rtc"
    clocks.mkdir()
    if board:
        model.write_text("Raspberry Pi 4 Model B")
    if clock:
        (clocks / "rtc0").touch()
    libc = ctypes.CDLL(None)
    kept = libc.adjtimex(ctypes.create_string_buffer(512)) < UNSYNCHRONISED
    expected = Trust.SYNCHRONISED if kept and wall >= EARLIEST_WALL else trust
    assert ClockTrust(model, clocks).of(wall) is expected


@pytest.mark.usefixtures("berlin")
@pytest.mark.parametrize(
    ("wall", "said"),
    [(SPRING, "ten past three"), (AUTUMN, "ten past two"), (0.0, "twenty past one")],
)
def test_the_time_that_is_said_is_right_over_a_change_of_summer_time(
    wording: Wording, wall: float, said: str
) -> None:
    assert wording.spoken_time(whole_minute(wall + 20 * 60)) == said


@pytest.mark.usefixtures("berlin")
@settings(max_examples=200)
@given(st.sampled_from([SPRING, AUTUMN]), st.floats(-90_000, 90_000), st.integers(0, 1439))
def test_the_next_such_minute_is_the_first_that_the_clock_shows(
    change: float, off: float, minute: int
) -> None:
    wall = change + off
    local = SystemLocalTime()
    at = local.next_at(wall, minute)
    assert wall < at <= wall + 25 * 3600 + 60
    shown = [
        whole_minute(wall) + 60 * step
        for step in range(round((at - wall) / 60))
        if local.minute_of_day(whole_minute(wall) + 60 * step) == minute
        and whole_minute(wall) + 60 * step > wall
    ]
    assert not [earlier for earlier in shown if earlier < at - 1]
    missing = 120 <= minute < 180 and local.minute_of_day(at) == minute + 60
    assert local.minute_of_day(at) == minute or missing, "an hour that is left out"


def test_a_new_time_zone_is_taken_up_while_the_program_runs(
    monkeypatch: pytest.MonkeyPatch, wording: Wording
) -> None:
    local, wall = SystemLocalTime(), AUTUMN + 86_400
    monkeypatch.setenv("TZ", "Europe/Berlin")
    assert local.utc_offset(wall) == 3600
    before = wording.spoken_time(wall)
    monkeypatch.setenv("TZ", "Europe/London")
    assert local.utc_offset(wall) == 0
    assert wording.spoken_time(wall) != before
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [
        ("7:40", (460, 1180)), ("07:40", (460,)), ("19:40", (1180,)), ("7:40 pm", (1180,)),
        ("12:30", (30, 750)), ("0:10", (10,)), ("9", (540, 1260)), ("25:00", ()), ("soon", ()),
    ],
)  # fmt: skip
def test_a_typed_time_may_be_morning_or_evening(typed: str, minutes: tuple[int, ...]) -> None:
    assert clock_times.readings(typed) == minutes
    assert told(typed) == (TimeTold(minutes) if minutes else None)


def test_a_time_is_typed_key_by_key() -> None:
    typed = TypedTime()
    assert not typed.takes("m"), "a word's key stays a word's key"
    assert not typed.takes("\r")
    for key in "199\x7f:40":
        assert typed.takes(key)
        assert typed.press(key) is None
    assert typed.text == "19:40"
    assert typed.press("\r") == TimeTold((1180,))
    assert typed.text == ""
