"""The recipe's commands (``python -m models.recipe``): each a step from speech to a model."""

from __future__ import annotations

import time
from pathlib import Path

import click
import numpy as np

from calmvoice.ears.model import default_model_path
from calmvoice.ears.spectrum import energies
from calmvoice.errors import CalmVoiceError
from models.recipe.augment import Frames
from models.recipe.data import Prepared, prepare, units_of
from models.recipe.evaluate import unit_errors
from models.recipe.harden import Plan as HardeningPlan
from models.recipe.harden import Progress as HardeningProgress
from models.recipe.harden import harden
from models.recipe.lexicon import Pronunciations
from models.recipe.network import Shape, new_network
from models.recipe.openfst import write_graph
from models.recipe.recordings import RecipeError, Wave, read_manifest, read_wave, to_samples
from models.recipe.scenes import MADE, Scenes, Sentence
from models.recipe.train import Plan, Progress, chances, sample, train
from models.recipe.transcribe import transcribe, whisper
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


@recipe.command("transcribe")
@click.argument("files", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--to", "target", required=True, type=FOLDER, help="Folder for the manifest.")
@click.option("--whisper", "model", required=True, type=FOLDER, help="In CTranslate2's format.")
def transcribe_command(files: Path, target: Path, model: Path) -> None:
    """Write a manifest for the recordings that FILES names, one a line."""
    paths = [Path(line) for line in files.read_text("utf-8").splitlines() if line]
    written, left_out = transcribe(paths, whisper(model), target)
    click.echo(f"{written} recordings, {left_out} left out")


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
        _tell(progress, began, f"log chance a row {progress.objective:.3f}")

    train(speech, network, plan, _noises(noise) if noise else (), report)


@recipe.command("harden")
@click.argument("sources", nargs=-1, required=True, type=FOLDER)
@click.option("--to", "model", required=True, type=FOLDER, help="Folder to keep the network in.")
@click.option("--from", "known", type=FOLDER, required=True, help="The model that teaches.")
@click.option("--begin", type=FOLDER, help="A model hardened before, to go on from.")
@click.option("--noise", type=FOLDER, help="Folder of noises, beside those that are made.")
@click.option("--steps", default=HardeningPlan.steps, show_default=True)
@click.option("--rate", default=HardeningPlan.rate, show_default=True, help="Highest.")
@click.option("--scenes", default=HardeningPlan.scenes, show_default=True, help="In a step.")
@click.option("--made", default=MADE, show_default=True, help="Noises of each kind.")
@click.option(
    "--teaching",
    default=HardeningPlan.teaching,
    show_default=True,
    help="How much it is held to the teacher, beside what was said.",
)
@click.option(
    "--stay",
    default=HardeningPlan.stay,
    show_default=True,
    help="The share of the weights it began with, in the mean that is kept.",
)
def harden_command(
    sources: tuple[Path, ...],
    model: Path,
    known: Path,
    begin: Path | None,
    noise: Path | None,
    steps: int,
    rate: float,
    scenes: int,
    made: int,
    teaching: float,
    stay: float,
) -> None:
    """Let a network hear in a noisy home what was said in SOURCES, each with a manifest.tsv."""
    teacher = read_model(known)
    plan = HardeningPlan(steps=steps, rate=rate, scenes=scenes, teaching=teaching, stay=stay)
    pronunciations = Pronunciations(default_model_path())
    recordings = [recording for source in sources for recording in read_manifest(source)]
    sentences = []
    for recording in recordings:
        words = units_of(recording.text, pronunciations)
        if words is not None:
            sentences.append(Sentence(read_wave(recording.path), words))
    recorded = _noise_waves(noise) if noise else []
    began = time.monotonic()

    def report(progress: HardeningProgress) -> None:
        write_model(progress.network, model)
        gained = f"{progress.quiet:.4f} in quiet, {progress.noisy:.4f} in noise"
        _tell(progress, began, f"log chance a row {gained}")

    drawn = Scenes(sentences, recorded, plan.frames(teacher.shape), made=made)
    click.echo(f"{len(drawn)} sentences, {len(recordings) - len(drawn)} left out")
    harden(teacher, read_model(begin) if begin else teacher, drawn, plan, report)


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


def _tell(progress: Progress | HardeningProgress, began: float, found: str) -> None:
    """Print how far it is, for how long it has run, and what was found."""
    minutes = (time.monotonic() - began) / 60
    click.echo(f"step {progress.step} of {progress.steps}, {minutes:.1f} min, {found}")


def _noises(folder: Path) -> list[Frames]:
    """Return the log-mel energies of a folder's sound files."""
    return [energies(to_samples(wave)) for wave in _noise_waves(folder)]


def _noise_waves(folder: Path) -> list[Wave]:
    paths = [path for path in sorted(folder.rglob("*")) if path.suffix in (".flac", ".wav", ".ogg")]
    if not paths:
        raise RecipeError(f"no sound file in {folder}", "It should hold .flac, .wav or .ogg files.")
    return [read_wave(path) for path in paths]


if __name__ == "__main__":
    recipe(prog_name="python -m models.recipe")
