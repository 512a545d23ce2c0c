"""The voice that comes with CalmVoice: pyttsx3 over the bundled espeak-ng, a process a sentence.

Rules a change must respect:

- Nothing the worker says about itself is believed: the file is read back, must be whole, not
  silent, and of a length its syllables can have at the rate asked. pyttsx3 ignores rates, unknown
  voices and unwritable paths without a word.
- espeak-ng falls back to another voice when a name or a variant is unknown, so names are checked
  here, against the files it would load.
- The text reaches the worker through stdin and never stands in a message or a log.
"""

from __future__ import annotations

import difflib
import functools
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

import numpy as np

from calmvoice.errors import SoundError, VoiceError
from calmvoice.sound import Sound, read_wav
from calmvoice.voice.levels import audible_seconds
from calmvoice.voice.pace import count_syllables, paced, require_pace, sayable

# Of ten espeak voices the one the small Vosk model understood best (word errors 0.69 against
# 0.74–0.84), at 194 Hz, little noise (harmonicity 16–18 dB), and every sentence falling 4–5
# semitones at its end.
DEFAULT_VOICE = "en-us+f2"
GOOD_VARIANTS = ("f2", "m3", "f4", "m1", "f5", "m7")  # the first as in ``DEFAULT_VOICE``
DEFAULT_WORDS_PER_MINUTE = 125

ATTEMPTS = 3
RATES = (60.0, 300.0)  # under 80 the worker puts gaps between the words
RATE_PER_PACE = 0.75  # espeak-ng leaves pauses and short words out of its count
QUIETEST_PEAK = 0.01
# Seconds a syllable times engine rate, over the lines of the English pack: 29–71, with ellipses
# up to 118. At a rate ignored (200 for 94) a usual sentence falls under the lower.
SHORTEST, LONGEST = 24.0, 240.0

_WORKER = (sys.executable, "-m", "calmvoice.voice.pyttsx3_worker")


class Pyttsx3Voice:
    """A ``Voice``; ``words_per_minute`` is the pace as counted over the rendered sentence.

    ``voice`` is one of ``voices()``, or one of them, "+", and one of ``variants()``. ``worker`` is
    the command that speaks one sentence, followed by the file, the engine's rate and the voice.
    ``pace`` is how many words of the language take as long as one in English: of long words fewer
    are spoken in a minute, in the same tempo.
    """

    def __init__(
        self,
        voice: str = DEFAULT_VOICE,
        words_per_minute: int = DEFAULT_WORDS_PER_MINUTE,
        time_limit_seconds: float = 10.0,
        *,
        pace: float = 1.0,
        worker: Sequence[str] = _WORKER,
    ) -> None:
        """Raise ``VoiceError`` when the voice is unknown or the pace out of its limits."""
        require_voice(voice)
        require_pace(words_per_minute)
        self._voice = voice
        self._words_per_minute, self._pace = words_per_minute, pace
        self._time_limit_seconds = time_limit_seconds
        self._worker = tuple(worker)

    @property
    def identity(self) -> str:
        """Engine, versions, voice and pace."""
        return (
            f"pyttsx3 {version('pyttsx3')}, espeak-ng data {_data_version()}, "
            f"{self._voice}, {self._words_per_minute} words a minute"
            + (f" of {self._pace:g}" if self._pace != 1 else "")
        )

    def render(self, text: str) -> Sound:
        """Return the sentence as spoken, at 22 050 Hz; raises ``VoiceError``; for any thread."""
        text = sayable(text)
        return paced(
            lambda rate: self._spoken(text, round(rate)),
            text,
            round(self._words_per_minute * self._pace),
            self._words_per_minute * RATE_PER_PACE,
            RATES,
        )

    def _spoken(self, text: str, rate: int) -> Sound:
        problem = ""
        for _ in range(ATTEMPTS):
            try:
                return self._attempt(text, rate)
            except VoiceError as error:
                problem = str(error)
        raise VoiceError(
            f'the voice "{self._voice}" failed {ATTEMPTS} times of {ATTEMPTS}: {problem}',
            "Check free disk space and memory, or choose another voice or engine.",
        )

    def _attempt(self, text: str, rate: int) -> Sound:
        with tempfile.TemporaryDirectory(prefix="calmvoice-") as directory:
            path = Path(directory) / "sentence.wav"
            command = [*self._worker, str(path), str(rate), self._voice]
            try:
                done = subprocess.run(
                    command,
                    input=text.encode(),
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.PIPE,
                    timeout=self._time_limit_seconds,
                    check=False,
                )
                if done.returncode != 0:
                    said = done.stderr.decode(errors="replace").strip().splitlines()
                    reason = said[-1][:120] if said else "no reason given"
                    raise VoiceError(f"its process ended with status {done.returncode}: {reason}")
                sound = read_wav(path)
            except subprocess.TimeoutExpired as error:
                limit = f"{self._time_limit_seconds:g} s"
                raise VoiceError(f"no sentence within the limit of {limit}") from error
            except (OSError, SoundError) as error:
                raise VoiceError(f"no usable file: {type(error).__name__}, {error}") from error
        _require_plausible(sound, text, rate)
        return sound


