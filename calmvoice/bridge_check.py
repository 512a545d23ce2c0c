"""Is a bridge whole? It needs a timeline, a reason and a promise of return, in words that hold.

Rules: the words it looks for are the language file's; a missing time is added, for a pause without
a time feels like leaving; anything else is said with the words that would mend it, and never
changed behind their back.
"""

from __future__ import annotations

import re
import string
from dataclasses import dataclass

from calmvoice import line_lint
from calmvoice.clock_words import number
from calmvoice.language import PhrasePack
from calmvoice.roles import OWN
from calmvoice.sentences import ends_low, sentences, words_of

PARTS = ("timeline", "reason", "promise")
FIELDS = ("t", "n", "signal")
"""What a bridge may be filled with."""
OWN_NUMBERS = range(3, 25)
"""What they count is time: "at eight", "give me ten". One and two are people."""
_NUMBER = re.compile(r"\d+(?:[:.]\d+)?")
_TOLD = re.compile(r"\{t\}\s*\S*")  # "{t} o'clock"


@dataclass(frozen=True)
class BridgeReport:
    """What is to be said about a bridge: ``text`` has its time now.

    ``missing`` names the parts that lack, ``offers`` the words for each; ``problems`` are whole
    sentences about the wording.
    """

    text: str
    time_added: bool
    missing: tuple[str, ...]
    offers: tuple[str, ...]
    problems: tuple[str, ...]

    @property
    def whole(self) -> bool:
        """Say whether all three parts are there and nothing speaks against it."""
        return not self.missing and not self.problems


def check_bridge(pack: PhrasePack, text: str) -> BridgeReport:
    """Look at a bridge of the couple's own; raises ``ValueError`` for braces that are no field."""
    text = " ".join(text.split())
    time_added = "t" not in fields_of(text)
    missing = [part for part in PARTS if not has_part(pack, part, text)]
    problems = [fault.text for fault in line_lint.faults(pack, OWN, with_time(pack, text))]
    problems += own_times(pack, text)
    return BridgeReport(
        with_time(pack, text),
        time_added=time_added,
        missing=tuple(missing),
        offers=tuple(pack.lines[f"offer.{part}"][0] for part in missing),
        problems=tuple(problems),
    )


def fields_of(text: str) -> frozenset[str]:
    """Return the fields of a bridge; raises ``ValueError`` for braces that nothing fills."""
    found = set()
    for _, field, form, conversion in string.Formatter().parse(text):
        if field is None:
            continue
        if field not in FIELDS or form or conversion:
            raise ValueError(f"{{{field}}} is not filled; there are {{t}}, {{n}} and {{signal}}")
        found.add(field)
    return frozenset(found)


def has_part(pack: PhrasePack, part: str, text: str) -> bool:
    """Say whether one of the three parts is in a text."""
    if part == "timeline":
        return "{t}" in text
    marks = pack.marks[part]  # a language without them leaves this to the couple
    return not marks or bool(line_lint.marks_in(words_of(text), marks))


def own_times(pack: PhrasePack, text: str) -> list[str]:
    """Return what names a time by itself: said beside the promised one, it may contradict it.

    Any number may: "at eight", "8 pm", "give me ten".
    """
    named = _NUMBER.findall(text)
    numbers = {number(n, pack.code) for n in OWN_NUMBERS}
    for sentence in sentences(_TOLD.sub(" ", text)):
        words = words_of(sentence)
        named += [word for word in words if word in numbers]
        if "n" not in fields_of(sentence):  # its unit belongs to the number that is filled in
            named += line_lint.marks_in(words, pack.marks["lengths"])
    return [
        f'"{found}" is a time of its own, and a pause may last otherwise: write {{n}} or {{t}}'
        for found in named
    ]


def with_time(pack: PhrasePack, text: str) -> str:
    """Return a bridge with the sentence of the time at its end, if it has none."""
    return text if "{t}" in text else joined(text, pack.lines["offer.timeline"][0])


def joined(text: str, sentence: str) -> str:
    """Return a text with one more sentence."""
    text = text.strip()
    return f"{text}{'' if ends_low(text) else '.'} {sentence}"
