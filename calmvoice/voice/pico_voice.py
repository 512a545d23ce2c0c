"""A second voice over the same port: SVOX Pico through the optional package py-nanotts.

Rules a change must respect: the package is imported only when a ``PicoVoice`` is made; the engine
keeps state of its own in C, so one sentence is spoken at a time; it runs inside this process, so
unlike the pyttsx3 voice it has no time limit.
"""

from __future__ import annotations

import threading
from importlib.metadata import version

import numpy as np

from calmvoice.errors import VoiceError
from calmvoice.sound import Sound, from_pcm
from calmvoice.voice.levels import audible_seconds
from calmvoice.voice.pace import count_syllables, paced, require_pace, sayable

PICO_VOICE = "en-GB"
LANGUAGES = ("en-GB", "en-US", "de-DE", "es-ES", "fr-FR", "it-IT")
PICO_RATE = 16_000  # Hz
SPEED_PER_PACE = 0.65 / 115  # measured: speed 0.65 speaks about 115 words a minute
SPEEDS = (0.3, 2.0)
VOLUME = 0.7  # over this the engine clips
QUIETEST_PEAK = 0.01
INSTALL = 'Run: pip install "calmvoice[pico]"'


def voices() -> tuple[str, ...]:
    """Return the names of the voices; none where the package is missing."""
    try:
        import py_nanotts
    except ImportError:
        return ()
    return tuple(name.value for name in py_nanotts.Voice)


def voice_of(language: str) -> str:
    """Return the voice for a language by its code; raises ``VoiceError`` if there is none."""
    code = language.lower().replace("_", "-")
    exact = [name for name in LANGUAGES if name.lower() == code]
    near = [name for name in LANGUAGES if name.partition("-")[0] == code.partition("-")[0]]
    if found := [*exact, *near]:
        return found[0]
    raise VoiceError(
        f"pico has no voice for the language {language!r}; there are: {', '.join(LANGUAGES)}",
        'Use the engine "pyttsx3", or another voice: computer.voice.',
    )


class PicoVoice:
    """A ``Voice``; ``words_per_minute`` is the pace as counted over the rendered sentence."""

    def __init__(self, voice: str = PICO_VOICE, words_per_minute: int = 125) -> None:
        """Raise ``VoiceError`` when the package is missing, or the voice or pace impossible."""
        try:
            import py_nanotts
        except ImportError as error:
            raise VoiceError('the voice engine "pico" is not installed', INSTALL) from error
        known = voices()
        if voice not in known:
            raise VoiceError(
                f'unknown pico voice "{voice}"; there are: {", ".join(known)}',
                f'Use one of them, for example "{PICO_VOICE}".',
            )
        require_pace(words_per_minute)
        self._engine = py_nanotts.NanoTTS()
        self._voice = voice
        self._words_per_minute = words_per_minute
        self._one_at_a_time = threading.Lock()

    @property
    def identity(self) -> str:
        """Engine, version, voice and pace."""
        return (
            f"pico {version('py-nanotts')}, {self._voice}, {self._words_per_minute} words a minute"
        )

    def render(self, text: str) -> Sound:
        """Return the sentence as spoken, at 16 kHz; raises ``VoiceError``; for any thread."""
        text = sayable(text)
        first = self._words_per_minute * SPEED_PER_PACE
        return paced(
            lambda speed: self._spoken(text, speed), text, self._words_per_minute, first, SPEEDS
        )

    def _spoken(self, text: str, speed: float) -> Sound:
        try:
            with self._one_at_a_time:
                data = self._engine.speak(text, voice=self._voice, speed=speed, volume=VOLUME)
        except (RuntimeError, ValueError, OSError, MemoryError) as error:
            raise VoiceError(
                f'the voice "{self._voice}" failed: {error}', "Choose another voice or engine."
            ) from error
        sound = Sound(from_pcm(np.frombuffer(data[: len(data) // 2 * 2], "<i2")), PICO_RATE)
        peak = float(np.abs(sound.samples).max(initial=0.0))
        seconds, syllables = audible_seconds(sound), count_syllables(text)
        if peak < QUIETEST_PEAK or seconds < 0.05 * syllables:
            raise VoiceError(
                f'the voice "{self._voice}" gave {seconds:.2f} s with a peak of {peak:.3f} for '
                f"about {syllables} syllables",
                "Choose another voice or engine.",
            )
        return sound
