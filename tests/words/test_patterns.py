"""Breaths: what can be written, and what no breath may be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calmvoice.patterns import (
    LONGEST_HOLD_SECONDS,
    NAMED,
    SHORTEST_BREATH_SECONDS,
    SIGH,
    Breath,
    Part,
    parse,
    require_asked_for,
)


@pytest.mark.parametrize(
    ("text", "breath"),
    [
        ("4-6", Breath(4, 6)),
        ("4/6", Breath(4, 6)),
        (" 5.5 - 5.5 ", Breath(5.5, 5.5)),
        ("4-2-6", Breath(4, 6, hold_seconds=2)),
        ("4-4-4-4", NAMED["box"]),
        ("Box", NAMED["box"]),
        ("4-7-8", Breath(4, 8, hold_seconds=7)),
        ("4-0-6-0", Breath(4, 6)),
    ],
)
def test_a_pattern_is_written_as_its_seconds(text: str, breath: Breath) -> None:
    assert parse(text) == breath


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("3-4", "a breath of 7 seconds: it must not be shorter than 8"),
        ("4-8-6", "a hold of 8 seconds: the most is 7"),
        ("4-4-4-7.5", "a hold of 7.5 seconds: the most is 7"),
        ("1-8", "breathing in for 1 seconds: it must be 2 to 8"),
        ("4-13", "breathing out for 13 seconds: it must be 2 to 12"),
        ("circle", "'circle' is no pattern; there are 4-6, 5.5-5.5, box, 4-7-8"),
        ("4", "is no pattern"),
        ("4-6-2-2-2", "is no pattern"),
        ("4--6", "is no pattern"),
        ("4-nan", "is no pattern"),
        ("", "is no pattern"),
    ],
)
def test_what_no_breath_may_be_is_said(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=r"seconds|pattern") as caught:
        parse(text)
    assert message in str(caught.value)


@given(st.text(max_size=30) | st.from_regex(r"\A\d{1,2}(\.\d)?(-\d{1,2}(\.\d)?){0,4}\Z"))
def test_whatever_is_written_is_a_breath_within_the_limits_or_refused(text: str) -> None:
    try:
        breath = parse(text)
    except ValueError:
        return
    assert breath.seconds >= SHORTEST_BREATH_SECONDS
    assert max(breath.hold_seconds, breath.rest_seconds) <= LONGEST_HOLD_SECONDS
    parts = breath.parts
    assert parts[0][:2] == (Part.IN, 0)
    assert parts[-1][1] + parts[-1][2] == pytest.approx(breath.seconds)


@pytest.mark.parametrize("name", ["box", "4-7-8"])
def test_holds_are_for_those_who_ask_for_them(name: str) -> None:
    with pytest.raises(ValueError, match="write holds = true"):
        require_asked_for(name, holds=False)
    require_asked_for(name, holds=True)


def test_the_others_hold_nothing() -> None:
    assert not SIGH.holds
    for name in ("4-6", "5.5-5.5"):
        require_asked_for(name, holds=False)
