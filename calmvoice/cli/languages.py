"""``languages``: what CalmVoice speaks and hears, and what a language file still needs."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from calmvoice import language
from calmvoice.cli.common import Context, json_option, pass_context, put
from calmvoice.ears.model import SpeechModel
from calmvoice.language_check import check_language


@click.group(invoke_without_command=True)
@json_option
@click.pass_context
def languages(ctx: click.Context, as_json: bool) -> None:
    """List the languages there are; "*" is the one in use. A file of yours can be one."""
    if ctx.invoked_subcommand is not None:
        return
    context: Context = ctx.obj
    used = context.settings().computer.language
    known = language.shipped()
    names = {name: language.load(name).name for name in (*known, *({used} - set(known)))}
    put(
        names,
        as_json,
        lambda: "\n".join(f"{'*' if n == used else ' '} {n}  {names[n]}" for n in names),
    )


@languages.command()
@click.argument("name", metavar="CODE_OR_FILE")
@click.option(
    "--model",
    "model_path",
    metavar="FOLDER",
    type=click.Path(file_okay=False, path_type=Path),
    help="The Vosk model that is to hear it: are its words known?",
)
@json_option
@pass_context
def check(context: Context, name: str, model_path: Path | None, as_json: bool) -> None:
    """Say all that a language still lacks: lines, marks, times, voice, words that are heard.

    Exit code 1 if something lacks.
    """
    del context
    model = SpeechModel(model_path) if model_path is not None else None
    pack, findings = check_language(name, model)

    def text() -> str:
        lines = []
        for finding in findings:
            lines.append(f"{finding.where}: {finding.what}")
            if finding.hint:
                lines.append(f"    {finding.hint}")
        if not findings:
            lines.append(
                f"{pack.name} is whole: {len(pack.lines)} lines, {len(pack.hear)} commands."
            )
        return "\n".join(lines)

    put([asdict(finding) for finding in findings], as_json, text)
    if findings:
        click.get_current_context().exit(1)


COMMANDS = (languages,)
