"""``record``: a line in one's own voice, in place of CalmVoice's.

Rule: this is the one command that keeps a sound a person made. It says so each time, keeps nothing
without a yes, and nothing of what was refused or let go.
"""

from __future__ import annotations

import sys
from datetime import datetime

import click

from calmvoice import trial, wiring
from calmvoice.agreement.making import Stopped
from calmvoice.cli.bridges import EXAMPLE_TIME
from calmvoice.cli.common import Context, json_option, pass_context, prepare, put
from calmvoice.cli.tools import speak
from calmvoice.cli.typed import tell
from calmvoice.errors import SoundError, VoiceError
from calmvoice.exchange import Inbox
from calmvoice.language import PhrasePack
from calmvoice.own_voice import take
from calmvoice.own_voice.choosing import line_named, lines, overheard
from calmvoice.own_voice.lines import Recorded, SpokenLine
from calmvoice.prompter import CUES
from calmvoice.settings import Settings
from calmvoice.sound import Clip, Sound

KEPT = (
    "What you record now is kept, because you ask for it; nothing else I hear ever is. "
    "It stays on this computer, for your user alone, until you remove it: {folder}"
)


class _LinesToo(click.Group):
    """A group in which the name of a line is a command as well."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] in self.commands:
            return super().resolve_command(ctx, args)
        return "line", _record, args


@click.group(cls=_LinesToo, subcommand_metavar="LINE | list | play LINE | remove LINE")
def record() -> None:
    """Put your own voice in place of mine, for a line such as bridge.default.

    The time is always mine to say: a recording cannot know it. Only this command ever keeps a sound
    you make; "list --all" shows the names of all lines.
    """


@click.command("line")
@click.argument("name", metavar="LINE")
@pass_context
def _record(context: Context, name: str) -> None:
    """Record a line, hear it, and keep it after a yes."""
    settings = context.settings()
    words = wiring.pack(settings)
    line = line_named(name, _lines(settings, words))
    store = wiring.recordings()
    tell(KEPT.format(folder=store.folder))
    _tell_words(line)
    try:
        sound = _taken(context, settings, words, line)
    except (click.Abort, KeyboardInterrupt, Stopped):
        click.echo()
        sound = None
    if sound is None:
        click.echo("Nothing was kept.")
        return
    store.keep(line.name, line.words, sound)
    click.echo(f"Kept. To hear it: calmvoice record play {line.name}")
    click.echo(f"To take it back: calmvoice record remove {line.name}")


@record.command("list")
@click.option("--all", "every", is_flag=True, help="All lines there are, with their words.")
@json_option
@pass_context
def list_(context: Context, every: bool, as_json: bool) -> None:
    """List what is recorded, and whether it still holds."""
    settings = context.settings()
    there = {line.name: line for line in _lines(settings, wiring.pack(settings))}
    kept = {one.name: one for one in wiring.recordings().kept()}
    rows = [
        {
            "line": name,
            "words": there[name].words if name in there else "",
            "recorded": name in kept,
            "used": name in kept and name in there and kept[name].holds_for(there[name].words),
        }
        for name in dict.fromkeys([*(there if every else ()), *kept])
    ]

    def text() -> str:
        told = [
            f"{'*' if row['used'] else '!' if row['recorded'] else ' '} {row['line']}: "
            + (
                f"{row['words']}"
                if row["used"] or not row["recorded"]
                else "not used, for the line has changed since; record it again, or remove it"
            )
            for row in rows
        ]
        return "\n".join(told) or "Nothing is recorded. To begin: calmvoice record bridge.default"

    put(rows, as_json, text)


@record.command()
@click.argument("name", metavar="LINE")
@click.option("--out", metavar="FILE", help="Write a WAV file instead of playing it.")
@pass_context
def play(context: Context, name: str, out: str | None) -> None:
    """Speak a line as it will sound, with your recording and the time."""
    settings = context.settings()
    words = wiring.pack(settings)
    line = line_named(name, _lines(settings, words))
    _play(context, settings, words, line, wiring.recordings().find, out)


@record.command()
@click.argument("name", metavar="LINE")
def remove(name: str) -> None:
    """Remove a recording; I say the line again."""
    store = wiring.recordings()
    if not store.remove(name):
        there = ", ".join(one.name for one in store.kept())
        raise SoundError(
            f"{name!r} is not recorded", f"There are: {there}." if there else "Nothing is recorded."
        )
    click.echo(f"Removed. I say {name} again.")


def _taken(
    context: Context, settings: Settings, words: PhrasePack, line: SpokenLine
) -> Sound | None:
    """Record until a take is kept; None if none is."""
    length = take.length_for(" ".join(line.recordable), line.name in CUES)
    while True:
        try:
            sound = _one_take(settings, length)
        except SoundError as error:
            click.echo(f"Not good enough: {error}.\n  {error.hint}")
            if not click.confirm("Again?", default=True):
                return None
            continue
        said = wiring.phrases(settings, words)
        ears = wiring.ears(wiring.model(settings), said)
        for meaning in overheard(ears, said, line, sound):
            tell(
                f'I hear "{meaning.value.replace("_", " ")}" in it, which is not in the words: '
                "when it is played, I may take it for one of you. Better say it otherwise."
            )
        heard = _play_or_tell(context, settings, words, line, sound)
        click.echo("Keep it?")
        answer = click.prompt(
            "y yes, n no, a again", default="y" if heard else "n", type=click.Choice("yna")
        )
        if answer != "a":
            return sound if answer == "y" else None


def _one_take(settings: Settings, length: take.Length) -> Sound:
    """Record from Enter to Enter."""
    click.prompt("Enter begins, and Enter ends", default="", show_default=False)
    keyboard = Inbox(sys.stdin.fileno())
    with trial.microphone(settings) as chunks:
        click.echo("Now. (Enter when you have said it)")
        pcm = take.capture(chunks, lambda: keyboard.wait(0.0) is not None, length.longest)
    return take.finished(pcm, length)


def _play_or_tell(
    context: Context, settings: Settings, words: PhrasePack, line: SpokenLine, sound: Sound
) -> bool:
    """Play a take as it will sound; say it where no loudspeaker works."""
    click.echo("This is how it will sound.")
    try:
        _play(context, settings, words, line, lambda name, _: sound, None)
    except SoundError as error:
        click.echo(f"It cannot be played: {error}. It lasts {sound.seconds:.1f} s.\n  {error.hint}")
        return False
    return True


def _play(
    context: Context,
    settings: Settings,
    words: PhrasePack,
    line: SpokenLine,
    recorded: Recorded,
    out: str | None,
) -> None:
    studio = wiring.studio(settings)
    prepare(studio, [*line.before, *line.after])

    def only_this(name: str, text: str) -> Sound | None:
        return recorded(name, text) if name == line.name else None

    prompter = wiring.prompter(settings, words, studio, _fail, only_this)
    clips: list[Clip] = list(prompter.line_clips(line))
    speak(context, clips, out)


def _lines(settings: Settings, words: PhrasePack) -> tuple[SpokenLine, ...]:
    hour, minute = EXAMPLE_TIME
    at = datetime.now().replace(hour=hour, minute=minute, second=0, microsecond=0)
    wording = wiring.wording(settings, words)
    return lines(wording, settings.agreement.pause_minutes, at.timestamp())


def _tell_words(line: SpokenLine) -> None:
    """Say what to say, and what the voice adds."""
    own = "in your own words; leave the time out."
    if line.recordable:
        tell(f'Say: "{" ".join(line.recordable)}" Or {own}')
    else:
        tell(f"Say it {own}")
    for when, texts in (("Before it", line.before), ("After it", line.after)):
        if texts:
            tell(f'{when} I say, for a recording cannot know it: "{" ".join(texts)}"')


def _fail(error: VoiceError) -> None:
    raise error


COMMANDS = (record,)
