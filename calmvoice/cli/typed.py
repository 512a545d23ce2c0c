"""Asks in the terminal: one line at a time, so that a screen reader or a pipe can follow too."""

from __future__ import annotations

import io
import shutil
import sys
from collections.abc import Sequence

import click

from calmvoice.agreement.making import Choice, Stopped
from calmvoice.agreement.page import Page
from calmvoice.agreement.questions import typed_ways
from calmvoice.language import PhrasePack

WIDEST = 90  # columns


class TypedAsker:
    """An ``Asker`` at the keyboard."""

    help_name = "keys"

    def __init__(self, pack: PhrasePack) -> None:
        self._yes, self._no = (typed_ways(pack.marks[mark]) for mark in ("yes", "no"))
        if isinstance(sys.stdin, io.TextIOWrapper):
            sys.stdin.reconfigure(errors="replace")  # a wrong byte is a wrong answer, no crash

    def tell(self, text: str) -> None:
        """Print a paragraph, broken between words."""
        tell(text)
        click.echo()

    def show(self, page: Page) -> None:
        """Print the page."""
        show_page(page)

    def choices(self, lines: list[str]) -> None:
        """Print a numbered list."""
        for number, line in enumerate(lines, 1):
            tell(f"{number:2} {line}", indent="   ")

    def ask(
        self, question: str, default: str, place: tuple[int, int], choices: Sequence[Choice]
    ) -> str:
        """Ask; Enter is the default. The choices are a help for the voice only."""
        del choices
        try:
            return str(click.prompt(f"{place[0]}/{place[1]} {question}", default=default))
        except click.Abort:
            raise _stopped() from None

    def confirm(self, question: str, default: bool = True) -> bool:
        """Ask for yes or no, in the words of the language or as y and n; Enter is the default."""
        shown = f"{question} [{'Y/n' if default else 'y/N'}]"
        while True:
            try:
                typed = click.prompt(shown, default="", show_default=False).strip().lower()
            except click.Abort:
                raise _stopped() from None
            if not typed:
                return default
            if typed in self._yes | {"y"}:
                return True
            if typed in self._no | {"n"}:
                return False
            click.echo("y / n")


def _stopped() -> Stopped:
    click.echo()  # the cursor stands behind the question
    return Stopped()


def tell(text: str, indent: str = "") -> None:
    """Print a paragraph, broken between words."""
    width = min(shutil.get_terminal_size().columns, WIDEST)
    click.echo(click.wrap_text(text, max(20, width - 1), "", indent))


def show_page(page: Page) -> None:
    """Print the agreement as one page."""
    from rich.console import Console, Group  # 5 MB that a running CalmVoice does not need
    from rich.padding import Padding
    from rich.panel import Panel
    from rich.text import Text

    parts: list[Text | Padding] = [Text(page.intro, style="italic")]
    for section in page.sections:
        parts += [Text(""), Text(section.title, style="bold")]
        parts += [Padding(Text(line), (0, 0, 0, 2)) for line in section.lines]
    if page.day:
        parts += [Text(""), Text(f"{page.signed}, {page.day}.")]
    console = Console(highlight=False, width=min(shutil.get_terminal_size().columns, WIDEST))
    console.print(Panel(Group(*parts), title=Text(page.title, style="bold"), padding=(1, 3)))
