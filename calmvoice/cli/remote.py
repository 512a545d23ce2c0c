"""``status``, ``pause``, ``here``, ``stop`` and ``quit``: from a second terminal or a shortcut."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import click

from calmvoice import journal, wiring
from calmvoice.cli.common import Context, json_option, pass_context, put
from calmvoice.clock import SystemClock
from calmvoice.errors import CalmVoiceError, RunningError
from calmvoice.keys import Keys
from calmvoice.screen import Screen
from calmvoice.session import Session
from calmvoice.session.events import Restarted
from calmvoice.session.promise import Promise
from calmvoice.session.rules import Rules
from calmvoice.session.stages import Stage
from calmvoice.settings import Settings
from calmvoice.shell import Status
from calmvoice.single import claim, place
from calmvoice.single.caller import call
from calmvoice.single.wire import Answer, Request
from calmvoice.twin_journal import TwinJournal

log = logging.getLogger(__name__)

START_HINT = "Start it with: calmvoice"


@contextmanager
def alone(context: Context, wait: bool = False) -> Iterator[None]:
    """Hold the promise for this program, or wait for that.

    Raises ``RunningError`` that says where the other one is.
    """
    with ExitStack() as held:
        try:
            held.enter_context(claim.claim(journal.default_path()))
        except RunningError as error:
            if not wait:
                raise _explained(context, error) from error
            log.warning("%s: this one waits until that has ended", error)
            held.enter_context(claim.claim(journal.default_path(), wait=True))
        yield


def _explained(context: Context, error: RunningError) -> RunningError:
    """Return what to tell someone whose second start found the first one running."""
    try:
        answer = call(place.folder(), Request.STATUS)
    except RunningError as silent:
        end = f" To end it: kill {error.holder}" if error.holder is not None else ""
        return RunningError(str(silent), silent.hint + end)
    return RunningError(
        f"{error}. {_headline(context, answer)}",
        "calmvoice status, pause, here and stop talk to it; calmvoice quit ends it.",
    )


@click.command()
@json_option
@pass_context
def status(context: Context, as_json: bool) -> None:
    """Say where a pause stands. Exit code 1 if CalmVoice does not run."""
    answer = _call(Request.STATUS)
    is_running = answer is not None
    found = answer if is_running else _on_disk(context)

    def text() -> str:
        if found is not None and is_running:
            return _headline(context, found)
        lines = ["CalmVoice is not running."]
        if found is not None:
            lines.append(_left(context, found))
        return "\n".join(lines)

    values = {
        "running": is_running,
        "stage": found.stage.value if found is not None else None,
        "return_at": found.return_at if found is not None else None,
        "keys_only": found.keys_only if found is not None else None,
    }
    put(values, as_json, text)
    if not is_running:
        click.get_current_context().exit(1)


@click.command()
@pass_context
def pause(context: Context) -> None:
    """Ask for a pause without a word, as any key does."""
    _press(context, Request.PAUSE)


@click.command()
@pass_context
def here(context: Context) -> None:
    """Say that one of you is here, when you are called back."""
    _press(context, Request.HERE)


@click.command()
@pass_context
def stop(context: Context) -> None:
    """Silence what is being said. The return stays as promised."""
    _press(context, Request.STOP)


@click.command(name="quit")
@pass_context
def quit_(context: Context) -> None:
    """End the running CalmVoice. A promise is kept, and taken up at the next start."""
    answer = _ask(Request.QUIT)
    click.echo("CalmVoice ends.")
    if answer.return_at is not None:
        click.echo(_left(context, answer))


def _press(context: Context, request: Request) -> None:
    answer = _ask(request)
    where = _headline(context, answer)
    if not answer.taken:
        raise RunningError(f"that means nothing now. {where}")
    click.echo(where)


def _ask(request: Request) -> Answer:
    answer = _call(request)
    if answer is None:
        raise RunningError("CalmVoice is not running", START_HINT)
    return answer


def _call(request: Request) -> Answer | None:
    """Return what the running program answers; None if there is none.

    Raises ``RunningError`` for one that does not answer.
    """
    try:
        return call(place.folder(), request)
    except RunningError:
        if claim.is_claimed(journal.default_path()):
            raise
        return None


def require_no_promise() -> None:
    """Raise ``RunningError`` while a pause is kept: a practice would stand in its way."""
    promise = _promise()
    if promise is not None and not promise.owed:
        raise RunningError(
            "a pause is kept, and comes first: a practice would not call you back from it",
            START_HINT,
        )


def _promise() -> Promise | None:
    """Return the promise on disk; whoever asks holds the claim, for opening it may mend it."""
    kept = TwinJournal(journal.default_path())
    try:
        return kept.promise()
    finally:
        kept.close()


def _on_disk(context: Context) -> Answer | None:
    """Return where the promise on disk stands; None if there is none."""
    if not journal.default_path().parent.exists():
        return None
    with alone(context):
        promise = _promise()
    if promise is None:
        return None
    now, session = SystemClock().now(), Session(Rules())
    session.apply(Restarted(promise), now)  # as the next start would: the clock may have been set
    status = Status.of(session)
    if status.return_at is None:
        return None
    return Answer(status.stage, status.return_at, status.wall(now), keys_only=False, taken=True)


def _screen(context: Context) -> Screen:
    try:
        settings = context.settings_or_first()
        words = wiring.pack(settings)
    except CalmVoiceError:  # the program itself tells what is wrong with them
        settings = Settings()
        words = wiring.pack(settings)
    return Screen(wiring.wording(settings, words), Keys(words))


def _headline(context: Context, found: Answer) -> str:
    shown = Status(found.stage, found.return_at, frozenset(), False, is_deaf=found.keys_only)
    return _screen(context).headline(shown, found.wall)


def _left(context: Context, found: Answer) -> str:
    """Return what to know of a promise while nothing runs."""
    if found.return_at is None or found.stage in (Stage.OWED, Stage.CALLING):
        return _headline(context, found)
    return _screen(context).farewell(found.return_at, kept=True)


COMMANDS = (status, pause, here, stop, quit_)
