"""``init`` and ``agreement``: what the two decide in the calm, and how it is shown."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from calmvoice import journal, settings_file, wiring
from calmvoice.agreement.draft import Draft
from calmvoice.agreement.interview import Interview, Judge
from calmvoice.agreement.making import Making, Stopped
from calmvoice.agreement.page import markdown, page_of, spoken
from calmvoice.cli import listen
from calmvoice.cli.common import Context, pass_context
from calmvoice.cli.tools import speak_texts
from calmvoice.cli.typed import TypedAsker, show_page, tell
from calmvoice.ears.advice import Advice, advise
from calmvoice.errors import SettingsError
from calmvoice.journal import SqliteJournal
from calmvoice.language import PhrasePack
from calmvoice.meanings import SIGNALS, Meaning
from calmvoice.settings import Agreement, Settings


@click.command()
@click.pass_context
def init(ctx: click.Context) -> None:
    """Make your agreement, both of you, in the calm: about five minutes.

    Enter takes what is proposed; "later" or Ctrl-C stops, and the next time it goes on from there.
    """
    context: Context = ctx.obj
    old = context.settings()
    words = wiring.pack(old)
    asker = TypedAsker()
    if _pause_runs():
        asker.tell(_line(words, "setup.pause_runs"))
        return
    interview = Interview(old, words, judge(old, words), fresh=not context.path.exists())
    making = Making(
        asker,
        interview,
        Draft(context.path),
        words,
        lambda settings: settings_file.save(context.path, settings),
    )
    agreed = making.run(date.today())
    if agreed is None:
        return
    click.echo(f"{context.path}\n")
    try:
        rehearse = asker.confirm(_line(words, "setup.rehearse"))
    except Stopped:
        rehearse = False
    if rehearse:
        ctx.invoke(listen.rehearse)
    else:
        asker.tell(_line(words, "setup.rehearse_later"))


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
        speak_texts(context, spoken(page), out)
    if not (aloud or markdown_path or pdf_path):
        if not settings.agreement.agreed_on:
            tell(_line(words, "setup.not_agreed"))
        show_page(page)


def _revoke(context: Context, settings: Settings, words: PhrasePack, yes: bool) -> None:
    tell(_line(words, "setup.revoke_means"))
    if not yes and not click.confirm(_line(words, "setup.revoke"), default=True):
        return
    settings_file.save(context.path, settings.model_copy(update={"agreement": Agreement()}))
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
