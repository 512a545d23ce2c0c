"""Which lines there are to record, and what could be misheard in a take."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence

from calmvoice.ears.hear import hear
from calmvoice.errors import LanguageError
from calmvoice.language import words_of
from calmvoice.meanings import Meaning
from calmvoice.own_voice.lines import SpokenLine
from calmvoice.ports import Ears
from calmvoice.prompter import Wording
from calmvoice.roles import UNSPOKEN
from calmvoice.session.script import Line
from calmvoice.sound import Sound


def lines(wording: Wording, minutes: int, at: float) -> tuple[SpokenLine, ...]:
    """Return every line that is spoken, with these minutes and this Unix time in it.

    Lines for which nothing was agreed on are left out.
    """
    unagreed = [f"{{{field}}}" for field, agreed in wording.agreed.items() if not agreed]
    return tuple(
        line
        for role, templates in wording.pack.lines.items()
        if not role.startswith(UNSPOKEN)
        and not any(field in template for field in unagreed for template in templates)
        for line in wording.spoken(Line(role, minutes, at))
    )


def line_named(name: str, there: Sequence[SpokenLine]) -> SpokenLine:
    """Return the line of this name; raises ``LanguageError`` with what is near."""
    names = {line.name: line for line in there}
    if name in names:
        return names[name]
    several = [other for other in names if other.rpartition(".")[0] == name]
    near = several or difflib.get_close_matches(name, names, 3, 0.4)
    raise LanguageError(
        f"{name!r} is several lines: {', '.join(several)}"
        if several
        else f"no line {name!r} is spoken" + (f"; near it: {', '.join(near)}" if near else ""),
        "See them all: calmvoice record list --all",
    )


def overheard(
    ears: Ears, said: Mapping[Meaning, Sequence[str]], line: SpokenLine, sound: Sound
) -> tuple[Meaning, ...]:
    """Return the commands that are heard in a take but do not stand in its words.

    Our own voice is let pass by the words it says: these could be taken for a person.
    """
    ears.expect({meaning: phrases for meaning, phrases in said.items() if phrases})
    written = " ".join(words_of(" ".join(line.recordable)))
    found = {heard.meaning for heard in hear(ears, sound) if heard.sure}
    return tuple(
        meaning
        for meaning in Meaning
        if meaning in found and not any(phrase in written for phrase in said[meaning])
    )
