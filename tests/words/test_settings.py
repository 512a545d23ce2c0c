"""Settings: a wrong one cannot be built, and the error says key, value and limit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calmvoice import settings_file
from calmvoice.errors import SettingsError
from calmvoice.settings import Agreement, Breathing, Settings


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "new" / "settings.toml"
    settings = Settings(agreement=Agreement(signal='"odd" \\ name', pause_minutes=30))
    settings_file.save(path, settings)
    assert settings_file.load(path) == settings
    text = path.read_text("utf-8")
    assert "# How long a pause lasts, in minutes." in text
    assert "From 5 to 60." in text


@given(st.text(min_size=1, max_size=60).filter(lambda text: text.strip() == text and text != ""))
def test_any_signal_survives_the_file(signal: str) -> None:
    try:
        settings = Settings(agreement=Agreement(signal=signal))
    except ValueError:
        return
    text = settings_file.to_toml(settings)
    import tomlkit

    assert settings_file.check(tomlkit.parse(text).unwrap(), "x") == settings


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"agreement": {"pause_minutes": 90}}, "agreement.pause_minutes is 90: the most is 60"),
        ({"agreement": {"pause_minutes": 4}}, "agreement.pause_minutes is 4: the least is 5"),
        ({"agreement": {"pause_minutes": "long"}}, "agreement.pause_minutes is 'long'"),
        ({"agreement": {"pause_minuts": 20}}, "did you mean pause_minutes"),
        ({"agrement": {}}, "agrement is not known; did you mean agreement"),
        ({"agreement": {"signal": "  "}}, "agreement.signal is empty"),
        ({"agreement": {"signal": "x" * 61}}, "61 characters: the most is 60"),
        ({"agreement": {"pause_minutes": 50, "longest_minutes": 40}}, "cannot be under"),
        ({"agreement": {"bedtime": "late"}}, "'late' is no clock time"),
        ({"agreement": {"bedtime": "25:00"}}, "from 0:00 to 23:59"),
        ({"agreement": {"bedtime": "22:00", "morning": "23:00"}}, "they must be 7 to 16"),
        ({"agreement": {"quiet_from": "22:00"}}, "are needed both, or neither"),
        ({"agreement": {"event": "food first", "event_minutes": 90}}, "cannot be over"),
        ({"agreement": {"agreed_on": "yesterday"}}, "agreement.agreed_on"),
        ({"breathing": {"pattern": "2-3"}}, "not be shorter than 8 seconds"),
        ({"breathing": {"cues": "loud"}}, "it must be 'sparse', 'counted' or 'none'"),
        ({"computer": {"clock": 10}}, "it must be 12 or 24"),
        ({"computer": 3}, "computer is 3"),
    ],
)
def test_a_wrong_value_is_named_with_its_limit(values: dict[str, Any], message: str) -> None:
    with pytest.raises(SettingsError, match=r"f\.toml") as caught:
        settings_file.check(values, "f.toml")
    assert message in str(caught.value)


@pytest.mark.parametrize("content", [b"agreement = [", b"\xff\xfe", b"[agreement]\nsignal = 3\n"])
def test_a_damaged_file_is_refused_and_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "settings.toml"
    path.write_bytes(content)
    with pytest.raises(SettingsError, match=r"settings\.toml"):
        settings_file.load(path)
    assert path.read_bytes() == content


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[agreement]\n\npause_minutes = 90\n", "line 3: agreement.pause_minutes is 90"),
        ("[agreement]\nsignal = 'x'\n[agrement]\n", "line 3: agrement is not known"),
        ("[computer]\nclock = 10\n[agreement]\nsignal = 3\n", "line 4: agreement.signal is 3"),
        ("[computer]\nclock = 10\n[agreement]\nsignal = 3\n", "line 2: computer.clock is 10"),
        (
            "[agreement]\nquiet_from = '22:00'\n",
            "line 1: agreement: ",
        ),  # of two keys, one is missing
    ],
)
def test_a_fault_is_told_by_its_line(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(SettingsError, match=r"settings\.toml: line") as caught:
        settings_file.load(path)
    assert message in str(caught.value)


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match="cannot be written"):
        settings_file.save(tmp_path / "file" / "settings.toml", Settings())


def test_settings_do_not_change() -> None:
    with pytest.raises(ValueError, match="frozen"):
        Settings().agreement.pause_minutes = 5  # type: ignore[misc] # that it is refused is the test


def test_the_default_breath_is_ten_seconds() -> None:
    assert Breathing().breath.seconds == 10
