"""The one place that knows every class: it builds the parts from the settings.

Rule: nothing is decided here that a person would notice; limits and defaults live with the parts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import chain
from pathlib import Path

import platformdirs

from calmvoice import bridge_check, language, patterns, routine_file
from calmvoice.breathing import Pattern
from calmvoice.clock_times import minute_of_day
from calmvoice.ears.advice import Advice, advise
from calmvoice.ears.model import SpeechModel
from calmvoice.ears.phrases import require_phrase
from calmvoice.ears.vosk_ears import VoskEars
from calmvoice.echo.canceller import EchoCanceller
from calmvoice.echo.cleaner import EchoCleaner, Playing
from calmvoice.errors import ModelError, SettingsError
from calmvoice.language import PhrasePack
from calmvoice.listener import Cleaner, Listener
from calmvoice.meanings import CALLS, KEY_ONLY, Meaning
from calmvoice.memory import give_back_large_blocks
from calmvoice.own_voice.lines import Recorded
from calmvoice.own_voice.recordings import Recordings
from calmvoice.ports import Ears, Speaker, Voice
from calmvoice.prompter import Prompter, Trouble, Wording
from calmvoice.roles import AGREED_FIELDS, OTHER_OWN, OWN
from calmvoice.session.events import Said
from calmvoice.session.script import Kind
from calmvoice.settings import Settings
from calmvoice.voice import pico_voice, piper_voice, pyttsx3_voice
from calmvoice.voice.engines import Engine, of_language
from calmvoice.voice.pico_voice import PicoVoice
from calmvoice.voice.piper_voice import PiperVoice
from calmvoice.voice.pitched import pitched
from calmvoice.voice.pyttsx3_voice import Pyttsx3Voice
from calmvoice.voice.studio import Studio

Phrases = Mapping[Meaning, tuple[str, ...]]

OWN_PHRASES = (*CALLS, Meaning.SLOW_DOWN, Meaning.CYCLE)
"""Meanings whose phrases must be heard as the couple wrote them."""


def voice_cache() -> Path:
    """Return where rendered sentences are kept for this user."""
    return platformdirs.user_cache_path("calmvoice") / "voice"


def pack(settings: Settings) -> PhrasePack:
    """Load the phrase pack with the couple's own lines.

    Raises ``SettingsError`` if the bridge chosen is not in it, ``RoutineError`` if their routine
    cannot be spoken.
    """
    found = language.load(settings.computer.language)
    agreement, own = settings.agreement, {}
    chosen = {
        "bridge": (agreement.bridge, OWN),
        "other_bridge": (agreement.other_bridge, OTHER_OWN),
    }
    for key, (text, role) in chosen.items():
        if " " in text:
            try:
                bridge_check.fields_of(text)
            except ValueError as error:
                raise SettingsError(f"agreement.{key}: {error}", f"It is {text!r}.") from error
            own[role] = bridge_check.with_time(found, text)
        elif text not in found.bridges:
            raise SettingsError(
                f"agreement.{key} is {text!r}: there is no such bridge",
                f"There are: {', '.join(found.bridges)}; or write your own sentences.",
            )
    file = routine_file.load(settings.guidance.routine)
    routine_file.require(file, routine_file.wording_faults(file, found))
    return found.with_own({**own, **routine_file.chosen(settings).own_lines})


def phrases(settings: Settings, words: PhrasePack) -> Phrases:
    """Return everything that may be said, by meaning."""
    agreement = settings.agreement
    spell = words.speller(settings.computer.clock)
    until = spell(*divmod(minute_of_day(agreement.until), 60)) if agreement.until else ""
    own = {
        Meaning.SIGNAL: (agreement.signal,),
        Meaning.OTHER_SIGNAL: (agreement.other_signal,),
        Meaning.NO_WORDS: (agreement.no_words,),
        Meaning.EVENT: (agreement.event,),
        Meaning.SLOW_DOWN: (agreement.slow_down,),
        Meaning.CYCLE: agreement.early_catch,
        Meaning.UNTIL: tuple(line.format(t=until) for line in words.hear[Meaning.UNTIL] if until),
    }
    agreed = {meaning: tuple(filter(None, group)) for meaning, group in own.items()}
    return {**words.hear, **agreed, **dict.fromkeys(KEY_ONLY, ())}


def model(settings: Settings) -> SpeechModel:
    """Load the speech model of the settings, or the one that comes along.

    Raises ``ModelError`` where there is none for the language.
    """
    give_back_large_blocks()
    path = settings.computer.model
    if not path and not (spoken := language.load(settings.computer.language)).code.startswith("en"):
        raise ModelError(
            f"the speech model that comes along hears English, not {spoken.name}",
            "Add another: calmvoice model add FOLDER, then: calmvoice model use NAME",
        )
    speech = SpeechModel(Path(path).expanduser() if path else None)
    for word, like in settings.agreement.said_otherwise.items():
        try:
            speech.spelling.teach(word, like)
        except ValueError as error:
            raise SettingsError(
                f"agreement.sounds_like: {word} = {like}: {error}", "Write it as it sounds."
            ) from error
    return speech


def advice(settings: Settings, words: PhrasePack, speech: SpeechModel, own: Meaning) -> Advice:
    """Judge the signal or the slow-down word of the settings beside everything else that is said.

    Where it is not good, better ones are suggested.
    """
    said = phrases(settings, words)
    others = {meaning: group for meaning, group in said.items() if meaning is not own}
    return advise(speech, said[own][0], others, words.ideas)


def ears(speech: SpeechModel, said: Phrases) -> VoskEars:
    """Build ears; raises ``PhraseError`` for a word of the couple's the model cannot hear."""
    for own in OWN_PHRASES:
        others = {meaning: group for meaning, group in said.items() if meaning is not own}
        for phrase in said[own]:
            require_phrase(speech, phrase, others)
    return VoskEars(speech, chain.from_iterable(said.values()))


