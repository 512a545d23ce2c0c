"""The command line: the only place that prints and exits.

Rules: an error of ours is one line with what to do next, never a traceback; what a script would
read has ``--json``; nothing here decides what the product does.
"""

from __future__ import annotations

import contextlib
import sys
from importlib import import_module
from typing import Any

import click

from calmvoice import without_openssl
from calmvoice.cli import listen
from calmvoice.cli.common import Context
from calmvoice.cli.streams import open_missing_streams
from calmvoice.errors import CalmVoiceError

MODULES = (
    "agreement", "bridges", "routines", "phrases", "listen", "remote", "service", "tools", "look",
    "model", "prove", "languages", "voices", "record",
)  # fmt: skip


class _Group(click.Group):
    """Its commands are loaded when one is asked for: listening does without them (4 MB).

    Listening does without OpenSSL, too; what a command needs may not (the page, a download).
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        self._load()
        return super().list_commands(ctx)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        self._load()
        return super().get_command(ctx, cmd_name)

    def _load(self) -> None:
        if not self.commands:
            without_openssl.bring_back()
            for name in MODULES:
                for command in import_module(f"calmvoice.cli.{name}").COMMANDS:
                    self.add_command(command)

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except CalmVoiceError as error:
            click.echo(f"calmvoice: {error}", err=True)
            if error.hint:
                click.echo(f"  {error.hint}", err=True)
            sys.exit(1)
        except BrokenPipeError:
            raise  # click ends without a word: whoever read has gone
        except (OSError, UnicodeError) as error:  # what is printed to a full disk; an odd file name
            with contextlib.suppress(OSError):
                click.echo(f"calmvoice: {error}", err=True)
            sys.exit(1)


@click.group(
    cls=_Group,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(package_name="calmvoice")
@click.option("--settings", "settings_path", metavar="FILE", help="Another settings file.")
@click.option("-v", "--verbose", is_flag=True, help="Log to the terminal; never what was said.")
@click.option("--background", is_flag=True, help="No screen and no keys, as the service runs it.")
@listen.options
@click.pass_context
def cli(ctx: click.Context, /, settings_path: str | None, verbose: bool, **manner: Any) -> None:
    """Say the word you agreed on, and be called back when you said.

    Without a command CalmVoice listens for your signal until you quit with q or Ctrl-C.
    """
    context = Context.begin(settings_path, verbose)
    ctx.obj = context
    if ctx.invoked_subcommand is None:
        listen.listen(context, listen.manner(context, **manner))


def main() -> None:
    """Run the command line."""
    open_missing_streams()
    cli(prog_name="calmvoice")
