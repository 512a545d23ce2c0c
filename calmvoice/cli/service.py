"""``calmvoice service``: started at login, watched, started again; and a desktop shortcut."""

from __future__ import annotations

import getpass
import os
import sys
from dataclasses import asdict
from pathlib import Path

import click

from calmvoice import settings_file
from calmvoice.cli.common import Context, json_option, pass_context, put
from calmvoice.errors import ServiceError
from calmvoice.supervision import shortcut, systemd, unit


@click.group()
def service() -> None:
    """Run in the background from login on, watched by systemd; a shortcut for the desktop."""


@service.command()
@pass_context
def install(context: Context) -> None:
    """Start CalmVoice now and at every login, and again should it crash or hang."""
    context.settings()  # one that cannot be read would end each start of it
    command = [*_command(), *context.switches, "--background"]
    is_new = not unit.path().exists()
    settings_file.write_whole(unit.path(), unit.text(command, os.environ))
    try:
        systemd.start()
    except ServiceError:
        if is_new:
            unit.path().unlink()
        raise
    click.echo(f"{unit.path()}: written, and started. How it is: calmvoice service status")
    click.echo(_linger(systemd.state().lingers))


@service.command()
@json_option
def status(as_json: bool) -> None:
    """Say whether the service is installed and runs. Exit code 1 if it does not run."""
    found = systemd.state()

    def text() -> str:
        if not found.installed:
            return "The service is not installed: calmvoice service install"
        log = f"journalctl --user --unit {unit.NAME}"
        lines = [
            f"{unit.path()}",
            f"It is {found.active}, and {found.enabled} for the next login.",
            _linger(found.lingers),
            f"Its log holds troubles only, no words and no times of pauses: {log}",
        ]
        return "\n".join(lines)

    put(asdict(found), as_json, text)
    if found.active != "active":
        click.get_current_context().exit(1)


@service.command()
def remove() -> None:
    """End the service and take its file away. A promise stays, and your settings."""
    if not unit.path().exists():
        click.echo("The service is not installed.")
        return
    try:
        systemd.stop()
    finally:
        unit.path().unlink()
    systemd.reload()
    click.echo(f"{unit.path()}: ended and removed.")


@service.command(name="shortcut")
@click.option("--remove", "take_away", is_flag=True, help="Take it away again.")
def shortcut_(take_away: bool) -> None:
    """Put "Pause" among your desktop's programs, with "Here" and "Stop" in its menu."""
    path = shortcut.path()
    if take_away:
        path.unlink(missing_ok=True)
        click.echo(f"{path}: removed.")
        return
    settings_file.write_whole(path, shortcut.text(_command()))
    click.echo(f"{path}: written. CalmVoice must be running for it: calmvoice service install")


def _command() -> list[str]:
    """Return what starts this very CalmVoice."""
    return [str(Path(sys.executable)), "-m", "calmvoice"]


def _linger(lingers: bool) -> str:
    user = getpass.getuser()
    if lingers:
        return (
            "It runs from boot on, without a login, because lingering is on. To change that: "
            f"sudo loginctl disable-linger {user}"
        )
    return (
        "It runs while you are logged in. For a computer on the shelf that nobody logs into, let "
        f"it run from boot on, if you both want that: sudo loginctl enable-linger {user}"
    )


COMMANDS = (service,)
