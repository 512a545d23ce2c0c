"""Sound that knows its format: float samples inside, int16 only at the border.

Rules: samples are float32 in -1…1, one channel, never changed after they were wrapped.
Nothing that comes from the microphone is ever made into a ``Sound`` that is written to a file, but
by the command ``calmvoice record``, for which a couple asks; otherwise ``write_wav`` is for what
CalmVoice itself says.
"""

from __future__ import annotations

import wave
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from calmvoice.errors import SoundError

Samples = npt.NDArray[np.float32]
PcmSamples = npt.NDArray[np.int16]

SPEAKER_RATE = 48_000  # Hz: what sound cards run at, so nothing resamples behind our back
MICROPHONE_RATE = 16_000  # Hz: what the recogniser's model was trained on


@dataclass(frozen=True, eq=False)
class Sound:
    """Samples of one channel, shape ``(n,)`` float32, and their rate in Hz."""

    samples: Samples
    rate: int = SPEAKER_RATE

    @property
    def seconds(self) -> float:
        """How long it sounds."""
        return len(self.samples) / self.rate


@dataclass(frozen=True)
class Cue:
    """Spoken words and their place in a clip: samples ``start`` (first) to ``end`` (exclusive)."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, eq=False)
class Clip:
    """A sound ready for the loudspeaker, with the words in it and where it may be cut short.

    ``breaks`` are sample positions, ascending, at which the clip can end without cutting a
    breath (the ends of the breaths); a clip without any plays to its end.
    """

    sound: Sound
    cues: tuple[Cue, ...] = ()
    breaks: tuple[int, ...] = field(default=())


def silence(seconds: float, rate: int = SPEAKER_RATE) -> Sound:
    """Return ``seconds`` of nothing."""
    return Sound(np.zeros(round(seconds * rate), np.float32), rate)


def to_pcm(samples: Samples) -> PcmSamples:
    """Round float samples to int16, clipping what is over full scale."""
    return np.round(np.clip(samples, -1.0, 1.0) * 32767.0).astype(np.int16)


def from_pcm(samples: PcmSamples) -> Samples:
    """Scale int16 samples to floats in -1…1."""
    return samples.astype(np.float32) / np.float32(32768.0)


def read_wav(path: Path) -> Sound:
    """Read a PCM WAV file of 16 bits; several channels are averaged.

    Raises ``SoundError`` when it is no such file or is cut off.
    """
    try:
        with wave.open(str(path), "rb") as file:
            if file.getsampwidth() != 2:
                raise SoundError(
                    f"{path}: {8 * file.getsampwidth()} bits a sample, only 16 can be read",
                    "Convert it, for example: sox in.wav -b 16 out.wav",
                )
            channels, rate, frames = file.getnchannels(), file.getframerate(), file.getnframes()
            content = file.readframes(frames)
    except FileNotFoundError as error:
        raise SoundError(f"{path}: no such file") from error
    except (wave.Error, EOFError, OSError, RuntimeError) as error:  # the last: a chunk too long
        raise SoundError(f"{path}: not a readable WAV file ({error})") from error
    there, wanted = len(content) // 2, frames * channels
    if len(content) != 2 * wanted:
        raise SoundError(f"{path}: cut off, {there} of {wanted} samples are there")
    if not rate:
        raise SoundError(f"{path}: not a readable WAV file (0 samples a second)")
    data = np.frombuffer(content, "<i2")
    mono = from_pcm(data.astype(np.int16)).reshape(-1, channels).mean(axis=1, dtype=np.float32)
    return Sound(mono, rate)


def write_wav(path: Path, sound: Sound) -> None:
    """Write what CalmVoice says, or a line they recorded, as 16-bit WAV; raises ``SoundError``."""
    try:
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(sound.rate)
            file.writeframes(to_pcm(sound.samples).astype("<i2").tobytes())
    except OSError as error:
        raise SoundError(f"{path}: cannot be written ({error.strerror})") from error
