"""Recorded speech with its transcripts: a folder with sound files and a ``manifest.tsv``.

Each line of the manifest is one utterance, four fields between tabs: path (absolute, or within the
folder), seconds, speaker, text. A first line ``path…`` is a heading. What is wrong is said with the
line.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile
import soxr

from calmvoice.errors import CalmVoiceError
from calmvoice.sound import MICROPHONE_RATE, PcmSamples

MANIFEST = "manifest.tsv"
FIELDS = ("path", "seconds", "speaker", "text")
FULL_SCALE = 32768.0
Wave = npt.NDArray[np.float32]  # one channel at 16 kHz, at int16 scale


class RecipeError(CalmVoiceError):
    """The recipe cannot go on with what it was given."""


@dataclass(frozen=True)
class Recording:
    """One utterance as a manifest tells of it."""

    path: Path
    seconds: float
    speaker: str
    text: str


def read_manifest(folder: Path) -> list[Recording]:
    """Return the utterances of a folder; raises ``RecipeError`` naming the line that is wrong."""
    path = folder / MANIFEST
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise RecipeError(
            f"{path} cannot be read: {error}",
            f"A folder of speech needs a {MANIFEST}: {', '.join(FIELDS)} between tabs.",
        ) from error
    found = []
    for number, line in enumerate(lines, 1):
        if not line.strip() or (number == 1 and line.startswith(FIELDS[0] + "\t")):
            continue
        found.append(_recording(folder, line.split("\t"), f"{path}, line {number}"))
    if not found:
        raise RecipeError(f"{path} names no utterance", "Is it the right folder?")
    return found


def _recording(folder: Path, fields: list[str], where: str) -> Recording:
    if len(fields) != len(FIELDS):
        raise RecipeError(
            f"{where}: {len(fields)} fields, not {len(FIELDS)}",
            f"Write {', '.join(FIELDS)} with a tab between them.",
        )
    name, seconds, speaker, text = fields
    try:
        length = float(seconds)
    except ValueError:
        length = -1.0
    if not 0.0 < length < 3600.0:
        raise RecipeError(
            f'{where}: "{seconds}" is no number of seconds', "Write it as 3.25, above 0."
        )
    if not (folder / name).is_file():
        raise RecipeError(
            f"{where}: no sound file {folder / name}",
            "Paths are absolute, or relative to the manifest.",
        )
    return Recording(folder / name, length, speaker, text)


def read_wave(path: Path) -> Wave:
    """Return a sound file, its channels averaged, at 16 kHz; raises ``RecipeError``."""
    try:
        samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    except (soundfile.LibsndfileError, OSError) as error:
        raise RecipeError(f"{path} is no sound file: {error}", "Remove its line.") from error
    mono = samples.mean(axis=1)
    return np.asarray(soxr.resample(mono, rate, MICROPHONE_RATE) * FULL_SCALE, np.float32)


def at_speed(wave: Wave, speed: float) -> Wave:
    """Return it faster and higher (above 1), or slower and lower."""
    if speed == 1.0:
        return wave
    return np.asarray(soxr.resample(wave, speed * MICROPHONE_RATE, MICROPHONE_RATE), np.float32)


def in_a_room(wave: Wave, rng: np.random.Generator) -> Wave:
    """Return it as heard in a simulated room: the direct sound and a tail of decaying noise.

    The tail falls by 60 dB in 0.15 to 0.7 s, begins after 1 to 6 ms, and has −12 to +3 dB of the
    direct sound's power.
    """
    decay = rng.uniform(0.15, 0.7)
    tail = rng.normal(size=round(decay * MICROPHONE_RATE))
    tail *= 10.0 ** (-3.0 * np.arange(len(tail)) / len(tail))
    tail[: round(rng.uniform(0.001, 0.006) * MICROPHONE_RATE)] = 0.0
    tail *= 10.0 ** (rng.uniform(-12.0, 3.0) / 20.0) / np.sqrt(np.sum(tail**2))
    tail[0] = 1.0
    size = 1 << (len(wave) + len(tail) - 2).bit_length()  # a prime takes ten times as long
    heard = np.fft.irfft(np.fft.rfft(wave, size) * np.fft.rfft(tail, size), size)[: len(wave)]
    return np.asarray(heard * np.abs(wave).max() / max(np.abs(heard).max(), 1e-6), np.float32)


def to_samples(wave: Wave) -> PcmSamples:
    """Return it as a microphone gives it: int16, clipped at full scale."""
    return np.clip(np.round(wave), -FULL_SCALE, FULL_SCALE - 1).astype(np.int16)


def each_way(
    wave: Wave, speeds: tuple[float, ...], rng: np.random.Generator, rooms: float
) -> Iterator[tuple[float, Wave]]:
    """Give a sound at each speed; the altered ones are in a room in ``rooms`` of all cases."""
    for speed in speeds:
        changed = at_speed(wave, speed)
        yield speed, in_a_room(changed, rng) if speed != 1.0 and rng.random() < rooms else changed
