"""How well a speech model hears the couple's own phrases, in other voices.

Rule: the talk that must not be mistaken is CalmVoice's own lines, because they are always there.
"""

from __future__ import annotations

from dataclasses import dataclass

from calmvoice import wiring
from calmvoice.ears.hear import hear
from calmvoice.ears.model import SpeechModel
from calmvoice.language import PhrasePack
from calmvoice.meanings import Meaning
from calmvoice.sentences import words_of
from calmvoice.settings import Settings
from calmvoice.voice.pyttsx3_voice import Pyttsx3Voice

OWN = (Meaning.SIGNAL, Meaning.SLOW_DOWN)
PACES = (115, 150)


@dataclass(frozen=True)
class Measured:
    """One phrase: how often it was said and heard, and what else was taken for it."""

    meaning: str
    phrase: str
    said: int
    heard: int
    talk_seconds: float
    false_alarms: int
    warnings: tuple[str, ...]


def check_model(settings: Settings) -> tuple[Measured, ...]:
    """Let the model of the settings hear each of the couple's phrases in several voices."""
    words = wiring.pack(settings)
    said = wiring.phrases(settings, words)
    speech = wiring.model(settings)
    results = []
    voices = wiring.espeak_voices(words)
    for meaning in OWN:
        phrase = said[meaning][0]
        heard = 0
        for name in voices:
            for pace in PACES:
                ears = wiring.ears(speech, said)
                ears.expect({meaning: said[meaning]})
                heard += bool(hear(ears, Pyttsx3Voice(name, pace, pace=words.pace).render(phrase)))
        seconds, false = _false_alarms(settings, words, speech, meaning)
        tries = len(voices) * len(PACES)
        advice = wiring.advice(settings, words, speech, meaning)
        results.append(
            Measured(meaning.value, phrase, tries, heard, seconds, false, advice.warnings)
        )
    return tuple(results)


def _false_alarms(
    settings: Settings, words: PhrasePack, speech: SpeechModel, meaning: Meaning
) -> tuple[float, int]:
    """Return the seconds of our own lines without the phrase, and what was taken for it."""
    said = wiring.phrases(settings, words)
    ears = wiring.ears(speech, said)
    ears.expect({meaning: said[meaning]})
    studio = wiring.studio(settings)
    wanted = set(words_of(said[meaning][0]))
    seconds, false = 0.0, 0
    for text in wiring.wording(settings, words).fixed_sentences():
        if wanted & set(words_of(text)):
            continue
        sound = studio.clip(text).sound
        seconds += sound.seconds
        false += len(hear(ears, sound))
    return seconds, false