def listener(ears: Ears, said: Phrases, speaker: Speaker, post: Callable[[Said], None]) -> Listener:
    """Build what carries the meanings into the inbox and lets our own voice pass."""
    return Listener(ears, said, speaker, post, cleaner(speaker))


def cleaner(playing: Playing) -> Cleaner:
    """Build what takes our own voice out of the microphone."""
    return EchoCleaner(EchoCanceller(), playing)


def voice(settings: Settings) -> Voice:
    """Build the voice of the settings, at its pace and pitch."""
    computer, spoken = settings.computer, language.load(settings.computer.language)

    def engine(words_per_minute: int) -> Voice:
        pace = round(words_per_minute * spoken.pace)
        if computer.engine == "pico":
            return PicoVoice(computer.voice or pico_voice.voice_of(spoken.code), pace)
        if computer.engine == "piper":
            return PiperVoice(computer.voice or piper_voice.voice_of(spoken.code), pace)
        name = computer.voice or espeak_voices(spoken)[0]
        return Pyttsx3Voice(name, words_per_minute, pace=spoken.pace)

    return pitched(engine, computer.words_per_minute, computer.pitch_semitones)


def espeak_voices(words: PhrasePack) -> tuple[str, ...]:
    """Return espeak-ng's voices for a language, the best first; raises ``VoiceError``."""
    return words.voices or pyttsx3_voice.voices_of(words.code)


def engines(words: PhrasePack) -> tuple[Engine, ...]:
    """Return the voice engines, each with its voices of a language, or how to get it."""
    small = of_language(pico_voice.voices(), words.code)
    natural = tuple(piper_voice.voices(words.code)) if piper_voice.installed() else ()
    plain = of_language(pyttsx3_voice.voices(), words.code)
    return (
        Engine("pyttsx3", espeak_voices(words)[0] if plain else "", plain, ""),
        Engine("pico", next(iter(small), ""), small, pico_voice.INSTALL),
        Engine("piper", next(iter(natural), ""), natural, piper_voice.INSTALL),
    )


def studio(settings: Settings) -> Studio:
    """Build the studio over the voice and this user's cache."""
    return Studio(voice(settings), voice_cache())


def wording(settings: Settings, words: PhrasePack) -> Wording:
    """Return what fills the lines."""
    agreed = {field: getattr(settings.agreement, field) for field in AGREED_FIELDS}
    return Wording(words, words.speller(settings.computer.clock), agreed)


def recordings() -> Recordings:
    """Return what this couple recorded."""
    return Recordings(platformdirs.user_data_path("calmvoice") / "recordings")


def prompter(
    settings: Settings,
    words: PhrasePack,
    clips: Studio,
    trouble: Trouble,
    recorded: Recorded | None = None,
) -> Prompter:
    """Build what turns scripts into clips, in the couple's own voice where they recorded it."""
    breathing = routine_file.chosen(settings).breathing_over(settings.breathing)
    usual = Pattern(
        breathing.breath,
        counted=breathing.cues == "counted",
        spoken=breathing.cues != "none",
        tone=breathing.tone,
    )
    breaths = {
        Kind.USUAL: usual,
        Kind.SIGH: replace(usual, breath=patterns.SIGH),
        Kind.TOGETHER: replace(usual, breath=patterns.TOGETHER, spoken=True),
    }
    own = recordings().find if recorded is None else recorded
    low = settings.computer.chime == "low"
    return Prompter(wording(settings, words), breaths, clips, trouble, own, low_chime=low)