@functools.cache
def voices() -> tuple[str, ...]:
    """Return the names of the voices present, from the files espeak-ng would load."""
    files = (_data_folder() / "lang").rglob("*")
    return tuple(sorted(file.name.lower() for file in files if file.is_file()))


def voices_of(language: str) -> tuple[str, ...]:
    """Return good voices for a language by its code; raises ``VoiceError`` if there are none."""
    code = language.lower().replace("_", "-")
    for base in (code, code.partition("-")[0]):
        if base in voices():
            return tuple(f"{base}+{variant}" for variant in GOOD_VARIANTS)
    raise VoiceError(
        f"espeak-ng has no voice for the language {language!r}",
        "Name one in the language file, [language] voices, or in the settings: computer.voice.",
    )


@functools.cache
def variants() -> tuple[str, ...]:
    """Return the timbres that can follow a voice and "+"; their case matters."""
    return tuple(sorted(file.name for file in (_data_folder() / "voices" / "!v").iterdir()))


def _data_folder() -> Path:
    try:
        import espeakng_loader
    except ImportError as error:
        hint = "Run: pip install espeakng-loader"
        raise VoiceError("the package espeakng-loader is missing", hint) from error
    return Path(espeakng_loader.get_data_path())


@functools.cache
def _data_version() -> str:
    """Return the version stamped in the phoneme data ("1.48.1" is their format, not espeak's)."""
    with (_data_folder() / "phondata").open("rb") as file:
        stamp = int.from_bytes(file.read(4), "little")
    parts = f"{stamp >> 16 & 255:x}.{stamp >> 8 & 255:x}.{stamp & 255:x}"
    return f"{parts} of espeakng-loader {version('espeakng-loader')}"


def require_voice(voice: str) -> None:
    """Raise ``VoiceError`` for a voice or a timbre that espeak-ng does not have."""
    base, plus, variant = voice.partition("+")
    for kind, name, known in (("voice", base, voices()), ("variant", variant, variants())):
        if name in known or (kind == "variant" and not plus):
            continue
        near = [k for k in known if name and k.lower().startswith(name.lower())]
        near += [k for k in difflib.get_close_matches(name, known, 5, 0.5) if k not in near]
        listed = ", ".join(near[:8] or [k for k in known if k in ("en", "en-us", "f2", "m3")])
        raise VoiceError(
            f'unknown {kind} "{name}" in "{voice}"; near it of {len(known)}: {listed}',
            f'Use one of them, or "{DEFAULT_VOICE}".',
        )


def _require_plausible(sound: Sound, text: str, rate: int) -> None:
    peak = float(np.abs(sound.samples).max(initial=0.0))
    if peak < QUIETEST_PEAK:
        raise VoiceError(f"silence: the peak is {peak:.4f}, under {QUIETEST_PEAK}")
    seconds, syllables = audible_seconds(sound), count_syllables(text)
    shortest, longest = SHORTEST * syllables / rate, LONGEST * (syllables + 2) / rate
    if not shortest <= seconds <= longest:
        raise VoiceError(
            f"{seconds:.2f} s for about {syllables} syllables at rate {rate}, "
            f"plausible are {shortest:.2f} to {longest:.2f} s"
        )
