"""Everything that a language still needs before two people can rely on it, told at once.

Rule: what cannot be used, what is hard to hear and what a model cannot hear are told alike; the
parts that judge (the reader, the lint, the keys, the voice, the ears) are the ones that CalmVoice
runs with.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from calmvoice import language, line_lint
from calmvoice.ears.grammar import normalise
from calmvoice.ears.model import SpeechModel
from calmvoice.errors import CalmVoiceError
from calmvoice.keys import Keys
from calmvoice.language import PhrasePack
from calmvoice.meanings import Meaning
from calmvoice.voice import pyttsx3_voice

HEARD_FIRST = ("signal", "no_words", "slow_down")
"""What of ``[first]`` is listened for."""
EXAMPLE = {"t": (20, 30)}
"""The hour that a command with a time is tried with."""


@dataclass(frozen=True)
class Finding:
    """One thing that is missing or wrong: where, what, and what to do."""

    where: str
    what: str
    hint: str = ""


def check_language(name: str, model: SpeechModel | None) -> tuple[PhrasePack, list[Finding]]:
    """Look at a language by its code or its file, with the model that is to hear it, if any.

    Raises ``LanguageError`` for a file that cannot be read at all.
    """
    pack, problems = language.problems_of(name)
    findings = [Finding("file", problem.text, problem.hint) for problem in problems]
    if not problems:
        findings += _keys(pack)
    findings += [Finding("line", f"{fault.role}: {fault.text}") for fault in line_lint.lint(pack)]
    findings += _voices(pack)
    if model is not None:
        findings += _unheard(pack, model)
    return pack, findings


def _keys(pack: PhrasePack) -> Iterator[Finding]:
    try:
        Keys(pack)
    except CalmVoiceError as error:
        yield Finding("keys", str(error), error.hint)


def _voices(pack: PhrasePack) -> Iterator[Finding]:
    try:
        for voice in pack.voices or pyttsx3_voice.voices_of(pack.code):
            pyttsx3_voice.require_voice(voice)
    except CalmVoiceError as error:
        yield Finding("voice", str(error), error.hint)


def _unheard(pack: PhrasePack, model: SpeechModel) -> Iterator[Finding]:
    """Yield the phrases of which the model lacks a word; they would never be heard."""
    for where, phrase in _listened_for(pack):
        plain = normalise(phrase)
        unknown = [w for w in plain.split() if not model.spelling.can_be_heard(w)]
        if unknown:
            yield Finding(
                "model",
                f'{where}: "{plain}" cannot be heard: the model lacks "{unknown[0]}"',
                "Choose other words; the key works all the same.",
            )


def _listened_for(pack: PhrasePack) -> Iterator[tuple[str, str]]:
    times = {field: pack.speller(12)(*at) for field, at in EXAMPLE.items() if 12 in pack.times}
    for meaning, group in pack.hear.items():
        for phrase in group:
            if meaning is not Meaning.UNTIL or times:
                yield f"hear.{meaning.value}", phrase.format(**times)
    for key in HEARD_FIRST:
        yield from ((f"first.{key}", line) for line in pack.lines.get(f"first.{key}", ()))
    for idea in pack.ideas:
        yield "ideas.signal", idea
    for role in ("early_catch", "event"):
        for line in pack.lines.get(f"proposed.{role}", ()):
            yield f"proposed.{role}", line
    for answer in ("yes", "no", "later"):
        for mark in pack.marks.get(answer, ()):
            yield f"marks.{answer}", mark
