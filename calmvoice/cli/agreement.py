"""``init`` and ``agreement``: what the two decide in the calm, and how it is shown."""

from __future__ import annotations

import contextlib
from datetime import date
from pathlib import Path

import click

from calmvoice import journal, settings_file, wiring
from calmvoice.agreement.draft import Draft
from calmvoice.agreement.interview import Interview, Judge
from calmvoice.agreement.making import Asker, Making, Stopped
from calmvoice.agreement.page import markdown, page_of
from calmvoice.agreement.page import spoken as read_aloud
from calmvoice.cli import listen
from calmvoice.cli.common import Context, pass_context, prepare
from calmvoice.cli.tools import speak_texts
from calmvoice.cli.typed import TypedAsker, show_page, tell
from calmvoice.ears.advice import Advice, advise
from calmvoice.errors import SettingsError
from calmvoice.journal import SqliteJournal
from calmvoice.language import PhrasePack, sentences
from calmvoice.meanings import SIGNALS, Meaning
from calmvoice.promise_copy import beside, read_copy
from calmvoice.settings import Settings


@click.command()
@click.option("--spoken", is_flag=True, help="Ask by voice; say yes or no, or type.")
@click.pass_context
def init(ctx: click.Context, spoken: bool) -> None:
    """Make your agreement, both of you, in the calm: about five minutes.

    Enter takes what is proposed; "later" or Ctrl-C stops, and the next time it goes on from there.
    """
    context: Context = ctx.obj
    old = context.settings_or_first()
    words = wiring.pack(old)
    if _pause_runs():
        tell(_line(words, "setup.pause_runs"))
        return
    if not spoken:
        rehearse = _make(context, TypedAsker(words), old, words)
    else:
        from calmvoice.spoken_setup import spoken_asker

        studio = wiring.studio(old)
        asked = [line for role, group in words.lines.items() for line in group if _is_asked(role)]
        prepare(studio, [part for line in asked for part in sentences(line) if "{" not in part])
        with spoken_asker(old, words, studio, click.echo) as asker:
            rehearse = _make(context, asker, old, words)
    if rehearse:
        ctx.invoke(listen.rehearse)


def _is_asked(role: str) -> bool:
    return role.startswith(("ask.", "setup."))


def _make(context: Context, asker: Asker, old: Settings, words: PhrasePack) -> bool:
    """Make the agreement; return whether they want to rehearse it now."""
    interview = Interview(old, words, judge(old, words), fresh=not old.agreement.agreed_on)
    making = Making(
        asker,
        interview,
        Draft(context.path),
        words,
        lambda settings: settings_file.save(context.path, settings),
    )
    if making.run(date.today()) is None:
        return False
    click.echo(f"{context.path}\n")
    with contextlib.suppress(Stopped):
        if asker.confirm(_line(words, "setup.rehearse")):
            return True
        asker.tell(_line(words, "setup.rehearse_later"))
    return False


def judge(settings: Settings, words: PhrasePack) -> Judge:
    """Return what says how well phrases are heard by the model of the settings."""
    speech = wiring.model(settings)

    def reports(tried: Settings, meaning: Meaning) -> list[Advice]:
        said = wiring.phrases(tried, words)
        others = {m: group for m, group in said.items() if m is not meaning}
        ideas = words.ideas if meaning in SIGNALS else ()
        return [advise(speech, phrase, others, ideas) for phrase in said[meaning]]

    return reports


def _pause_runs() -> bool:
    """Say whether a pause is running, or its talk still owed."""
    path = journal.default_path()
    if (copied := read_copy(beside(path))) is not None:
        return copied.promise is not None
    if not path.exists():
        return False
    kept = SqliteJournal(path)
    try:
        return kept.promise() is not None
    finally:
        kept.close()


@click.command()
@click.option("--aloud", is_flag=True, help="Read it by voice.")
@click.option("--out", metavar="FILE", help="With --aloud: write a WAV file instead.")
@click.option("--markdown", "markdown_path", metavar="FILE", help="Save it as Markdown.")
@click.option("--pdf", "pdf_path", metavar="FILE", help="Save it as one page to print.")
@click.option(
    "--name",
    "names",
    multiple=True,
    help="A name to print under the PDF's lines for signing; it is kept nowhere.",
)
@click.option("--font", metavar="FILE", help="A font for the PDF, for a script that it lacks.")
@click.option("--revoke", is_flag=True, help="Take the agreement back.")
@click.option("--yes", is_flag=True, help="With --revoke: do not ask.")
@pass_context
def agreement(
    context: Context,
    aloud: bool,
    out: str | None,
    markdown_path: str | None,
    pdf_path: str | None,
    names: tuple[str, ...],
    font: str | None,
    revoke: bool,
    yes: bool,
) -> None:
    """Show your agreement on one page, read it aloud, save it, print it, or take it back."""
    settings = context.settings()
    words = wiring.pack(settings)
    if revoke:
        _revoke(context, settings, words, yes)
        return
    page = page_of(settings, words)
    if markdown_path is not None:
        _write(Path(markdown_path), markdown(page))
    if pdf_path is not None:
        from calmvoice.agreement.pdf import pdf

        made = pdf(page, names, Path(font) if font else None)
        if made.unprintable:
            click.echo(
                f"No font here can print: {' '.join(made.unprintable)} "
                "(give one that can: --font FILE)",
                err=True,
            )
        _write(Path(pdf_path), made.content)
    if aloud:
        speak_texts(context, read_aloud(page), out)
    if not (aloud or markdown_path or pdf_path):
        if not settings.agreement.agreed_on:
            tell(_line(words, "setup.not_agreed"))
        show_page(page)


def _revoke(context: Context, settings: Settings, words: PhrasePack, yes: bool) -> None:
    tell(_line(words, "setup.revoke_means"))
    if not yes and not click.confirm(_line(words, "setup.revoke"), default=True):
        return
    settings_file.save(context.path, settings_file.without_agreement(settings))
    Draft(context.path).remove()
    tell(_line(words, "setup.revoked"))


def _write(path: Path, content: str | bytes) -> None:
    try:
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    except OSError as error:
        raise SettingsError(f"{path}: cannot be written ({error.strerror})") from error
    click.echo(f"{path}: written.")


def _line(words: PhrasePack, role: str) -> str:
    return " ".join(words.lines[role])


COMMANDS = (init, agreement)
