"""``bridges``: the sentences after the signal, listed, played, looked at."""

from __future__ import annotations

from dataclasses import asdict

import click

from calmvoice import wiring, wiring_rules
from calmvoice.bridge_check import BridgeReport, check_bridge, joined
from calmvoice.cli.common import Context, json_option, pass_context, put
from calmvoice.cli.tools import speak_texts
from calmvoice.cli.typed import tell
from calmvoice.clock_words import number
from calmvoice.errors import LanguageError
from calmvoice.language import PhrasePack
from calmvoice.settings import Settings

EXAMPLE_TIME = (19, 40)  # what a bridge is played with


@click.group(invoke_without_command=True)
@click.option("--play", metavar="NAME", help="Speak one of them.")
@click.option("--out", metavar="FILE", help="With --play: write a WAV file instead.")
@json_option
@click.pass_context
def bridges(ctx: click.Context, play: str | None, out: str | None, as_json: bool) -> None:
    """List what is said after the signal, and when; "*" is what you agreed on."""
    context: Context = ctx.obj
    if ctx.invoked_subcommand is not None:
        return
    settings = context.settings()
    words = wiring.pack(settings)
    said = {name: bridge_words(settings, words, name) for name in _names(words)}
    if play is not None:
        if play not in said:
            raise LanguageError(f"there is no bridge {play!r}", f"There are: {', '.join(said)}.")
        speak_texts(context, [said[play]], out)
        return
    rules = wiring_rules.rules(settings)
    agreed = {
        rules.bridge,
        rules.silent_bridge,
        "bridge.no_words",
        *([rules.other_bridge] if settings.agreement.other_signal else []),
        *(["bridge.event"] if settings.agreement.event else []),
        *(["bridge.until"] if settings.agreement.until else []),
        *(["bridge.overnight", "bridge.after_midnight"] if settings.agreement.bedtime else []),
    }
    if as_json:
        put(said, True, str)
        return
    for name, text in said.items():
        tell(f"{'*' if f'bridge.{name}' in agreed else ' '} {name}: {text}", indent="    ")


@bridges.command("check")
@click.argument("text")
@json_option
@pass_context
def check(context: Context, text: str, as_json: bool) -> None:
    """Look at a bridge of your own: its time, its reason, its promise. Exit code 1 if one lacks."""
    words = wiring.pack(context.settings())
    try:
        report = check_bridge(words, text)
    except ValueError as error:
        raise LanguageError(f"{error}", "Without braces it is only words.") from error
    put(asdict(report), as_json, lambda: _verdict(words, report, text))
    if not report.whole:
        click.get_current_context().exit(1)


def _verdict(words: PhrasePack, report: BridgeReport, text: str) -> str:
    lines = [f"{problem[:1].upper()}{problem[1:]}." for problem in report.problems]
    for part, offer in zip(report.missing, report.offers, strict=True):
        lines += words.fill(f"setup.lacks_{part}", {"value": offer})
    if report.missing:
        whole = text
        for offer in report.offers:
            whole = joined(whole, offer)
        lines.append(whole)
    return "\n".join(lines or ["It is whole: a time, a reason, and a promise of return."])


def _names(words: PhrasePack) -> list[str]:
    return [role.removeprefix("bridge.") for role in words.lines if role.startswith("bridge.")]


def bridge_words(settings: Settings, words: PhrasePack, name: str) -> str:
    """Return a bridge as it will sound at twenty to eight; what is not agreed on is proposed."""
    agreed = wiring.wording(settings, words).agreed
    proposed = {field: words.lines.get(f"proposed.{field}", ("",))[0] for field in agreed}
    values = {
        **{field: agreed[field] or proposed[field] for field in agreed},
        "n": number(settings.agreement.pause_minutes, words.code),
        "t": words.speller(settings.computer.clock)(*EXAMPLE_TIME),
    }
    return " ".join(words.fill(f"bridge.{name}", values))


COMMANDS = (bridges,)
