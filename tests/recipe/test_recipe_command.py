"""The recipe's command line: it says what it does, and what is wrong with what it was given."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
from click.testing import CliRunner

from models.recipe.__main__ import recipe

README = Path(__file__).parents[2] / "models/recipe/README.md"


@pytest.mark.parametrize("name", sorted(recipe.commands))
def test_each_command_has_help_and_stands_in_the_readme(name: str) -> None:
    assert recipe.commands[name].help
    assert f"python -m models.recipe {name} " in README.read_text("utf-8")


def run(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(recipe, [*words])
    return done.exit_code, done.output


def test_a_broken_manifest_ends_with_its_line_and_a_hint(tmp_path: Path) -> None:
    (tmp_path / "manifest.tsv").write_text("one.wav\t1.5\tanna\n")
    code, said = run("prepare", str(tmp_path), "--to", str(tmp_path / "prepared"))
    assert code == 1
    assert "manifest.tsv, line 1: 3 fields, not 4" in said
    assert "with a tab between them" in said


def test_training_without_prepared_speech_names_the_step_before(tmp_path: Path) -> None:
    code, said = run("train", str(tmp_path), str(tmp_path / "model"))
    assert (code, "Run the step `prepare` first." in said) == (1, True)


@pytest.mark.slow
def test_the_shipped_model_is_prepared_for_trained_further_and_evaluated(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    for source in ("here", "there"):
        folder = tmp_path / source
        folder.mkdir()
        soundfile.write(folder / "a.wav", rng.normal(0, 0.1, 24_000), 16_000)
        (folder / "manifest.tsv").write_text("a.wav\t1.5\tanna\tyellow light\n")
    prepared, model = str(tmp_path / "prepared"), tmp_path / "model"
    code, said = run("prepare", str(tmp_path / "here"), str(tmp_path / "there"), "--to", prepared)
    assert (code, said.count("1 utterances, 0 left out")) == (0, 2)
    known = Path(__file__).parents[2] / "models/calmvoice-en"
    options = ("--from", str(known), "--noise", str(tmp_path / "here"), "--held", "there")
    code, said = run("train", prepared, str(model), "--steps", "2", "--rate", "1e-5", *options)
    assert (code, "step 2 of 2" in said) == (0, True), said
    assert (model / "am/final.mdl").read_bytes() != (known / "am/final.mdl").read_bytes()
    code, said = run("evaluate", prepared, str(model), "--held", "there")
    assert (code, "of the sounds are wrong" in said) == (0, True), said
