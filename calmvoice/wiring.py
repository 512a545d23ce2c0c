"""The one place that knows every class: it builds the parts from the settings.

Rule: nothing is decided here that a person would notice; limits and defaults live with the parts.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import platformdirs

from calmvoice import language
from calmvoice.breathing import Pattern
from calmvoice.clock_words import speller
from calmvoice.ears.advice import Advice, advise
from calmvoice.ears.model import SpeechModel
from calmvoice.ears.phrases import require_phrase
from calmvoice.ears.vosk_ears import VoskEars
from calmvoice.echo.cleaner import EchoCleaner, Playing
from calmvoice.echo.speex import EchoCanceller
from calmvoice.errors import SettingsError, SoundError
from calmvoice.language import PhrasePack
from calmvoice.listener import Cleaner, Listener
from calmvoice.meanings import Meaning
from calmvoice.ports import Ears, Speaker, Voice
from calmvoice.prompter import Prompter, Trouble, Wording
from calmvoice.session.events import Said
from calmvoice.session.rules import MINUTE, Rules
from calmvoice.settings import Settings
from calmvoice.voice.pico_voice import PicoVoice
from calmvoice.voice.pyttsx3_voice import DEFAULT_VOICE, Pyttsx3Voice
from calmvoice.voice.studio import Studio

log = logging.getLogger(__name__)

Phrases = Mapping[Meaning, tuple[str, ...]]

SETTLING = (
    "settling.rehearsing",  # early: most brooding is in the first minutes (EVIDENCE)
    "settling.body",
    "settling.waiting",
    "settling.grounding",
    "settling.temperature",
    "settling.walk",
)
REENTRY = ("reentry.ritual", "reentry.team", "reentry.naming")
HELP = (
    "reentry.soft_start",
    "reentry.feeling",
    "reentry.protest",
    "reentry.request",
    "reentry.fawning",
    "reentry.reframe",
    "reentry.tender",
)
REHEARSAL_MINUTES = 2


def voice_cache() -> Path:
    """Return where rendered sentences are kept for this user."""
    return platformdirs.user_cache_path("calmvoice") / "voice"


def pack(settings: Settings) -> PhrasePack:
    """Load the phrase pack; raises ``SettingsError`` if the bridge chosen is not in it."""
    found = language.load(settings.computer.language)
    if settings.agreement.bridge not in found.bridges:
        raise SettingsError(
            f"agreement.bridge is {settings.agreement.bridge!r}: there is no such bridge",
            f"There are: {', '.join(found.bridges)}.",
        )
    return found


def phrases(settings: Settings, words: PhrasePack) -> Phrases:
    """Return everything that may be said, by meaning."""
    agreement = settings.agreement
    own = {Meaning.SIGNAL: (agreement.signal,), Meaning.SLOW_DOWN: (agreement.slow_down,)}
    return {**words.hear, **own}


def model(settings: Settings) -> SpeechModel:
    """Load the speech model of the settings, or the one that comes along."""
    path = settings.computer.model
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
    for own in (Meaning.SIGNAL, Meaning.SLOW_DOWN):
        others = {meaning: group for meaning, group in said.items() if meaning is not own}
        for phrase in said[own]:
            require_phrase(speech, phrase, others)
    return VoskEars(speech)


def listener(ears: Ears, said: Phrases, speaker: Speaker, post: Callable[[Said], None]) -> Listener:
    """Build what carries the meanings into the inbox and lets our own voice pass."""
    return Listener(ears, said, speaker, post, cleaner(speaker))


def cleaner(playing: Playing) -> Cleaner | None:
    """Build what takes our own voice out of the microphone; None where the library is missing."""
    try:
        return EchoCleaner(EchoCanceller(), playing)
    except SoundError as error:
        log.info("%s (%s): over my own voice you are heard less well", error, error.hint)
        return None


def voice(settings: Settings) -> Voice:
    """Build the voice engine of the settings."""
    computer = settings.computer
    if computer.engine == "pico":
        return PicoVoice(computer.voice or "en-GB", computer.words_per_minute)
    return Pyttsx3Voice(computer.voice or DEFAULT_VOICE, computer.words_per_minute)


def studio(settings: Settings) -> Studio:
    """Build the studio over the voice and this user's cache."""
    return Studio(voice(settings), voice_cache())


def wording(settings: Settings, words: PhrasePack) -> Wording:
    """Return what fills the lines."""
    return Wording(
        words,
        speller(words.code, settings.computer.clock),
        settings.agreement.signal,
        settings.agreement.ritual,
    )


def prompter(settings: Settings, words: PhrasePack, clips: Studio, trouble: Trouble) -> Prompter:
    """Build what turns scripts into clips."""
    breathing = settings.breathing
    pattern = Pattern(
        breathing.in_seconds,
        breathing.out_seconds,
        counted=breathing.cues == "counted",
        spoken=breathing.cues != "none",
        tone=breathing.tone,
    )
    return Prompter(wording(settings, words), pattern, clips, trouble)


def rules(settings: Settings) -> Rules:
    """Return what the agreement means to the session."""
    agreement, breathing, reentry = settings.agreement, settings.breathing, settings.reentry
    return Rules(
        pause_minutes=agreement.pause_minutes,
        longest_minutes=agreement.longest_minutes,
        answers_needed=agreement.people,
        breaths=round(breathing.minutes * 60 / breathing.breath_seconds),
        breath_seconds=breathing.breath_seconds,
        bridge=f"bridge.{agreement.bridge}",
        settling=SETTLING,
        reentry=REENTRY,
        ask_who_starts=reentry.ask_who_starts and agreement.people > 1,
        turn_seconds=reentry.turn_minutes * MINUTE,
        turn_chime=reentry.turn_chime,
        help=HELP,
        reflection=agreement.ask_early_or_late,
    )


def rehearsal_rules(settings: Settings) -> Rules:
    """Return the same pause in two minutes."""
    return replace(
        rules(settings), pause_minutes=REHEARSAL_MINUTES, settling=("settling.rehearsing",)
    )
