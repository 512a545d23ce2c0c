"""What a larger recogniser hears becomes a manifest, but for what is in doubt."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from models.recipe.recordings import RecipeError, read_manifest
from models.recipe.transcribe import Recognised, recording_of, transcribe, whisper

FILE = Path("voices/anna.wav")


def test_numbers_are_written_out() -> None:
    found = recording_of(FILE, Recognised(2.5, ("A 12 ounce latte, please.",), -0.1))
    assert found is not None
    assert found.text == "A twelve ounce latte, please."
    assert (found.seconds, found.speaker) == (2.5, "voices-anna")


@pytest.mark.parametrize(
    "heard",
    [
        Recognised(2.0, ("Perhaps this.",), -0.7),
        Recognised(9.0, ("One thing.", "And another."), -0.1),
        Recognised(1.0, (), -9.0),
        Recognised(1.0, ("That is $5.",), -0.1),
        *(
            Recognised(1.0, (f"It was {number} then.",), -0.1)
            for number in ("1,000", "1st", "20th", "90s", "007", "3.5", "1999", "10:30", "5-6")
        ),
        Recognised(1.0, ("Señor.",), -0.1),
    ],
)
def test_what_is_in_doubt_is_left_out(heard: Recognised) -> None:
    assert recording_of(FILE, heard) is None


def test_a_manifest_is_written_that_the_other_steps_read(tmp_path: Path) -> None:
    files = [tmp_path / "voices" / name for name in ("anna.wav", "ben.wav")]
    files[0].parent.mkdir()
    for file in files:
        file.write_bytes(b"sound")
    said = {
        files[0]: Recognised(2.5, ("Yellow light.",), -0.1),
        files[1]: Recognised(1.0, (), -9.0),
    }
    assert transcribe(files, said.__getitem__, tmp_path / "said") == (1, 1)
    [recording] = read_manifest(tmp_path / "said")
    assert recording.path == files[0]
    assert (recording.text, recording.seconds) == ("Yellow light.", 2.5)


def test_nothing_heard_is_said(tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match="none of 1 recordings"):
        transcribe([FILE], lambda _: Recognised(1.0, (), -9.0), tmp_path)


def test_without_the_recogniser_it_is_said_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "faster_whisper", None)
    with pytest.raises(RecipeError) as caught:
        whisper(tmp_path)
    assert caught.value.hint == "pip install faster-whisper"
