"""``phrases``: the words a couple chooses, looked at and tried aloud."""

from __future__ import annotations

from dataclasses import asdict

import click

from calmvoice import settings_file, trial, wiring
from calmvoice.cli.common import Context, json_option, pass_context, put
from calmvoice.ears.advice import Advice
from calmvoice.ears.facts import PhraseFacts
from calmvoice.meanings import Meaning
from calmvoice.settings import Settings
from calmvoice.trial import Mistaken, Tried

HOURS_A_DAY = 2.0  # of talk near the microphone, to say a rate in days


@click.group()
def phrases() -> None:
    """Look at the words you say, and try them."""


@phrases.command("check")
@click.argument("phrase")
@json_option
@pass_context
def check(context: Context, phrase: str, as_json: bool) -> None:
    """Say whether a signal can be heard, and what to mind; exit code 1 if it cannot."""
    settings = _with_signal(context.settings(), phrase)
    speech = wiring.model(settings)
    advice = wiring.advice(settings, wiring.pack(settings), speech, Meaning.SIGNAL)

    def text() -> str:
        verdict = "cannot be used" if advice.problems else "can be heard"
        lines = [f'"{advice.phrase}" {verdict}.', *(f"{line}." for line in advice.problems)]
        lines += [*advice.warnings, *suggested(advice)]
        if advice.facts is not None:
            lines += _facts(advice.facts)
        return "\n".join(lines)

    put(asdict(advice), as_json, text)
    if advice.problems:
        click.get_current_context().exit(1)


@phrases.command("try")
@click.argument("phrase", required=False)
@json_option
@pass_context
def try_phrase(context: Context, phrase: str | None, as_json: bool) -> None:
    """Say it five times, then talk for a minute. Counted, never kept; Ctrl-C ends it."""
    settings = context.settings()
    if phrase is not None:
        settings = _with_signal(settings, phrase)
    try_aloud(settings, trial.TALK_SECONDS, as_json)


def try_aloud(settings: Settings, talk_seconds: float, as_json: bool) -> None:
    """Try the signal of the settings through the microphone, and say how it went."""
    ears = trial.signal_ears(settings, wiring.model(settings))
    signal = settings.agreement.signal
    mistakes: Mistaken | None = None
    try:
        with trial.microphone(settings) as chunks:
            tried = trial.count_tries(ears, chunks, lambda n: _aside(f'{n}: say "{signal}" now.'))
            if talk_seconds:
                _aside(f"Heard {tried.heard} of {tried.said}. Now talk for a minute, without it.")
                mistakes = trial.count_mistakes(
                    ears,
                    chunks,
                    lambda second: _aside(f"{second:.0f} s: I took that for it."),
                    talk_seconds,
                )
    except KeyboardInterrupt:
        _aside("\nStopped. Nothing was kept.")
        return
    both = {**asdict(tried), "talk": asdict(mistakes) if mistakes else None}
    put(both, as_json, lambda: _outcome(tried, mistakes))


def suggested(advice: Advice) -> list[str]:
    """Return the line that offers better phrases, or no line."""
    return [f"Perhaps: {', '.join(advice.suggestions)}."] if advice.suggestions else []


def _aside(line: str) -> None:
    """Say something while a command goes on; standard output is for its result."""
    click.echo(line, err=True)


def _facts(facts: PhraseFacts) -> list[str]:
    lines = []
    if facts.pronunciations:
        count = f"{facts.syllables} syllables, {facts.sounds} sounds"
        lines.append(f"Sounds: {facts.pronunciations[0]} ({count}).")
    if facts.like:
        lines.append(f"Near it: {', '.join(facts.like)}.")
    if facts.false_alarms_per_hour is not None:
        days = 1 / max(facts.false_alarms_per_hour * HOURS_A_DAY, 1e-4)
        lines.append(
            f"Misheard in ordinary talk: {_every(days)}, at {HOURS_A_DAY:g} hours of talk a day."
        )
    return lines


def _every(days: float) -> str:
    if days < 1:
        return f"about {1 / days:.0f} times a day" if days < 0.67 else "about once a day"
    return f"about once in {days:.0f} days" if days < 100 else "hardly ever"


def _outcome(tried: Tried, mistakes: Mistaken | None) -> str:
    lines = [f"Heard {tried.heard} of {tried.said} times."]
    if tried.unsure:
        lines.append(f"{tried.unsure} more with a doubt: I would have asked first.")
    if mistakes is not None:
        false = mistakes.sure + mistakes.unsure
        lines.append(
            f"In {mistakes.seconds:.0f} s of talk I mistook nothing for it."
            if not false
            else f"In {mistakes.seconds:.0f} s of talk I took {false} for it."
        )
    good = tried.heard + tried.unsure >= tried.said - 1
    if good and (mistakes is None or not mistakes.sure):
        return " ".join([*lines, "A good word for you both."])
    return " ".join([*lines, "Another may suit you better: calmvoice phrases check"])


def _with_signal(settings: Settings, phrase: str) -> Settings:
    values = settings.model_dump()
    values["agreement"]["signal"] = phrase
    return settings_file.check(values, "the phrase")


COMMANDS = (phrases,)
