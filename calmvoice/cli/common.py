"""What all commands share: the settings, the log, progress, output for scripts."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from calmvoice import settings_file, wiring
from calmvoice.errors import SettingsError
from calmvoice.language import PhrasePack
from calmvoice.settings import Settings
from calmvoice.voice.studio import Studio


@dataclass
class Context:
    """What the group hands to its commands."""

    path: Path
    verbose: bool
    named: bool = False
    """The path was given, and not the usual one."""

    @classmethod
    def begin(cls, path: str | None, verbose: bool) -> Context:
        """Set up the log, which goes to standard error only."""
        logging.basicConfig(
            stream=sys.stderr,
            level=logging.INFO if verbose else logging.ERROR,
            format="%(asctime)s %(name)s: %(message)s",
        )
        return cls(Path(path) if path else settings_file.default_path(), verbose, bool(path))

    @property
    def switches(self) -> list[str]:
        """What another start of the program needs to read the same settings."""
        return ["--settings", str(self.path.absolute())] if self.named else []

    def settings(self) -> Settings:
        """Read the settings; the defaults where there is no file, unless one was named.

        ``calmvoice init`` makes a file of a name that is not there: ``settings_or_first``.
        """
        if self.named and not self.path.exists():
            raise SettingsError(
                f"{self.path}: there is no such file",
                f"Make it with: calmvoice --settings {self.path} init",
            )
        return self.settings_or_first()

    def settings_or_first(self) -> Settings:
        """Read the settings; the defaults where there is no file."""
        return settings_file.load_or_default(self.path)


pass_context = click.make_pass_decorator(Context)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts.")


def put(value: Any, as_json: bool, text: Callable[[], str]) -> None:
    """Print a value as JSON, or as text."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2) if as_json else text())


def prepared_studio(settings: Settings, words: PhrasePack) -> Studio:
    """Return a studio in which every fixed sentence is rendered, showing progress meanwhile."""
    studio = wiring.studio(settings)
    prompter = wiring.prompter(settings, words, studio, lambda error: None)
    prepare(studio, prompter.texts_ahead())
    return studio


def prepare(studio: Studio, texts: Sequence[str]) -> None:
    """Render sentences ahead, with a bar on standard error if there are any to render."""
    missing = [text for text in texts if not studio.ready(text)]
    if not missing:
        return
    from rich.console import Console  # 5 MB that a running CalmVoice does not need
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (
        *(TextColumn("Preparing the voice"), BarColumn(), MofNCompleteColumn()),
        TimeRemainingColumn(),  # a natural voice takes minutes
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=len(missing))
        studio.prepare(missing, lambda done, _total: progress.update(task, completed=done))
