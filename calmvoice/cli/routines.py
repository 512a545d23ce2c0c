"""``routines``: what is guided between the bridge and the return, listed, shown, looked at."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import click

from calmvoice import routine_file, wiring, wiring_rules
from calmvoice.cli.common import Context, json_option, pass_context, put
from calmvoice.cli.typed import tell
from calmvoice.language import PhrasePack
from calmvoice.prompter import Wording
from calmvoice.session.rules import Rules
from calmvoice.settings import Settings

option = click.option(
    "--routine",
    metavar="FILE",
    help="Another routine: its name, or a TOML file. See: calmvoice routines",
)
EXAMPLE_TIME = "the time it says"


@click.group(invoke_without_command=True)
@json_option
@click.pass_context
def routines(ctx: click.Context, as_json: bool) -> None:
    """List the routines; "*" is the one of your settings."""
    context: Context = ctx.obj
    if ctx.invoked_subcommand is not None:
        return
    chosen = context.settings().guidance.routine
    there_are = dict(routine_file.shipped())
    there_are[chosen] = routine_file.chosen(context.settings()).about
    if as_json:
        listed = [{"name": n, "about": a, "chosen": n == chosen} for n, a in there_are.items()]
        put(listed, True, str)
        return
    for name, about in there_are.items():
        tell(f"{'*' if name == chosen else ' '} {name}: {about}", indent="    ")


@routines.command("show")
@click.argument("name")
def show(name: str) -> None:
    """Print the file of a routine, to begin one of your own with."""
    click.echo(routine_file.text_of(name), nl=False)


@routines.command("check")
@click.argument("file")
@json_option
@pass_context
def check(context: Context, file: str, as_json: bool) -> None:
    """Look at a routine: every fault with its line, or what will be heard. Exit code 1 for faults.

    A name or the path of a file that ends in .toml.
    """
    settings = context.settings()
    looked_at = routine_file.read(file)
    faults = looked_at.faults
    if looked_at.routine is not None:
        words = wiring.pack(with_routine(settings, routine_file.USUAL))
        faults = routine_file.wording_faults(looked_at, words)
    plan = None if faults else _plan(with_routine(settings, file))
    if as_json:
        found = [asdict(fault) for fault in faults]
        put({"file": file, "faults": found, "plan": plan}, True, str)
    else:
        for line in _told(file, faults, plan):
            tell(line, indent="    ")
    if faults:
        click.get_current_context().exit(1)


def with_routine(settings: Settings, name: str | None) -> Settings:
    """Return the settings with another routine, if one is named."""
    if name is None:
        return settings
    guidance = settings.guidance.model_copy(update={"routine": name})
    return settings.model_copy(update={"guidance": guidance})


def _told(
    file: str, faults: tuple[routine_file.Fault, ...], plan: dict[str, Any] | None
) -> list[str]:
    lines = [f"{file}, {_ended(str(fault))} {fault.hint}" for fault in faults]
    if plan is not None:
        lines += [plan["about"], plan["breathing"]]
        if plan["caution"]:
            lines.append(plan["caution"])
        lines += [f"  {line}" for line in plan["lines"]]
        lines.append(f"The lines take about {plan['minutes']:.0f} minutes; then it is quiet.")
    return lines


def _plan(settings: Settings) -> dict[str, Any]:
    """Return what a routine means, in words and in numbers."""
    words = wiring.pack(settings)
    rules, routine = wiring_rules.rules(settings), routine_file.chosen(settings)
    breathing = routine.breathing_over(settings.breathing)
    wording = wiring.wording(settings, words)
    said = [_said(wording, words, step.role) for step in rules.settling]
    seconds = rules.settling_wait_seconds + sum(step.gap_seconds for step in rules.settling)
    seconds += sum(len(line.split()) for line in said) * 60 / settings.computer.words_per_minute
    seconds_of_breath = rules.breaths * rules.breath_seconds + rules.sighs * rules.sigh_seconds
    pattern = f"{rules.breaths} breaths of {breathing.pattern}" if rules.breaths else "No breathing"
    return {
        "about": routine.about,
        "breathing": f"{_sighs(rules)}{pattern}, {seconds_of_breath / 60:.1f} minutes.",
        "caution": _said(wording, words, "breathing.caution") if rules.holds_breath else "",
        "lines": said,
        "minutes": seconds / 60,
    }


def _ended(text: str) -> str:
    return text if text.endswith((".", "?")) else f"{text}."


def _sighs(rules: Rules) -> str:
    return f"{rules.sighs} long sighs, then " if rules.sighs else ""


def _said(wording: Wording, words: PhrasePack, role: str) -> str:
    return " ".join(words.fill(role, {**wording.agreed, "t": EXAMPLE_TIME}))


COMMANDS = (routines,)
