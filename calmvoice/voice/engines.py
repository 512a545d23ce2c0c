"""The voice engines there are, and how a voice is named: ``ENGINE`` or ``ENGINE/VOICE``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from calmvoice.errors import VoiceError


@dataclass(frozen=True)
class Engine:
    """One engine: the voice it takes by itself, those present, and how to get one if none is."""

    name: str
    own_choice: str
    voices: tuple[str, ...]
    install: str

    @property
    def present(self) -> bool:
        """Whether it can speak now."""
        return bool(self.voices)

    @property
    def voice_name(self) -> str:
        """The name of the voice it takes by itself."""
        return f"{self.name}/{self.own_choice}"


def of_language(voices: Iterable[str], language: str) -> tuple[str, ...]:
    """Return the voices that are named after a language: "en", "en-gb", "en-GB" for "en"."""
    code = main_language(language)
    return tuple(voice for voice in voices if main_language(voice) == code)


def main_language(name: str) -> str:
    """Return the first part of a language's or a voice's name: "en" of "en-gb" and "en_US"."""
    return name.lower().replace("_", "-").partition("-")[0]


def named(name: str, engines: Sequence[Engine]) -> tuple[str, str]:
    """Return engine and voice of a name; raises ``VoiceError`` if the engine cannot speak.

    Whether there is such a voice is for the engine to say.
    """
    engine, _, voice = name.partition("/")
    found = next((one for one in engines if one.name == engine), None)
    if found is None:
        known = ", ".join(one.voice_name for one in engines if one.present)
        raise VoiceError(
            f"there is no voice engine {engine!r}; there are: {known}",
            "Name an engine, or an engine, / and a voice.",
        )
    if not found.present:
        raise VoiceError(f'the voice engine "{engine}" has no voice here', found.install)
    return engine, voice
