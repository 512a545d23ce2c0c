"""What the core needs from the world: each port is a role, the adapters live beside their library.

Rules: an adapter raises only ``CalmVoiceError``; it never prints, prompts or exits; it never
writes what the microphone heard anywhere (``calmvoice record`` alone keeps a line, on request).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol

from calmvoice.meanings import Meaning
from calmvoice.sound import Clip, PcmSamples, Samples, Sound


class Trust(IntEnum):
    """How far a wall clock can be believed; the more, the higher."""

    NEVER_SET = 0
    """Nobody has set it since it was switched on, and it does not run while it is off."""
    OWN = 1
    """It runs by itself, or somebody set it."""
    SYNCHRONISED = 2
    """The network, a satellite or a radio keeps it."""


@dataclass(frozen=True)
class Now:
    """One reading of the clocks, in seconds.

    ``wall`` is the Unix time that promises are made in; ``steady`` never jumps and does not
    count sleep: pacing uses it; ``asleep`` is how long this computer has been suspended since
    it was switched on, so that a sleep can be told from a clock that was set. ``boot_id`` names
    the time since it was switched on, "" where that is not known.
    """

    wall: float
    steady: float
    asleep: float = 0.0
    boot_id: str = ""
    trust: Trust = Trust.SYNCHRONISED

    @property
    def since_boot(self) -> float:
        """Seconds of a clock that counts sleep and that nobody can set."""
        return self.steady + self.asleep


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> Now:
        """Return one reading; ``steady`` never goes back."""


@dataclass(frozen=True)
class Heard:
    """A phrase found in the microphone's sound.

    ``start_seconds`` and ``at_seconds`` are its begin and end in audio seconds since the first
    sample that was fed; ``known_seconds`` is how much had been fed when it was known. ``sure`` is
    false when a second, stricter look did not confirm it.
    """

    meaning: Meaning
    start_seconds: float
    at_seconds: float
    known_seconds: float
    sure: bool = True


class Ears(Protocol):
    """Turns microphone chunks into meanings; works in audio time only and owns no thread."""

    def expect(self, phrases: Mapping[Meaning, Sequence[str]]) -> None:
        """Listen for these phrases from the next chunk on; audio already fed is not lost."""

    def feed(self, samples: PcmSamples, *, own_voice: bool = False) -> list[Heard]:
        """Take any number of int16 samples at 16 kHz; return what was heard in them.

        ``own_voice`` says that CalmVoice itself was heard in them, whatever of it was taken out.
        """

    def clear(self) -> None:
        """Forget all audio; time goes on counting."""


class Voice(Protocol):
    """Speaks one sentence into memory, at the engine's own rate and level."""

    @property
    def identity(self) -> str:
        """Engine, version, voice and speed: two voices with one identity sound the same."""

    def render(self, text: str) -> Sound:
        """Return the sentence as spoken; raises ``VoiceError``. Safe to call from any thread."""


ClipEnd = Callable[[int, int], None]
"""Called with the ticket and how many of the clips' breaks had been passed when it ended."""


class Speaker(Protocol):
    """Plays one ticket at a time; reports its end from its own thread through ``ClipEnd``.

    A ticket's clips may be appended while it plays: where the next one is not there yet, silence
    is played. The end is reported once, when the last sample of a sealed ticket has been heard,
    or at the next break after ``finish``. A hushed ticket reports nothing.
    """

    def start(self, ticket: int, gain_db: float = 0.0) -> None:
        """Begin a ticket; whatever plays is hushed first. Louder than full scale is limited."""

    def append(self, ticket: int, clip: Clip) -> None:
        """Add the next clip (at ``SPEAKER_RATE``); ignored if the ticket is no longer playing."""

    def seal(self, ticket: int) -> None:
        """Say that no clip will follow."""

    def finish(self, ticket: int) -> None:
        """Play on to the next break (or the end), then report the end."""

    def hush(self) -> None:
        """Be silent at once."""

    def spoken(self, start: float, end: float) -> tuple[str, ...]:
        """Return the texts audible at any moment of steady time ``start`` to ``end``."""

    def played(self, start: float, count: int) -> Samples:
        """Return ``count`` samples at 16 kHz that sounded from steady time ``start`` on.

        Zeros where nothing sounded. What follows one another sounds so: no seam from one
        question to the next, none inside a ticket, however a device's times jitter.
        """

    def close(self) -> None:
        """Let go of the device within two seconds, whatever state it is in."""


Chunk = Callable[[PcmSamples, float], None]
"""Called with int16 samples at 16 kHz and the steady time at which the last was captured."""


class Microphone(Protocol):
    """Delivers chunks from its own thread until closed; reopens a lost device by itself."""

    def open(self, on_chunk: Chunk) -> None:
        """Begin; raises ``SoundError`` when there is no such device."""

    def close(self) -> None:
        """Let go of the device within two seconds, whatever state it is in."""


SoundChange = Callable[[str, bool], None]
"""Called with "microphone" or "speaker" and whether it works now, when that changes."""
