"""``prove``: a practice pause, watched; what it opened, wrote and reached."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import click

from calmvoice import wiring
from calmvoice.cli import remote
from calmvoice.cli.common import Context, json_option, pass_context, prepared_studio, put
from calmvoice.errors import CalmVoiceError
from calmvoice.live import Manner
from calmvoice.proof import report, tracer
from calmvoice.proof.rehearsed import TALK_SECONDS, rehearse
from calmvoice.proof.witness import Deed, Sight


@click.command()
@click.option("--no-microphone", is_flag=True, help="Nothing listens.")
@click.option("--no-speaker", is_flag=True, help="Captions only.")
@click.option("--inside", type=click.Path(path_type=Path), hidden=True)
@json_option
@pass_context
def prove(
    context: Context, no_microphone: bool, no_speaker: bool, inside: Path | None, as_json: bool
) -> None:
    """Live a practice pause and show what it did on this computer.

    Which files were read and written, what was spoken to, and whether anything that the microphone
    heard is left in a file. Exit code 1 if something reached the network or was left.
    """
    manner = Manner(not no_microphone, not no_speaker, plain=True, one_pause=True)
    if inside is not None:
        _inside(context, manner, inside)
        return
    if manner.microphone:
        click.echo(
            f"Talk as you like: in {TALK_SECONDS:.0f} seconds, or at your signal, a practice pause "
            "begins. It goes on by itself.",
            err=True,
        )
    with remote.alone(context):  # two would both hear the signal
        remote.require_no_promise()
        found = _watched(context, no_microphone, no_speaker)
    put(found.as_json(), as_json, lambda: "\n".join(report.lines(found)))
    if not found.clean:
        click.get_current_context().exit(1)


def _watched(context: Context, no_microphone: bool, no_speaker: bool) -> report.Report:
    """Run this program again, watched, with its voice prepared before."""
    settings = context.settings()
    prepared_studio(settings, wiring.pack(settings))
    with tempfile.TemporaryDirectory(prefix="calmvoice-proof-") as name:
        folder = Path(name)
        log, kept = folder / "trace", folder / "kept"
        kept.mkdir()
        trace = tracer.command(log)
        switches = [
            *(["--no-microphone"] if no_microphone else []),
            *(["--no-speaker"] if no_speaker else []),
        ]
        done = subprocess.run(
            [
                *trace, sys.executable, "-m", "calmvoice", *context.switches,
                "prove", "--inside", str(kept), *switches,
            ],
            stdin=subprocess.DEVNULL,
            stdout=sys.stderr,
            check=False,
        )  # fmt: skip
        if done.returncode != 0:
            raise CalmVoiceError(
                f"the practice pause ended with code {done.returncode}: nothing is proven",
                "See what it says above; calmvoice doctor checks each part.",
            )
        heard: dict[str, Any] = json.loads((kept / "heard.json").read_text("utf-8"))
        sights = [Sight(Deed(deed), name) for deed, name in heard.pop("sights")]
        if trace:
            sights += tracer.sights(log.read_text("utf-8", "replace"))
        own = str(folder)
        shown = [
            sight
            for sight in dict.fromkeys(sights)
            if not sight.name.startswith((f"{own}/trace", f"{own}/kept/heard.json"))
        ]
        return report.report(shown, heard, traced=bool(trace))


def _inside(context: Context, manner: Manner, folder: Path) -> None:
    """Be the watched process: live the pause, leave what was seen in the folder."""
    settings = context.settings()
    seen = rehearse(settings, wiring.studio(settings), manner, folder, _write)
    (folder / "heard.json").write_text(json.dumps(seen), "utf-8")


def _write(line: str) -> None:
    click.echo(line)
    sys.stdout.flush()


COMMANDS = (prove,)
