"""``calmvoice`` itself and ``calmvoice rehearse``: a pause in the room."""

from __future__ import annotations

import contextlib
import logging
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import click

from calmvoice import journal, wiring, wiring_rules
from calmvoice.cli import remote, routines
from calmvoice.cli.common import Context, pass_context, prepared_studio
from calmvoice.cli.streams import quiet_libraries, write_line
from calmvoice.clock import SkippingClock, SystemClock
from calmvoice.errors import CalmVoiceError, JournalError, SettingsError
from calmvoice.journal import Journal, SqliteJournal
from calmvoice.language import PhrasePack
from calmvoice.live import Manner, Room
from calmvoice.ports import Clock, Ears
from calmvoice.process_memory import forbid_core_dumps
from calmvoice.session.rules import Rules
from calmvoice.settings import Settings
from calmvoice.twin_journal import TwinJournal
from calmvoice.voice.studio import Studio

log = logging.getLogger(__name__)

PROMISE_FIRST = "A pause is running: I keep it, with the words that I came with, until it is over."
KEYS_FIRST = "A pause is running: I keep it, with keys alone, until it is over."
Command = TypeVar("Command", bound=Callable[..., Any])


def options(command: Command) -> Command:
    """Add the options of everything that listens."""
    for option in (
        click.option(
            "--plain", is_flag=True, help="Lines instead of a screen; typed words count as said."
        ),
        click.option(
            "--save-sound",
            metavar="FILE",
            type=click.Path(dir_okay=False),
            help="Write what CalmVoice says to a WAV file instead of playing it.",
        ),
        click.option("--no-speaker", is_flag=True, help="Captions only."),
        click.option("--no-microphone", is_flag=True, help="Keys only: nothing listens."),
    ):
        command = option(command)
    return command


def manner(
    context: Context,
    no_microphone: bool,
    no_speaker: bool,
    save_sound: str | None,
    plain: bool,
    background: bool = False,
    one_pause: bool = False,
) -> Manner:
    """Read the options; without a terminal, or with a log in it, the output is plain."""
    terminal = sys.stdin.isatty() and sys.stdout.isatty() and not context.verbose
    return Manner(
        microphone=not no_microphone,
        loudspeaker=not no_speaker,
        save_sound=Path(save_sound) if save_sound else None,
        plain=plain or not terminal,
        background=background,
        one_pause=one_pause,
    )


def listen(context: Context, how: Manner) -> None:
    """Listen until someone quits; in the background, after whoever runs already has ended."""
    if how.background and not context.verbose:
        logging.getLogger().setLevel(logging.WARNING)  # troubles, but not when a pause was
    settings, fault = _settings(context)
    with remote.alone(context, wait=how.background):
        kept = TwinJournal(journal.default_path(), settings.computer.history_days)
        if fault is None:
            with contextlib.suppress(JournalError):  # a full disk: the pause is told of it
                kept.forget_old(date.today())
        elif kept.promise() is None:
            kept.close()
            raise fault
        else:
            _keep_first(kept, fault)
        _live(settings, wiring_rules.rules, kept, SystemClock(), how)


def _settings(context: Context) -> tuple[Settings, SettingsError | None]:
    """Return the settings, or the defaults and what is wrong: a promise outlives a slip in them."""
    try:
        return context.settings(), None
    except SettingsError as error:
        return Settings(), error


@click.command()
@click.option("--fast", is_flag=True, help="Skip the quiet: the clock is moved on.")
@routines.option
@options
@pass_context
def rehearse(context: Context, /, fast: bool, routine: str | None, **options: Any) -> None:
    """Practise a pause of two minutes, while it is calm. Nothing is remembered of it."""
    clock: Clock = SkippingClock(SystemClock()) if fast else SystemClock()
    settings = routines.with_routine(context.settings(), routine)
    how = manner(context, **options, one_pause=True)
    with remote.alone(context):  # two would both hear the signal
        remote.require_no_promise()
        _live(settings, wiring_rules.rehearsal_rules, SqliteJournal(":memory:"), clock, how)


def _live(
    settings: Settings,
    rules_of: Callable[[Settings], Rules],
    kept: Journal,
    clock: Clock,
    how: Manner,
) -> None:
    forbid_core_dumps()
    parts = _parts(settings, rules_of, kept, how)
    how = replace(how, microphone=parts.ears is not None)
    with quiet_libraries(not how.plain and not how.background):
        room = Room(
            parts.settings, parts.rules, parts.words, parts.studio, kept, clock, how, write_line
        )
        room.run(parts.ears, iter(sys.stdin.readline, ""))


@dataclass(frozen=True)
class _Parts:
    """What is built of the settings; ``ears`` is None where nothing listens."""

    settings: Settings
    rules: Rules
    words: PhrasePack
    studio: Studio
    ears: Ears | None


def _parts(
    settings: Settings, rules_of: Callable[[Settings], Rules], kept: Journal, how: Manner
) -> _Parts:
    """Build them. A promise outlives what is wrong: then keys alone, or the words that came along.

    Raises ``CalmVoiceError`` for the first thing that is wrong where nothing was promised.
    """
    usual = Settings()
    ways = ((settings, how.microphone), (settings, False), (usual, how.microphone), (usual, False))
    fault: CalmVoiceError | None = None
    for tried, listens in ways:
        try:
            parts = _built(tried, rules_of(tried), kept, listens=listens)
        except CalmVoiceError as error:
            if kept.promise() is None:
                kept.close()
                raise
            fault = fault or error
            continue
        if fault is not None:
            _keep_first(kept, fault, KEYS_FIRST if tried is settings else PROMISE_FIRST)
        return parts
    assert fault is not None
    raise fault


def _built(settings: Settings, rules: Rules, kept: Journal, *, listens: bool) -> _Parts:
    words = wiring.pack(settings)
    said, ears = wiring.phrases(settings, words), None
    if listens:
        ears = wiring.ears(wiring.model(settings), said)
    promise = kept.promise()
    waits = promise is None or promise.owed  # else each line is rendered when it is said
    studio = prepared_studio(settings, words) if waits else wiring.studio(settings)
    return _Parts(settings, rules, words, studio, ears)


def _keep_first(kept: Journal, fault: CalmVoiceError, how: str = PROMISE_FIRST) -> None:
    log.error("%s", fault)
    kept.troubles.append(JournalError(str(fault), how))


COMMANDS = (rehearse,)
