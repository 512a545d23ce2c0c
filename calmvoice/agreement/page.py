"""The agreement on one page: the same lines for the screen, for paper and for the voice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from calmvoice import routine_file
from calmvoice.bridge_check import with_time
from calmvoice.clock_times import minute_of_day
from calmvoice.clock_words import number
from calmvoice.language import PhrasePack
from calmvoice.meanings import Meaning
from calmvoice.reminder_settings import WEEKDAYS
from calmvoice.settings import Settings


@dataclass(frozen=True)
class Section:
    """A heading and the sentences under it."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Page:
    """The whole page; ``day`` is empty where nobody has agreed yet."""

    title: str
    intro: str
    sections: tuple[Section, ...]
    signed: str
    day: str
    people: int


def page_of(settings: Settings, pack: PhrasePack) -> Page:
    """Put an agreement into sentences."""
    return _Writer(settings, pack).page()


def markdown(page: Page) -> str:
    """Return the page as Markdown, a line under each heading for each sentence."""
    parts = [f"# {_plain(page.title)}", _plain(page.intro)]
    for section in page.sections:
        lines = "\n".join(f"- {_plain(line)}" for line in section.lines)
        parts.append(f"## {_plain(section.title)}\n\n{lines}")
    signature = " ".join(["\\_\\_\\_\\_\\_\\_\\_\\_\\_\\_\\_\\_"] * page.people)
    parts.append(f"{_plain(page.signed)}{f', {page.day}' if page.day else ''}: {signature}")
    return "\n\n".join(parts) + "\n"


def spoken(page: Page) -> list[str]:
    """Return the page as it is read aloud, a paragraph an entry."""
    said = [f"{page.title}.", page.intro]
    for section in page.sections:
        said += [f"{section.title}.", *section.lines]
    return said


def _plain(text: str) -> str:
    """Keep Markdown from taking somebody's words for its own signs."""
    return re.sub(r"([\\`*_{}\[\]<>#|~])", r"\\\1", text)


class _Writer:
    def __init__(self, settings: Settings, pack: PhrasePack) -> None:
        self._agreed, self._pack = settings.agreement, pack
        self._holds_breath = routine_file.holds_breath(settings)
        self._reminders = settings.reminders
        self._speller = pack.speller(settings.computer.clock)

    def page(self) -> Page:
        agreed = self._agreed
        alone = agreed.people == 1
        parts = {
            "signal": self._signal(),
            "bridge": self._bridges(),
            "apart": self._apart(),
            "return": self._return(),
            "free": self._free(),
        }
        return Page(
            self._heading("title"),
            self._line("intro_alone" if alone else "intro"),
            tuple(Section(self._heading(name), tuple(lines)) for name, lines in parts.items()),
            self._heading("signed"),
            _shown_day(agreed.agreed_on),
            agreed.people,
        )

    def _signal(self) -> Iterator[str]:
        agreed = self._agreed
        yield self._line("signal", agreed.signal)
        if agreed.other_signal:
            yield self._line("other_signal", agreed.other_signal)
        if agreed.no_words:
            yield self._line("no_words", agreed.no_words)
        if agreed.knock:
            yield self._line("knock")
        if agreed.people == 2:
            yield self._line("either")
        yield self._line("slow_down", agreed.slow_down)
        for phrase in agreed.early_catch:
            yield self._line("early_catch", phrase)

    def _bridges(self) -> Iterator[str]:
        agreed = self._agreed
        yield self._bridge(agreed.bridge)
        if agreed.other_signal:
            yield self._bridge(agreed.other_bridge)

    def _apart(self) -> Iterator[str]:
        agreed = self._agreed
        alone = agreed.people == 1
        if agreed.bid and not alone:
            yield self._line("bid", agreed.bid)
        yield self._line("length", n=agreed.pause_minutes)
        yield self._line("longest_alone" if alone else "longest", n=agreed.longest_minutes)
        if agreed.promise and not alone:
            yield self._line("promise", agreed.promise)
        yield self._line("guidance")
        yield self._line("guidance_less")
        if self._holds_breath:
            yield from self._pack.lines["breathing.caution"]
        if agreed.event:
            yield self._line("event", agreed.event, n=agreed.event_minutes)
        if agreed.until:
            time = self._time(agreed.until)
            yield self._line("until", self._pack.hear[Meaning.UNTIL][0].format(t=time))
        if agreed.bedtime:
            yield self._line("overnight", self._time(agreed.bedtime), t=agreed.morning)
        else:
            yield self._line("no_night")
        if agreed.quiet_from:
            yield self._line("quiet", self._time(agreed.quiet_from), t=agreed.quiet_to)

    def _return(self) -> Iterator[str]:
        agreed = self._agreed
        alone = agreed.people == 1
        yield self._line("return_alone" if alone else "return")
        yield self._line("ritual_alone" if alone else "ritual", agreed.ritual)
        if agreed.enough:
            yield self._line("enough", agreed.enough)
        yield self._line("cycle")

    def _free(self) -> Iterator[str]:
        chosen, two = self._reminders, self._agreed.people > 1
        if chosen.check_in and two:
            day = self._pack.lines["page.weekdays"][WEEKDAYS.index(chosen.check_in)]
            yield self._line("check_in", day, t=chosen.at)
        if chosen.hello_days and two:
            yield self._line("hello", n=chosen.hello_days)
        if chosen.practice_days:
            yield self._line("practice", n=chosen.practice_days)
        if chosen.hints and two:
            yield self._line("hints")
        yield from (self._line(role) for role in ("change", "kept", "safe"))

    def _bridge(self, chosen: str) -> str:
        own = " " in chosen
        line = chosen if own else self._pack.lines[f"bridge.{chosen}"][0]
        values = {
            "signal": self._agreed.signal,
            "n": number(self._agreed.pause_minutes, self._pack.code),
            "t": self._pack.lines["page.some_time"][0],
        }
        role = "page.heard"
        heard = self._pack.with_own({role: with_time(self._pack, line)})
        return f"“{' '.join(heard.fill(role, values))}”"

    def _line(self, role: str, value: str = "", n: int | None = None, t: str = "") -> str:
        values = {"value": value.rstrip("."), "meaning": self._agreed.meaning}
        if n is not None:
            values["n"] = number(n, self._pack.code)
        if t:
            values["t"] = self._time(t)
        return _ended(" ".join(self._pack.fill(f"page.{role}", values)).strip())

    def _time(self, plain: str) -> str:
        return self._speller(*divmod(minute_of_day(plain), 60))

    def _heading(self, name: str) -> str:
        return self._pack.lines[f"heading.{name}"][0]


def _ended(text: str) -> str:
    return text if text.endswith((".", "?", "…", "”", '"')) else f"{text}."


def _shown_day(day: str) -> str:
    return date.fromisoformat(day).strftime("%d.%m.%Y") if day else ""
