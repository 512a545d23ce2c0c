"""How an agreement is made: only in the calm, question by question, and both say yes at the end.

Rules: whoever asks (a terminal, a voice) is an ``Asker``; people may stop at any question and lose
nothing; nothing of the settings changes before both have agreed.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from calmvoice import routine_file
from calmvoice.agreement.draft import Draft
from calmvoice.agreement.interview import Interview, Reply
from calmvoice.agreement.page import Page, page_of
from calmvoice.agreement.questions import NONE
from calmvoice.bridge_check import BridgeReport, joined
from calmvoice.clock_words import number
from calmvoice.errors import SettingsError
from calmvoice.language import PhrasePack
from calmvoice.settings import Settings


class Stopped(Exception):  # noqa: N818 - nothing went wrong: somebody would rather go on later
    """Somebody stopped in the middle."""


@dataclass(frozen=True)
class Choice:
    """An answer as it would be typed, and as it sounds."""

    answer: str
    spoken: str


class Asker(Protocol):
    """Tells and asks; raises ``Stopped`` when somebody ends it (Ctrl-C, a closed terminal)."""

    @property
    def help_name(self) -> str:
        """The line of ``setup`` that says how to answer."""

    def tell(self, text: str) -> None:
        """Say something."""

    def show(self, page: Page) -> None:
        """Show or read the agreement."""

    def choices(self, lines: list[str]) -> None:
        """Say what there is to choose from; the first is number one."""

    def ask(
        self, question: str, default: str, place: tuple[int, int], choices: Sequence[Choice]
    ) -> str:
        """Return an answer; Enter is the default, ``choices`` are what else may be proposed."""

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
            self._tell(self._asker.help_name)
            while self._interview.question is not None:
                self._ask_one()
            return self._agree(today)
        except Stopped:
            kept = self._kept or not self._interview.answers
            with contextlib.suppress(Stopped):  # whoever stops may be gone already
                self._tell("stopped" if kept else "stopped_unkept")
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
        if question.key == "routine":
            self._asker.choices([f"{name}: {about}" for name, about in routine_file.shipped()])
        line = self._line(f"ask.{question.key}")
        choices = self._choices(question.key, optional=question.optional)
        typed = self._asker.ask(line, interview.default, interview.place, choices)
        match typed.strip().lower():
            case "<":
                interview.back()
                return
            case word if word in ("later", self._pack.marks["later"][0]):
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
        alone = agreed.agreement.people == 1
        needed = ("alone_yes",) if alone else ("first_yes", "second_yes")
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

    def _choices(self, key: str, *, optional: bool) -> list[Choice]:
        """Return what may be proposed besides the default."""
        if key not in ("bridge", "other_bridge"):
            others = self._pack.lines.get(f"choices.{key}", ())
            proposed = [Choice(other, f"{other.rstrip('.')}.") for other in others]
            none = [Choice(NONE, self._line("setup.spoken_none"))] if optional else []
            return [*proposed, *none]
        agreed = self._interview.settings.agreement
        values = {
            "signal": agreed.signal,
            "n": number(agreed.pause_minutes, self._pack.code),
            "t": self._line("page.some_time"),
        }
        return [
            Choice(name, " ".join(self._pack.fill(f"bridge.{name}", values)))
            for name in self._pack.bridges
        ]

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
