"""``model``: which speech model listens."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from calmvoice import settings_file, wiring
from calmvoice.cli.common import Context, json_option, pass_context, put
from calmvoice.cli.phrases import try_aloud
from calmvoice.ears.model import default_model_path
from calmvoice.errors import ModelError
from calmvoice.model_check import check_model
from calmvoice.model_store import VENDOR_ENGLISH, ModelStore, StoredModel
from calmvoice.settings import Settings


@click.group()
def model() -> None:
    """Choose the speech model that listens."""


@model.command("list")
@json_option
@pass_context
def list_models(context: Context, as_json: bool) -> None:
    """List the models there are."""
    found = ModelStore().list(context.settings().computer.model)
    rows = [{**asdict(one), "path": str(one.path)} for one in found]
    put(
        rows,
        as_json,
        lambda: "\n".join(f"{'*' if one.in_use else ' '} {one.name}  {one.path}" for one in found),
    )


@model.command()
@click.argument("source", required=False, type=click.Path(path_type=Path))
@click.option("--download", is_flag=True, help="Fetch the vendor's small English model (41 MB).")
def add(source: Path | None, download: bool) -> None:
    """Add a Vosk model from a folder or a zip file. Only --download uses the internet."""
    if download == (source is not None):
        raise click.UsageError("give a folder or a zip file, or --download")
    store = ModelStore()
    if source is not None:
        _tell_added(store.add(source))
        return
    from rich.console import Console
    from rich.progress import DownloadColumn, Progress, TextColumn, TransferSpeedColumn

    columns = (TextColumn("Fetching"), DownloadColumn(), TransferSpeedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=VENDOR_ENGLISH.size)
        added = store.download(
            VENDOR_ENGLISH, lambda done, total: progress.update(task, completed=done, total=total)
        )
    _tell_added(added)


def _tell_added(added: StoredModel) -> None:
    click.echo(f"Added {added.name}. Try it: calmvoice model check {added.name}")
    click.echo(f"Use it: calmvoice model use {added.name}")


@model.command()
@click.argument("name")
@pass_context
def use(context: Context, name: str) -> None:
    """Let this model listen from now on, if it can hear what you agreed on."""
    settings = context.settings()
    changed = _with_model(settings, name)
    wiring.ears(wiring.model(changed), wiring.phrases(changed, wiring.pack(changed)))
    settings_file.save(context.path, changed)
    click.echo(f"{name} listens from the next start on.")


@model.command()
@click.argument("name", required=False)
@click.option("--aloud", is_flag=True, help="Say the signal yourself, five times.")
@json_option
@pass_context
def check(context: Context, name: str | None, aloud: bool, as_json: bool) -> None:
    """Measure a model on your own phrases: in several voices, or in yours with --aloud."""
    settings = _with_model(context.settings(), name)
    if aloud:
        try_aloud(settings, 0.0, as_json)
        return
    measured = check_model(settings)

    def text() -> str:
        lines = [
            f"{one.phrase!r}: heard {one.heard} of {one.said} times, "
            f"{one.false_alarms} false in {one.talk_seconds:.0f} s of other talk"
            + "".join(f"\n  {warning}" for warning in one.warnings)
            for one in measured
        ]
        return "\n".join(lines)

    put([asdict(one) for one in measured], as_json, text)
    if any(one.heard < one.said / 2 for one in measured):
        raise ModelError(
            "this model does not hear you well enough", "Use another: calmvoice model list"
        )


def _with_model(settings: Settings, name: str | None) -> Settings:
    if name is None:
        return settings
    path = ModelStore().find(name, settings.computer.model).path
    values = settings.model_dump()
    values["computer"]["model"] = "" if path == default_model_path() else str(path)
    return settings_file.check(values, "the settings")


COMMANDS = (model,)
