"""The questions one after the other: what was answered, what comes next, what is wrong with it.

Rules: it asks nothing itself and knows no screen; an answer that is refused changes nothing; what
was typed is kept as it was typed, so that it can be taken up another day.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from calmvoice import agreed_hours, routine_file, settings_file
from calmvoice.agreement.questions import (
    NONE,
    QUESTIONS,
    Question,
    several,
    shown,
    text,
    typed_ways,
)
from calmvoice.bridge_check import BridgeReport, check_bridge
from calmvoice.clock_times import minute_of_day, plain
from calmvoice.ears.advice import Advice
from calmvoice.errors import SettingsError
from calmvoice.language import PhrasePack
from calmvoice.meanings import Meaning
from calmvoice.settings import LONGEST_NIGHT_HOURS, SHORTEST_NIGHT_HOURS, Settings

Judge = Callable[[Settings, Meaning], list[Advice]]
"""Says how well the phrases of a meaning can be heard beside the others."""
PHRASES = {
    "signal": Meaning.SIGNAL,
    "other_signal": Meaning.OTHER_SIGNAL,
    "no_words": Meaning.NO_WORDS,
    "event": Meaning.EVENT,
    "slow_down": Meaning.SLOW_DOWN,
    "early_catch": Meaning.CYCLE,
}
BRIDGES = ("bridge", "other_bridge")
LONGEST_ANSWER = 300  # characters
USUAL_NIGHT_MINUTES = 11 * 60


@dataclass(frozen=True)
class Reply:
    """What is to be said about an answer, and whether it was taken.

    ``bridge`` is there when they wrote a bridge that lacks something: it waits for ``answer`` with
    ``as_it_is``.
    """

    taken: bool
    notes: tuple[str, ...] = ()
    bridge: BridgeReport | None = None


class Interview:
    """Where the questions stand; ``fresh`` proposes what a first agreement may hold."""

    def __init__(self, old: Settings, pack: PhrasePack, judge: Judge, *, fresh: bool) -> None:
        self._tables: dict[str, dict[str, Any]] = old.model_dump()
        self._pack, self._judge, self._fresh = pack, judge, fresh
        self.answers: dict[str, str] = {}
        """What was typed so far, by key."""
        self._at = 0

    @property
    def questions(self) -> list[Question]:
        """Every question that is to be asked, as far as can be seen now."""
        values = {**self._tables["reminders"], **self._tables["agreement"]}
        return [question for question in QUESTIONS if question.when(values)]

    @property
    def question(self) -> Question | None:
        """The question that is open; None when all are answered."""
        return self.questions[self._at] if self._at < len(self.questions) else None

    @property
    def place(self) -> tuple[int, int]:
        """The number of the open question, and of how many."""
        return self._at + 1, len(self.questions)

    @property
    def default(self) -> str:
        """What Enter answers to the open question."""
        question = self.questions[self._at]
        proposed = self._pack.lines.get(f"proposed.{question.key}")
        now = shown(question, self._tables)
        unasked = self._fresh and question.key not in self.answers
        return proposed[0] if proposed and unasked and now == NONE else now

    @property
    def settings(self) -> Settings:
        """The agreement as it stands."""
        return settings_file.check(self._tables, "your answers")

    @property
    def is_short(self) -> bool:
        """Whether the pause is shorter than a body needs."""
        return bool(self._tables["agreement"]["pause_minutes"] < 20)

    def back(self) -> None:
        """Open the question before."""
        self._at = max(0, self._at - 1)

    def take_up(self, answers: Mapping[str, str]) -> None:
        """Answer again what was answered another day, up to the first that no longer holds."""
        while (question := self.question) is not None and question.key in answers:
            if not self.answer(answers[question.key], as_it_is=True).taken:
                return

    def answer(self, typed: str, *, as_it_is: bool = False) -> Reply:
        """Take an answer to the open question, or say what is wrong with it."""
        question = self.questions[self._at]
        typed = " ".join(typed.split())
        try:
            tables, typed = self._read(question, typed)
            settings = settings_file.check(tables, "that")
        except (ValueError, SettingsError) as error:
            return Reply(False, (_sentence(str(error)),))
        notes: list[str] = []
        if question.key in BRIDGES and " " in typed:
            report = check_bridge(self._pack, typed)
            if not as_it_is and (report.missing or report.problems):
                return Reply(False, bridge=report)
        if question.key == "reminders_at" and agreed_hours.is_never_said(settings):
            return Reply(
                False, ("Your quiet hours begin before I could say it; name another hour.",)
            )
        if question.key in PHRASES:
            problems, notes = self._heard(settings, PHRASES[question.key])
            if problems:
                return Reply(False, tuple(problems))
        if question.key in ("routine", "breathing") and routine_file.holds_breath(settings):
            notes.append(" ".join(self._pack.lines["breathing.caution"]))
        self._tables = tables
        self.answers[question.key] = typed
        self._at += 1
        return Reply(True, tuple(notes))

    def _read(self, question: Question, typed: str) -> tuple[dict[str, dict[str, Any]], str]:
        """Return the settings with this answer and what is kept of it; raises ``ValueError``."""
        if len(typed) > LONGEST_ANSWER:
            raise ValueError(f"that has {len(typed)} characters; the most is {LONGEST_ANSWER}")
        if not typed.isprintable() or "\N{REPLACEMENT CHARACTER}" in typed:
            raise ValueError("that holds characters that cannot be read; type it again")
        typed = self._words(question, typed)
        none = typed == NONE
        if not typed or (none and not question.optional):
            raise ValueError("an answer is needed here")
        if question.key in BRIDGES:
            typed = self._bridge(typed)
        read = question.read(question.key, "" if none else typed)
        if question.key == "routine":
            typed = read["routine"]  # its number may be another one's some day
        tables = {name: dict(values) for name, values in self._tables.items()}
        tables[question.table].update(read)
        _settle(question.key, tables["agreement"])
        return tables, typed

    def _words(self, question: Question, typed: str) -> str:
        """Return what was typed, a no as none, where words are asked for and not yes or no."""
        if question.read not in (text, several):
            return typed
        plain = typed.lower().strip(" .,!")
        yes, no = (typed_ways(self._pack.marks[answer]) for answer in ("yes", "no"))
        if plain in no | {"none"} and question.optional:
            return NONE
        if plain in yes | no | {"none"}:
            raise ValueError(f"{typed!r} does not say which words; Enter takes what stands there")
        return typed

    def _bridge(self, typed: str) -> str:
        """Return the name of a bridge for its number or name, or the words of one."""
        names = self._pack.bridges
        if typed.isdecimal() and 1 <= int(typed) <= len(names):
            return names[int(typed) - 1]
        if typed in names:
            return typed
        if " " not in typed:
            raise ValueError(f"there are {', '.join(names)}; or write your own sentences")
        check_bridge(self._pack, typed)
        return typed

    def _heard(self, settings: Settings, meaning: Meaning) -> tuple[list[str], list[str]]:
        problems: list[str] = []
        notes: list[str] = []
        for report in self._judge(settings, meaning):
            problems += report.problems
            notes += report.warnings
            if report.suggestions:
                better = f"Heard better: {', '.join(report.suggestions)}."
                (problems if report.problems else notes).append(better)
        return [_sentence(text) for text in problems], [_sentence(text) for text in notes]


def _settle(key: str, values: dict[str, Any]) -> None:
    """Let what follows from an answer follow; what contradicts it is asked next anyway."""
    lengths = [values[name] for name in ("pause_minutes", "longest_minutes", "event_minutes")]
    if all(isinstance(value, int) for value in lengths):
        if key == "pause_minutes":
            values["longest_minutes"] = max(values["pause_minutes"], values["longest_minutes"])
        if key in ("longest_minutes", "event"):
            values["event_minutes"] = min(values["event_minutes"], values["longest_minutes"])
    if key == "bedtime" and values["bedtime"]:
        bedtime = minute_of_day(values["bedtime"])
        night = (minute_of_day(values["morning"]) - bedtime) % (24 * 60)
        if not SHORTEST_NIGHT_HOURS * 60 <= night <= LONGEST_NIGHT_HOURS * 60:
            values["morning"] = plain((bedtime + USUAL_NIGHT_MINUTES) % (24 * 60))


_KEY = re.compile(r"^[a-z]+\.[a-z_]+ (?=is |has )")
_UNDER = re.compile(r"(?<=[a-z])_(?=[a-z])")


def _sentence(text: str) -> str:
    """Return what is wrong as a sentence for two people: it names no key of the file."""
    text = _KEY.sub("it ", text.removeprefix("that: ").strip(), count=1).removeprefix("agreement: ")
    text = _UNDER.sub(" ", text)
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "?")) else ".")
