"""How an agreement is made: only in the calm, question by question, and both say yes at the end.

Rules: whoever asks (a terminal, a voice) is an ``Asker``; people may stop at any question and lose
nothing; nothing of the settings changes before both have agreed.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Protocol

from calmvoice.agreement.draft import Draft
from calmvoice.agreement.interview import Interview, Reply
from calmvoice.agreement.page import Page, page_of
from calmvoice.bridge_check import BridgeReport, joined
from calmvoice.errors import SettingsError
from calmvoice.language import PhrasePack
from calmvoice.settings import Settings


class Stopped(Exception):  # noqa: N818 - nothing went wrong: somebody would rather go on later
    """Somebody stopped in the middle."""


class Asker(Protocol):
    """Tells and asks; raises ``Stopped`` when somebody ends it (Ctrl-C, a closed terminal)."""

    def tell(self, text: str) -> None:
        """Say something."""

    def show(self, page: Page) -> None:
        """Show or read the agreement."""

    def choices(self, lines: list[str]) -> None:
        """Say what there is to choose from; the first is number one."""

    def ask(self, question: str, default: str, place: tuple[int, int]) -> str:
        """Return an answer; Enter is the default."""

    def confirm(self, question: str, default: bool = True) -> bool:
        """Return yes or no."""


Save = Callable[[Settings], None]
"""Writes the settings; raises ``SettingsError``."""


class Making:
    """One attempt to make an agreement."""

    def __init__(
        self, asker: Asker, interview: Interview, draft: Draft, pack: PhrasePack, save: Save
    ) -> None:
        self._asker, self._interview, self._draft = asker, interview, draft
        self._pack, self._save = pack, save
        self._kept = True

    def run(self, today: date) -> Settings | None:
        """Return the agreement that was made and written down, or None."""
        for role in ("safety", "emergency", "intro"):
            self._tell(role)
        try:
            if not self._confirm("calm"):
                self._tell("not_calm")
                return None
            self._tell("either")
            self._take_up()
            self._tell("keys")
            while self._interview.question is not None:
                self._ask_one()
            return self._agree(today)
        except Stopped:
            self._tell("stopped" if self._kept or not self._interview.answers else "stopped_unkept")
            return None

    def _take_up(self) -> None:
        kept = self._draft.load()
        if kept and self._confirm("resume"):
            self._interview.take_up(kept)

    def _ask_one(self) -> None:
        interview = self._interview
        question = interview.question
        assert question is not None
        if question.key in ("bridge", "other_bridge"):
            self._asker.choices(self._bridges())
        typed = self._asker.ask(
            self._line(f"ask.{question.key}"), interview.default, interview.place
        )
        match typed.strip().lower():
            case "<":
                interview.back()
                return
            case "later":
                raise Stopped
        reply = self._settled(typed)
        for note in reply.notes:
            self._asker.tell(note)
        if reply.taken:
            if question.key == "pause_minutes" and interview.is_short:
                self._tell("short")
            self._keep()

    def _settled(self, typed: str) -> Reply:
        """Answer; where a bridge of their own lacks something, offer it."""
        reply = self._interview.answer(typed)
        if reply.bridge is None:
            return reply
        mended = self._mended(typed, reply.bridge)
        if mended is None:
            return Reply(False)
        return self._interview.answer(mended, as_it_is=True)

    def _mended(self, typed: str, report: BridgeReport) -> str | None:
        """Return the bridge with what they want added, or None if they would rather write anew."""
        for problem in report.problems:
            self._asker.tell(f"{problem[:1].upper()}{problem[1:]}.")
        if report.problems and not self._confirm("keep_anyway", default=False):
            return None
        for part, offer in zip(report.missing, report.offers, strict=True):
            question = self._line(f"setup.lacks_{part}", value=offer)
            if part == "timeline":
                self._asker.tell(question)  # a pause without a time feels like leaving
            elif not self._asker.confirm(question):
                continue
            typed = joined(typed, offer)
        return typed

    def _agree(self, today: date) -> Settings | None:
        agreed = self._interview.settings
        agreed = agreed.model_copy(
            update={
                "agreement": agreed.agreement.model_copy(update={"agreed_on": today.isoformat()})
            }
        )
        self._tell("read")
        self._asker.show(page_of(agreed, self._pack))
        needed = ("first_yes", "second_yes")[: agreed.agreement.people]
        if not all(self._confirm(role) for role in needed):
            self._tell("no")
            return None
        while True:
            try:
                self._save(agreed)
            except SettingsError as error:
                self._asker.tell(f"{error}.")
                if not self._confirm("save_failed"):
                    raise Stopped from error
            else:
                break
        self._draft.remove()
        self._tell("saved")
        return agreed

    def _keep(self) -> None:
        try:
            self._draft.save(self._interview.answers)
        except SettingsError as error:
            if self._kept:
                self._asker.tell(f"{error}.")
                self._tell("draft_failed")
            self._kept = False
        else:
            self._kept = True

    def _bridges(self) -> list[str]:
        values = {
            "signal": self._interview.settings.agreement.signal,
            "n": "{n}",
            "t": "{t}",
        }
        names = self._pack.bridges
        return [f"{name}: {' '.join(self._pack.fill(f'bridge.{name}', values))}" for name in names]

    def _confirm(self, name: str, *, default: bool = True) -> bool:
        return self._asker.confirm(self._line(f"setup.{name}"), default)

    def _tell(self, name: str) -> None:
        self._asker.tell(self._line(f"setup.{name}"))

    def _line(self, role: str, value: str = "") -> str:
        return " ".join(self._pack.fill(role, {"value": value}))
