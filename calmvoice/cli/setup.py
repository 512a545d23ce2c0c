"""``init``: what is decided in the calm."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from typing import Any

import click

from calmvoice import settings_file, wiring
from calmvoice.cli.common import Context, pass_context
from calmvoice.cli.phrases import suggested
from calmvoice.ears.model import SpeechModel
from calmvoice.errors import SettingsError
from calmvoice.language import PhrasePack
from calmvoice.meanings import Meaning
from calmvoice.settings import Settings

QUESTIONS: tuple[tuple[str, str, str], ...] = (
    ("agreement", "signal", "The words that ask for a pause"),
    ("agreement", "slow_down", "The words that ask for five quiet seconds"),
    ("agreement", "pause_minutes", "How many minutes should a pause last"),
    ("agreement", "longest_minutes", "The longest it may become, in minutes"),
    ("agreement", "bridge", "Which sentence should follow the signal"),
    ("agreement", "ritual", "What do you do first when you meet again"),
    ("breathing", "minutes", "How many minutes of slow breathing"),
    ("computer", "clock", "A clock of 12 or 24 hours"),
)
WIDEST = 90  # columns
WELCOME = (
    "CalmVoice is for two people who both feel safe. If you're afraid of your partner, this is "
    "not the right tool, and that is not your fault. It is not therapy or emergency help: if "
    "someone is in danger, call your emergency number.",
    "A few questions, best answered by both of you, at a calm hour. Enter keeps what stands in "
    "brackets. Nothing is saved before the end.",
)


@click.command()
@pass_context
def init(context: Context) -> None:
    """Answer a few questions, and have your agreement written down."""
    old = context.settings()
    words, speech = wiring.pack(old), wiring.model(old)
    for paragraph in WELCOME:
        _tell(paragraph)
        click.echo()
    click.echo("The sentences to choose from, after the signal:")
    example = {"signal": old.agreement.signal, "n": "twenty", "t": "twenty to eight"}
    for name in words.bridges:
        _tell(f"{name}: {' '.join(words.fill(f'bridge.{name}', example))}", indent="  ")
    click.echo()
    values = old.model_dump()
    for table, key, question in QUESTIONS:
        _ask(values, table, key, question, _Checks(words, speech))
    settings = settings_file.check(values, "your answers")
    if settings.agreement.pause_minutes < 20:
        click.echo("That is short: a body often needs about 20 minutes to calm down.")
    click.echo(f"\n{context.path}")
    if not click.confirm("Do you both agree? Then I write it down", default=True):
        click.echo("Nothing was saved. Come back any time.")
        return
    settings_file.save(context.path, settings)
    click.echo("Saved. Either of you can change it, any time. Practise now: calmvoice rehearse")


def _tell(text: str, indent: str = "") -> None:
    """Print a paragraph, broken between words."""
    width = min(shutil.get_terminal_size().columns, WIDEST)
    click.echo(click.wrap_text(text, width - 1, indent, indent and indent + "  "))


class _Checks:
    """Says what is wrong with an answer before it is taken."""

    def __init__(self, words: PhrasePack, speech: SpeechModel) -> None:
        self._words, self._speech = words, speech

    def problem(self, settings: Settings, key: str) -> str:
        """Return what is wrong with an answer, or nothing; say what to mind."""
        if key == "bridge" and settings.agreement.bridge not in self._words.bridges:
            return f"There are: {', '.join(self._words.bridges)}."
        meanings = {"signal": Meaning.SIGNAL, "slow_down": Meaning.SLOW_DOWN}
        if key not in meanings:
            return ""
        advice = wiring.advice(settings, self._words, self._speech, meanings[key])
        better = suggested(advice) if key == "signal" else []
        if advice.problems:
            return " ".join([*(f"{problem}." for problem in advice.problems), *better])
        for line in [*advice.warnings, *better]:
            _tell(line, indent="  ")
        return ""


def _ask(values: dict[str, Any], table: str, key: str, question: str, checks: _Checks) -> None:
    while True:
        answer = click.prompt(question, default=str(values[table][key]), show_default=True)
        tried = {**values, table: {**values[table], key: _parsed(answer, values[table][key])}}
        if key == "pause_minutes" and isinstance(tried[table][key], int):
            longest = max(tried[table][key], values[table]["longest_minutes"])
            tried[table]["longest_minutes"] = longest
        try:
            settings = settings_file.check(tried, "that")
        except SettingsError as error:
            _tell(str(error), indent="  ")
            continue
        problem = checks.problem(settings, key)
        if problem:
            _tell(problem, indent="  ")
            continue
        values.update(tried)
        return


def _parsed(answer: str, old: Any) -> Any:
    kinds: dict[type, Callable[[str], Any]] = {int: int, float: float}
    try:
        return kinds.get(type(old), str)(answer.strip())
    except ValueError:
        return answer


COMMANDS = (init,)
