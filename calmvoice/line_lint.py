"""What makes a spoken line hard to hear in a hard moment: found, and said.

Each line ends low, no sentence is over 16 words, no bridge says "you", nothing blames, and what
needs the return time holds it. What stands in quotes is somebody's example and may say "you".
``calmvoice languages check`` looks at a whole language with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from calmvoice.language import PhrasePack, with_form
from calmvoice.roles import NEED_TIME
from calmvoice.sentences import RAISED, ends_low, sentences, words_of

LONGEST_SENTENCE = 16  # words
FIELD_WORDS = {"t": 5, "n": 2, "signal": 2}  # "twenty-two minutes past eleven"; others count as 4
SHOWN = (
    *("history.", "screen.", "heading.", "proposed.", "choices.", "first."),
    *("page.some_time", "page.weekdays"),
)
"""What is not spoken as a line."""
_QUOTED = re.compile(r"[\"“][^\"”]*[\"”]|«[^»]*»|「[^」]*」")
_FIELD = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with a line, as a whole sentence."""

    role: str
    text: str


def faults(pack: PhrasePack, role: str, line: str) -> list[Fault]:
    """Return what is wrong with one line of a role."""
    return [Fault(role, text) for text in _faults(pack, role, line)]


def lint(pack: PhrasePack) -> list[Fault]:
    """Return what is wrong with the spoken lines of a language."""
    return [
        fault
        for role, lines in pack.lines.items()
        if not role.startswith(SHOWN)
        for line in lines
        for fault in faults(pack, role, line)
    ]


def marks_in(words: Sequence[str], marks: Sequence[str]) -> list[str]:
    """Return the marks that stand in a text's words; ``blam*`` stands for all that begin so."""
    return [mark for mark in marks if _stands(words, mark)]


def _faults(pack: PhrasePack, role: str, line: str) -> Iterator[str]:
    line = with_form(line, one=False)
    if not ends_low(line):
        yield f'it does not end low: "{line[-20:]}"; end it with a full stop'
    if any(mark in line for mark in RAISED):
        yield "an exclamation mark is a raised voice"
    for sentence in sentences(line):
        count = _length(sentence)
        if count > LONGEST_SENTENCE:
            yield f'{count} words in "{sentence[:30]}…"; at most {LONGEST_SENTENCE} can be followed'
    outside = words_of(_FIELD.sub(" ", _QUOTED.sub(" ", line)))
    for mark in marks_in(outside, pack.marks["blame"]):
        yield f'"{mark.rstrip("*")}" can be heard as blame'
    if role.startswith("bridge."):
        for mark in marks_in(outside, pack.marks["you"]):
            yield f'"{mark}" points at somebody; say "one of us", or "I"'
    if (role.startswith("bridge.") or role in NEED_TIME) and "{t}" not in line:
        yield "the return time is missing: {t}"


def _length(sentence: str) -> int:
    fields = sum(FIELD_WORDS.get(field, 4) for field in _FIELD.findall(sentence))
    return fields + len(words_of(_FIELD.sub(" ", sentence)))


def _stands(words: Sequence[str], mark: str) -> bool:
    *before, last = mark.rstrip("*").split()
    for at, word in enumerate(words):
        ends = word.startswith(last) if mark.endswith("*") else word == last
        if ends and at >= len(before) and list(words[at - len(before) : at]) == before:
            return True
    return False
