"""``say``, ``render`` and ``hear``: the parts of a pause by themselves."""

from __future__ import annotations

import queue
from collections.abc import Sequence
from pathlib import Path

import click

from calmvoice import wiring
from calmvoice.audio.sounddevice_speaker import SounddeviceSpeaker
from calmvoice.cli import routines
from calmvoice.cli.common import (
    Context,
    json_option,
    pass_context,
    prepare,
    prepared_studio,
    put,
)
from calmvoice.clock import SystemClock
from calmvoice.ears.hear import hear as hear_file
from calmvoice.errors import SoundError
from calmvoice.language import sentences
from calmvoice.prompter import SENTENCE_GAP_SECONDS
from calmvoice.rendering import render_pause
from calmvoice.session.stages import Stage
from calmvoice.session.table import MEANINGS
from calmvoice.settings import Settings
from calmvoice.sound import Clip, Sound, silence, write_wav

START_SECONDS = 10.0  # how long a loudspeaker may take to begin


def speak_texts(context: Context, texts: Sequence[str], out: str | None) -> None:
    """Render lines sentence by sentence and play them, or write them to a WAV file."""
    speak(context, spoken_clips(context.settings(), texts), out)


def spoken_clips(settings: Settings, texts: Sequence[str]) -> list[Clip]:
    """Render lines sentence by sentence in the voice of the settings."""
    studio = wiring.studio(settings)
    parts = [sentence for text in texts for sentence in sentences(text)]
    prepare(studio, parts)
    gap = Clip(silence(SENTENCE_GAP_SECONDS))
    return [clip for part in parts for clip in (studio.clip(part), gap)]


def speak(context: Context, clips: list[Clip], out: str | None) -> None:
    """Play clips, or write them to a WAV file; raises ``SoundError``."""
    if out is not None:
        import numpy as np

        write_wav(Path(out), Sound(np.concatenate([clip.sound.samples for clip in clips])))
        return
    ended: queue.SimpleQueue[bool] = queue.SimpleQueue()  # whether it was heard
    name = context.settings().computer.speaker
    speaker = SounddeviceSpeaker(
        name,
        lambda ticket, breaks: ended.put(True),
        lambda part, works: None if works else ended.put(False),
        SystemClock(),
    )
    try:
        speaker.start(1)
        for clip in clips:
            speaker.append(1, clip)
        speaker.seal(1)
        seconds = START_SECONDS + sum(clip.sound.seconds for clip in clips)
        heard = ended.get(timeout=seconds)
    except queue.Empty:
        heard = False
    finally:
        speaker.close()
    if not heard:
        raise SoundError("no loudspeaker works", "See what there is: calmvoice devices")


@click.command()
@click.argument("text")
@click.option("--out", metavar="FILE", help="Write a WAV file instead of playing it.")
@pass_context
def say(context: Context, text: str, out: str | None) -> None:
    """Speak a text with the voice of the settings."""
    studio = wiring.studio(context.settings())
    speak(context, [studio.clip(sentence) for sentence in sentences(text)], out)


@click.command()
@click.argument("out", type=click.Path(dir_okay=False))
@click.option("--answer/--no-answer", default=True, help="Whether both say they are here.")
@routines.option
@pass_context
def render(context: Context, out: str, answer: bool, routine: str | None) -> None:
    """Write a whole pause to a WAV file, without any device."""
    settings = routines.with_routine(context.settings(), routine)
    words = wiring.pack(settings)
    studio = prepared_studio(settings, words)
    rendered = render_pause(settings, words, studio, Path(out), answer)
    for at, line in rendered.lines:
        click.echo(f"{int(at // 60):3d}:{at % 60:04.1f}  {line}")
    click.echo(f"{out}: {rendered.seconds / 60:.1f} minutes")


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(dir_okay=False))
@click.option(
    "--stage",
    type=click.Choice([stage.value for stage in Stage]),
    default=Stage.LISTENING.value,
    show_default=True,
    help="What is listened for depends on where a pause stands.",
)
@json_option
@pass_context
def hear(context: Context, files: tuple[str, ...], stage: str, as_json: bool) -> None:
    """Say what would be heard in WAV files, and when, in seconds of their sound."""
    settings = context.settings()
    words = wiring.pack(settings)
    said = wiring.phrases(settings, words)
    speech = wiring.model(settings)
    found: list[dict[str, object]] = []
    for file in files:
        ears = wiring.ears(speech, said)
        ears.expect({meaning: said[meaning] for meaning in MEANINGS[Stage(stage)]})
        found += [
            {
                "file": file,
                "meaning": heard.meaning.value,
                "start_seconds": round(heard.start_seconds, 2),
                "at_seconds": round(heard.at_seconds, 2),
                "known_seconds": round(heard.known_seconds, 2),
                "sure": heard.sure,
            }
            for heard in hear_file(ears, Path(file))
        ]

    def text() -> str:
        lines = [
            f"{one['file']}  {one['start_seconds']:6.2f} to {one['at_seconds']:6.2f} s  "
            f"{one['meaning']}{'' if one['sure'] else ', perhaps'}"
            for one in found
        ]
        return "\n".join(lines) or "Nothing was heard that means something."

    put(found, as_json, text)


COMMANDS = (say, render, hear)
