"""What makes a spoken line hard to hear in a hard moment: found, and said.

Each line ends low, no sentence is over 16 words, no bridge says "you", nothing blames, and what
needs the return time holds it. What stands in quotes is somebody's example and may say "you".
``python -m calmvoice.line_lint FILE`` looks at a language file.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from calmvoice import language
from calmvoice.language import NEED_TIME, PhrasePack, sentences, words_of

LONGEST_SENTENCE = 16  # words
FIELD_WORDS = {"t": 5, "n": 2, "signal": 2}  # "twenty-two minutes past eleven"; others count as 4
SHOWN = ("screen.", "heading.", "proposed.", "choices.", "page.some_time")
"""What is not spoken as a line."""
_QUOTED = re.compile(r"[\"“][^\"”]*[\"”]")
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
    if not line.rstrip("\"”'").endswith((".", "?", "…", "}")):
        yield f'it does not end low: "{line[-20:]}"; end it with a full stop'
    if "!" in line:
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
    wanted = mark.rstrip("*").split()
    if mark.endswith("*"):
        return any(word.startswith(wanted[0]) for word in words)
    size = len(wanted)
    return any(list(words[at : at + size]) == wanted for at in range(len(words) - size + 1))


def main() -> int:
    """Look at the language files given; return 1 if something is wrong."""
    found = [fault for name in sys.argv[1:] for fault in lint(language.load(name))]
    for fault in found:
        print(f"{fault.role}: {fault.text}")  # noqa: T201 - this file is also a command
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
