"""``devices``, ``doctor``, ``history`` and ``wipe``: what there is, and what is kept."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from pathlib import Path

import click

from calmvoice import journal, wiring
from calmvoice.audio.devices import list_devices
from calmvoice.checkup import check_all
from calmvoice.cli import remote
from calmvoice.cli.common import Context, json_option, pass_context, put
from calmvoice.errors import JournalDamagedError
from calmvoice.history.saving import as_json as as_json_text
from calmvoice.history.saving import save
from calmvoice.history.weeks import by_week
from calmvoice.history.words import Words
from calmvoice.journal import HistoryRow, SqliteJournal
from calmvoice.twin_journal import TwinJournal, forget_damaged


@click.command()
@json_option
def devices(as_json: bool) -> None:
    """List microphones and loudspeakers."""
    found = list_devices()

    def text() -> str:
        lines = []
        for device in found:
            kinds = [
                name
                for name, channels in (("microphone", device.inputs), ("speaker", device.outputs))
                if channels
            ]
            lines.append(f"{device.name}  ({', '.join(kinds)})")
        return "\n".join(lines) or "No sound device was found. Keys and captions still work."

    put([asdict(device) for device in found], as_json, text)


@click.command()
@json_option
@pass_context
def doctor(context: Context, as_json: bool) -> None:
    """Check each part: ok, or what is wrong and what to do. Exit code 1 if something is wrong."""
    findings = check_all(context.path, context.settings)

    def text() -> str:
        lines = []
        for finding in findings:
            lines.append(f"{'ok   ' if finding.ok else 'wrong'}  {finding.part}: {finding.what}")
            if finding.hint:
                lines.append(f"       {finding.hint}")
        return "\n".join(lines)

    put([asdict(finding) for finding in findings], as_json, text)
    if not all(finding.ok for finding in findings):
        click.get_current_context().exit(1)


@click.command()
@json_option
@click.option("--list", "as_list", is_flag=True, help="Each pause: day, minutes, how it ended.")
@click.option(
    "--weeks",
    type=click.IntRange(1, 520),
    default=12,
    show_default=True,
    help="How many weeks are drawn.",
)
@click.option("--save", "path", metavar="FILE", help="Save it: .csv, .json, .png or .svg.")
@pass_context
def history(context: Context, as_json: bool, as_list: bool, weeks: int, path: str | None) -> None:
    """Look back at the pauses, week by week. No words, no who, no score."""
    kept = _journal(context)
    today = date.today()
    try:
        kept.forget_old(today)
        rows = kept.history()
    finally:
        kept.close()
    words = Words(wiring.pack(context.settings()))
    drawn_weeks = by_week(rows, today, weeks)
    if path is not None:
        save(Path(path), rows, drawn_weeks, words)
        click.echo(f"{path}: written.")
    elif as_json:
        click.echo(as_json_text(rows), nl=False)
    elif as_list or not rows:
        click.echo(_table(rows, words))
    else:
        from rich.console import Console  # 5 MB that a running CalmVoice does not need

        from calmvoice.history.drawing import drawn

        Console().print(drawn(drawn_weeks, words))


@click.command()
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--recordings", is_flag=True, help="Remove the lines in your own voice as well.")
@pass_context
def wipe(context: Context, yes: bool, recordings: bool) -> None:
    """Forget all pauses. A promise that is running now is kept."""
    if not yes:
        too = ", and remove the lines in your own voice" if recordings else ""
        click.confirm(f"Forget every pause that was remembered{too}?", abort=True)
    kept = _journal(context)
    try:
        count = kept.wipe()
        forget_damaged(journal.default_path())
    finally:
        kept.close()
    click.echo(f"Forgotten: {count} {'pause' if count == 1 else 'pauses'}.")
    _tell_recordings(recordings)


def _tell_recordings(remove: bool) -> None:
    """Say what happens to the lines in their own voice, if there are any."""
    store = wiring.recordings()
    count = len(store.kept())
    if not count:
        return
    what = f"{count} {'line' if count == 1 else 'lines'} in your own voice"
    if remove:
        store.wipe()
        click.echo(f"Removed: {what}.")
    else:
        click.echo(f"Kept: {what}; to remove them too: calmvoice wipe --recordings")


def _journal(context: Context) -> SqliteJournal:
    """Open what is kept; one that is damaged is put aside first, unless a program runs on it."""
    path, days = journal.default_path(), context.settings().computer.history_days
    try:
        return SqliteJournal(path, days)
    except JournalDamagedError:
        with remote.alone(context):
            kept = TwinJournal(path, days)
            kept.close()
        for trouble in kept.troubles:
            click.echo(f"{trouble} {trouble.hint}", err=True)
        return SqliteJournal(path, days)


def _table(rows: list[HistoryRow], words: Words) -> str:
    if not rows:
        return words.line("none")
    lines = [f"{'day':12}{'minutes':>8}  {'return':14}noticed"]
    lines += [
        f"{row.day:12}{row.minutes:8}  {row.ending:14}{row.caught or ''}".rstrip() for row in rows
    ]
    return "\n".join(lines)


COMMANDS = (devices, doctor, history, wipe)
