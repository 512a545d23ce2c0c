"""The agreement asked by voice: what is proposed is said, and a yes or a no is heard.

Rules: yes, no and later are all that is asked of the ears, because they are heard best; whatever
else is wanted is chosen from what is said, or typed; silence is never a yes.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import Protocol

from calmvoice.agreement.making import Choice, Stopped
from calmvoice.agreement.page import Page, spoken
from calmvoice.agreement.questions import NONE
from calmvoice.language import PhrasePack
from calmvoice.plain import Write

ANSWER_SECONDS = 8.0  # how long an answer is waited for
TRIES = 3  # then nobody is there any more


class Answer(Enum):
    """What was said."""

    YES = "yes"
    NO = "no"
    LATER = "later"


class Exchange(Protocol):
    """Says something and takes the answer."""

    def say(self, texts: Sequence[str], wait_seconds: float) -> Answer | str | None:
        """Speak, then wait so long; an answer in between ends both.

        Returns what was said, a line that was typed, or None for silence. Raises ``Stopped``.
        """


class SpokenAsker:
    """An ``Asker`` by voice; what it says stands on the screen too."""

    help_name = "spoken_keys"

    def __init__(self, exchange: Exchange, pack: PhrasePack, write: Write) -> None:
        self._exchange, self._pack, self._write = exchange, pack, write

    def tell(self, text: str) -> None:
        """Say something; "later" stops here too."""
        self._say([text], 0.0)

    def show(self, page: Page) -> None:
        """Read the page."""
        self._say(spoken(page), 0.0)

    def choices(self, lines: list[str]) -> None:
        """Say nothing: each is said when its turn comes."""

    def ask(
        self, question: str, default: str, place: tuple[int, int], choices: Sequence[Choice]
    ) -> str:
        """Propose one answer after the other until one is taken, or something is typed."""
        proposed = [choice for choice in choices if choice.answer == default]
        proposed = proposed or [Choice(default, self._spoken(default))]
        proposed += [choice for choice in choices if choice.answer != default]
        opening = [f"{place[0]}: {question}"]
        for choice in proposed:
            reply = self._reply([*opening, choice.spoken, self._line("spoken_right")])
            opening = []
            if reply is Answer.YES or reply == "":
                return choice.answer
            if isinstance(reply, str):
                return reply
        reply = self._reply([self._line("spoken_type", self._spoken(default))])
        return reply if isinstance(reply, str) and reply else default

    def confirm(self, question: str, default: bool = True) -> bool:
        """Ask for a yes or a no; Enter is the default, silence is neither."""
        reply = self._reply([question])
        if reply == "":
            return default
        return reply is Answer.YES

    def _reply(self, texts: list[str]) -> Answer | str:
        """Ask until there is an answer; raises ``Stopped`` when there is none."""
        for _ in range(TRIES):
            reply = self._say(texts, ANSWER_SECONDS)
            if reply is not None:
                return reply
            texts = [*texts[-2:], self._line("spoken_help")]
        raise Stopped

    def _say(self, texts: list[str], wait_seconds: float) -> Answer | str | None:
        for text in texts:
            self._write(text)
        reply = self._exchange.say(texts, wait_seconds)
        if reply is Answer.LATER:
            raise Stopped
        if isinstance(reply, str):
            return self._typed(reply)
        return reply

    def _typed(self, line: str) -> Answer | str:
        plain = line.strip().lower()
        for answer in (Answer.YES, Answer.NO):
            words = self._pack.marks[answer.value]
            if plain and plain in (words[0], words[0][0]):
                return answer
        return line.strip()

    def _spoken(self, answer: str) -> str:
        return self._line("spoken_none") if answer == NONE else f"{answer.rstrip('.')}."

    def _line(self, name: str, value: str = "") -> str:
        return " ".join(self._pack.fill(f"setup.{name}", {"value": value}))
