"""The recipe's commands: prepare, train, graph, evaluate. ``python -m models.recipe --help``."""

from __future__ import annotations

import time
from pathlib import Path

import click
import numpy as np

from calmvoice.ears.model import default_model_path
from calmvoice.ears.spectrum import energies
from calmvoice.errors import CalmVoiceError
from models.recipe.augment import Frames
from models.recipe.data import Prepared, prepare
from models.recipe.evaluate import unit_errors
from models.recipe.lexicon import Pronunciations
from models.recipe.network import Shape, new_network
from models.recipe.openfst import write_graph
from models.recipe.recordings import RecipeError, read_wave, to_samples
from models.recipe.train import Plan, Progress, chances, sample, train
from models.recipe.vocabulary import WORDS, english
from models.recipe.vosk_files import read_model, write_model

FOLDER = click.Path(path_type=Path, file_okay=False)
HELD = click.option("--held", multiple=True, help="A source to keep out of training; repeatable.")


class _Recipe(click.Group):
    """Errors that a person can act on are shown as such."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except CalmVoiceError as error:
            raise click.ClickException(f"{error}\n{error.hint}") from error


@click.group(cls=_Recipe)
def recipe() -> None:
    """Make a speech model from recorded speech: prepare, train, graph; then evaluate."""


@recipe.command("prepare")
@click.argument("sources", nargs=-1, required=True, type=FOLDER)
@click.option("--to", "target", required=True, type=FOLDER, help="Folder to prepare speech in.")
@click.option("--speed", "speeds", multiple=True, type=float, default=(1.0,), help="Repeatable.")
def prepare_command(sources: tuple[Path, ...], target: Path, speeds: tuple[float, ...]) -> None:
    """Turn folders of recordings, each with a manifest.tsv, into what is trained on."""
    pronunciations = Pronunciations(default_model_path())
    for source in sources:
        prepare(source, target, pronunciations, speeds, click.echo)


@recipe.command("train")
@click.argument("prepared", type=FOLDER)
@click.argument("model", type=FOLDER)
@click.option("--from", "known", type=FOLDER, help="A model to go on from, such as the shipped.")
@click.option("--noise", type=FOLDER, help="Folder of noises, mixed in.")
@click.option("--steps", default=Plan.steps, show_default=True)
@click.option("--rate", default=Plan.rate, show_default=True, help="Highest learning rate.")
@HELD
def train_command(
    prepared: Path,
    model: Path,
    known: Path | None,
    noise: Path | None,
    steps: int,
    rate: float,
    held: tuple[str, ...],
) -> None:
    """Train a network, from nothing or from a known one, and keep it in the folder MODEL."""
    speech = Prepared(prepared, leave_out=held)
    plan = Plan(steps=steps, rate=rate, last_rate=rate / 20, guidance=0 if known else Plan.guidance)
    if known:
        network = read_model(known)
    else:
        network = new_network(Shape(), sample(speech, np.random.default_rng(plan.seed)))
    click.echo(f"{len(speech.utterances)} utterances, {speech.hours:.1f} h")
    began = time.monotonic()

    def report(progress: Progress) -> None:
        write_model(progress.network, model)
        minutes = (time.monotonic() - began) / 60
        objective = f"log chance a row {progress.objective:.3f}"
        click.echo(f"step {progress.step} of {progress.steps}, {minutes:.1f} min, {objective}")

    train(speech, network, plan, _noises(noise) if noise else (), report)


@recipe.command("graph")
@click.argument("model", type=FOLDER)
@click.option("--words", default=WORDS, show_default=True, help="Of the most frequent.")
def graph_command(model: Path, words: int) -> None:
    """Write the folder MODEL/graph: English words and how likely they are."""
    entries, language = english(Pronunciations(default_model_path()), words)
    write_graph(entries, language, model)
    click.echo(f"{len(language.chances)} words, {len(language.pairs)} pairs")


@recipe.command("evaluate")
@click.argument("prepared", type=FOLDER)
@click.argument("model", type=FOLDER)
@HELD
def evaluate_command(prepared: Path, model: Path, held: tuple[str, ...]) -> None:
    """Measure the share of wrong sounds in the held sources."""
    following = chances(Prepared(prepared, leave_out=held), np.random.default_rng(0))
    errors = unit_errors(read_model(model), Prepared(prepared, only=held), following)
    click.echo(f"{errors:.1%} of the sounds are wrong")


def _noises(folder: Path) -> list[Frames]:
    """Return the log-mel energies of a folder's sound files."""
    paths = [path for path in sorted(folder.rglob("*")) if path.suffix in (".flac", ".wav", ".ogg")]
    if not paths:
        raise RecipeError(f"no sound file in {folder}", "It should hold .flac, .wav or .ogg files.")
    return [energies(to_samples(read_wave(path))) for path in paths]


if __name__ == "__main__":
    recipe(prog_name="python -m models.recipe")
