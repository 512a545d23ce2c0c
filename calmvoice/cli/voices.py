"""``voices``: the engines and voices present, listed, played, compared, chosen and tuned."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict

import click

from calmvoice import settings_file, wiring, wiring_rules
from calmvoice.cli.bridges import bridge_words
from calmvoice.cli.common import Context, json_option, pass_context, prepare, put
from calmvoice.cli.tools import speak, spoken_clips
from calmvoice.cli.typed import tell
from calmvoice.errors import SoundError
from calmvoice.settings import FASTEST_WORDS, PITCH_SEMITONES, SLOWEST_WORDS, Settings
from calmvoice.sound import Clip
from calmvoice.tuning import Tuning
from calmvoice.voice.ahead import seconds_ahead
from calmvoice.voice.engines import Engine, named
from calmvoice.voice.pyttsx3_voice import variants

ABOUT = {
    "pyttsx3": "espeak-ng, comes along, ready at once",
    "pico": "SVOX Pico, small and clear",
    "piper": "Piper, natural; slow on a small computer, so it is prepared ahead",
}
LONG_SECONDS = 5.0  # of preparing, over which it is asked first
KEYS = "s slower, f faster, l lower, h higher, Enter again, k keep, q leave"
STEPS: dict[str, Callable[[Tuning], Tuning]] = {
    "s": Tuning.slower,
    "f": Tuning.faster,
    "l": Tuning.lower,
    "h": Tuning.higher,
}


@click.group(invoke_without_command=True)
@click.option("--timbres", is_flag=True, help='What may follow an espeak voice and "+".')
@json_option
@click.pass_context
def voices(ctx: click.Context, timbres: bool, as_json: bool) -> None:
    """List the voices that can speak here; "*" is the one that does."""
    if ctx.invoked_subcommand is not None:
        return
    context: Context = ctx.obj
    settings = context.settings()
    found = _engines(settings)
    if timbres:
        put(variants(), as_json, lambda: " ".join(variants()))
        return
    if as_json:
        current = _name(settings, found)
        put({"current": current, "engines": [asdict(one) for one in found]}, True, str)
        return
    for engine in found:
        mark = "*" if engine.name == settings.computer.engine else " "
        tell(f"{mark} {engine.name}: {ABOUT[engine.name]}", indent="    ")
        tell(f"    {', '.join(engine.voices) or engine.install}", indent="    ")
    click.echo(f"* speaks now: {_name(settings, found)}, {_tuning(settings)}")
    click.echo("A timbre may follow a voice of pyttsx3: en-us+f2; calmvoice voices --timbres")


@voices.command()
@click.argument("names", nargs=-1, metavar="[ENGINE/VOICE]...")
@click.option("--out", metavar="FILE", help="Write a WAV file instead of playing it.")
@pass_context
def play(context: Context, names: tuple[str, ...], out: str | None) -> None:
    """Speak your bridge in the voice of the settings, or in others, one after the other."""
    settings = context.settings()
    tried = _tried(settings, names or (_name(settings, _engines(settings)),))
    if out is not None:
        speak(context, [clip for one in tried.values() for clip in _bridge(one)], out)
        return
    for name, one in tried.items():
        click.echo(name)
        _heard(context, one)


@voices.command()
@click.argument("names", nargs=-1, metavar="[ENGINE/VOICE]...")
@pass_context
def compare(context: Context, names: tuple[str, ...]) -> None:
    """Hear the same bridge in several voices, one of each engine if none is named; keep one."""
    settings = context.settings()
    tried = _tried(
        settings, names or tuple(one.voice_name for one in _engines(settings) if one.present)
    )
    numbered = dict(enumerate(tried.items(), 1))
    try:
        for number in numbered:
            _play_numbered(context, numbered, number)
        while answer := _ask("A number to hear it again, k and a number to keep it, Enter leaves"):
            wanted = answer.removeprefix("k").strip()
            number = int(wanted) if wanted.isdecimal() else 0
            if number not in numbered:
                click.echo(f"There are 1 to {len(numbered)}.")
            elif answer.startswith("k"):
                _keep(context, numbered[number][1])
                return
            else:
                _play_numbered(context, numbered, number)
    except (click.Abort, KeyboardInterrupt):
        click.echo()
    click.echo("The voice is as it was.")


@voices.command()
@click.argument("name", metavar="ENGINE[/VOICE]")
@click.option("--yes", is_flag=True, help="Prepare its sentences without asking.")
@pass_context
def use(context: Context, name: str, yes: bool) -> None:
    """Let this voice speak from now on, and prepare its sentences."""
    (changed,) = _tried(context.settings(), (name,)).values()
    _bridge(changed)
    _keep(context, changed, prepare_now=yes)


@voices.command()
@click.option("--words", type=click.IntRange(SLOWEST_WORDS, FASTEST_WORDS), help="Begin here.")
@click.option("--pitch", type=click.FloatRange(-PITCH_SEMITONES, PITCH_SEMITONES), help="And here.")
@pass_context
def tune(context: Context, words: int | None, pitch: float | None) -> None:
    """Make the voice slower or faster, lower or higher, by ear. Nothing is kept without a yes."""
    settings = context.settings()
    tuning = _tuning(settings)
    if words is not None:
        tuning = Tuning(words, tuning.pitch_semitones)
    if pitch is not None:
        tuning = Tuning(tuning.words_per_minute, pitch)
    click.echo(KEYS)
    try:
        answer = ""
        while answer not in ("k", "q"):
            if answer in STEPS:
                moved = STEPS[answer](tuning)
                if moved == tuning:
                    click.echo("That is as far as it goes.")
                tuning = moved
            elif answer:
                click.echo(KEYS)
            _heard(context, _tuned(settings, tuning))
            answer = _ask(str(tuning))
        if answer == "k" and click.confirm(f"Keep {tuning}?", default=True):
            _keep(context, _tuned(settings, tuning))
            return
    except (click.Abort, KeyboardInterrupt):
        click.echo()
    click.echo("The voice is as it was.")
    if tuning != _tuning(settings):
        at = f"--words {tuning.words_per_minute} --pitch {tuning.pitch_semitones:g}"
        click.echo(f"To go on from here: calmvoice voices tune {at}")


def _engines(settings: Settings) -> tuple[Engine, ...]:
    return wiring.engines(wiring.pack(settings))


def _name(settings: Settings, engines: Sequence[Engine]) -> str:
    computer = settings.computer
    own = next(one.own_choice for one in engines if one.name == computer.engine)
    return f"{computer.engine}/{computer.voice or own}"


def _tried(settings: Settings, names: Sequence[str]) -> dict[str, Settings]:
    """Return the settings with each of the voices; raises ``VoiceError`` for one that is not."""
    engines = _engines(settings)
    tried = {}
    for name in names:
        engine, voice = named(name, engines)
        tried[name] = _changed(settings, engine=engine, voice=voice)
        wiring.voice(tried[name])
    return tried


def _tuning(settings: Settings) -> Tuning:
    return Tuning(settings.computer.words_per_minute, settings.computer.pitch_semitones)


def _tuned(settings: Settings, tuning: Tuning) -> Settings:
    return _changed(settings, **asdict(tuning))


def _changed(settings: Settings, **values: object) -> Settings:
    plain = settings.model_dump()
    plain["computer"].update(values)
    return settings_file.check(plain, "the settings")


def _text(settings: Settings) -> str:
    """Return the bridge they agreed on, as it sounds at twenty to eight."""
    name = wiring_rules.rules(settings).bridge.removeprefix("bridge.")
    return bridge_words(settings, wiring.pack(settings), name)


def _bridge(settings: Settings) -> list[Clip]:
    return spoken_clips(settings, [_text(settings)])


def _heard(context: Context, settings: Settings) -> None:
    """Play the bridge; where nothing can play, say so and go on."""
    clips = _bridge(settings)
    try:
        speak(context, clips, None)
    except SoundError as error:
        seconds = sum(clip.sound.seconds for clip in clips)
        click.echo(f"Not heard: {error}. It would take {seconds:.1f} s: {_text(settings)}")
        click.echo(f"  {error.hint}")


def _play_numbered(
    context: Context, numbered: dict[int, tuple[str, Settings]], number: int
) -> None:
    name, settings = numbered[number]
    click.echo(f"{number} {name}")
    _heard(context, settings)


def _ask(question: str) -> str:
    return str(click.prompt(question, default="", show_default=False)).strip().lower()


def _keep(context: Context, settings: Settings, prepare_now: bool = False) -> None:
    """Write the settings, say how long preparing takes, and prepare if it is wanted."""
    settings_file.save(context.path, settings)
    click.echo(f"Kept: {_name(settings, _engines(settings))}, {_tuning(settings)}.")
    studio = wiring.studio(settings)
    words = wiring.pack(settings)
    texts = wiring.prompter(settings, words, studio, lambda error: None).texts_ahead()
    seconds = seconds_ahead(studio, texts, time.monotonic)
    if seconds > LONG_SECONDS and not prepare_now:
        click.echo(f"Its sentences are prepared once: {_long(seconds)}, now or at the next start.")
        with contextlib.suppress(click.Abort):
            prepare_now = click.confirm("Now?", default=True)
    if prepare_now or seconds <= LONG_SECONDS:
        prepare(studio, texts)
        click.echo("Everything is prepared.")


def _long(seconds: float) -> str:
    return f"about {seconds:.0f} s" if seconds < 90 else f"about {seconds / 60:.0f} minutes"


COMMANDS = (voices,)
