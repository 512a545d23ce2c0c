"""Recorded speech for the ears' benchmark: loaded, levelled, put into rooms and household noise.

``recordings.py --part look "other/*/*"`` prints the files of a part, so that the model is trained
on nothing that it is measured with.
"""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile
import soxr
from reverberation import Wave, reverberant

from calmvoice.sound import MICROPHONE_RATE, PcmSamples

PEAK = 0.4  # −8 dBFS
ROOM_STEPS = 3.0  # the faint noise of a quiet room, in int16 steps
SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "speech"
BEFORE_SECONDS, AFTER_SECONDS = 0.5, 1.5
CONDITIONS = ("clean", "10 dB", "5 dB", "-26 dB", "clipped", "reverberation")
AUDIBLE_DB = 25.0  # below the loudest 10 ms nobody speaks any more


def load(path: Path) -> Wave:
    """Return a file at 16 kHz in int16 steps, its peak brought to −8 dBFS."""
    samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    mono = samples.mean(axis=1)
    if rate != MICROPHONE_RATE:
        mono = soxr.resample(mono, rate, MICROPHONE_RATE)
    return levelled(mono)


def levelled(samples: npt.NDArray[np.floating]) -> Wave:
    """Return a sound in int16 steps, its peak brought to −8 dBFS."""
    return np.asarray(samples / max(float(np.abs(samples).max()), 1e-4) * PEAK * 32767, np.float64)


def load_pcm(path: Path) -> PcmSamples:
    """Return the same as a microphone would give it: rounded to int16."""
    return np.round(load(path)).astype(np.int16)


def speaker(path: Path) -> str:
    """Return who speaks in a file: ``voice__phrase``, or each file somebody else."""
    return path.stem.partition("__")[0]


def in_part(path: Path, part: str) -> bool:
    """Say whether a speaker is in the part we look at, or in the one that is only reported.

    Reported is half of the phrases, and a quarter of other speech: the network learnt the rest.
    """
    digest = hashlib.md5(speaker(path).encode(), usedforsecurity=False).digest()
    parts = 4 if "other" in path.parts else 2
    return part == "all" or (digest[-1] % parts == parts - 1) == (part == "held")


def household(speech: Path) -> tuple[Path, ...]:
    """Return a household's noises: music for travelling and pure noises are none."""
    return tuple(f for f in sorted(speech.glob("noise/*")) if "__" not in f.stem)


def half(noise: Wave, part: str) -> Wave:
    """Return the first half of a noise to look at, the second to report: files are too few."""
    middle = len(noise) // 2
    return {"look": noise[:middle], "held": noise[middle:], "all": noise}[part]


def audible(speech: Wave) -> tuple[float, float]:
    """Return when somebody begins to speak in a clip and when the last sound ends, in seconds."""
    frame = MICROPHONE_RATE // 100
    power = (speech[: len(speech) // frame * frame].reshape(-1, frame) ** 2).mean(axis=1)
    loud = np.flatnonzero(power >= power.max() * 10 ** (-AUDIBLE_DB / 10))
    return float(loud[0]) / 100, float(loud[-1] + 1) / 100


def scene(
    speech: Wave, condition: str, noises: Sequence[Wave], rng: np.random.Generator
) -> PcmSamples:
    """Return a loaded clip in a room and one of ``CONDITIONS``; it begins after 0.5 s."""
    if condition == "-26 dB":
        speech = speech * 10 ** (-26 / 20)
    if condition == "clipped":  # 18 dB too loud
        speech = np.clip(speech * 8.0, -32768, 32767)
    around = [np.zeros(round(s * MICROPHONE_RATE)) for s in (BEFORE_SECONDS, AFTER_SECONDS)]
    sound = np.concatenate([around[0], speech, around[1]])
    if condition == "reverberation":
        sound = reverberant(sound, rng)
    if condition in ("10 dB", "5 dB"):
        ratio = float(condition.split()[0])
        noise = noises[int(rng.integers(len(noises)))]
        noise = np.tile(noise, -(-len(sound) // len(noise)))
        at = rng.integers(len(noise) - len(sound) + 1)
        part = noise[at : at + len(sound)]
        sound += part * _loudness(speech) / _rms(part) * 10 ** (-ratio / 20)
    sound += rng.normal(0, ROOM_STEPS, len(sound))
    return np.clip(np.round(sound), -32768, 32767).astype(np.int16)


def _rms(sound: Wave) -> float:
    return max(float(np.sqrt((sound**2).mean())), 1.0)


def _loudness(speech: Wave) -> float:
    """Return the level of the stretches in which somebody speaks (within 30 dB of the loudest)."""
    power = (speech[: len(speech) // 400 * 400].reshape(-1, 400) ** 2).mean(axis=1)
    return float(np.sqrt(power[power > power.max() * 1e-3].mean()))


def main() -> None:
    """Print the files of a part, one a line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pattern", nargs="+", help="within the folder of speech")
    parser.add_argument("--speech", type=Path, default=SHARED)
    parser.add_argument("--part", choices=("look", "held"), required=True)
    options = parser.parse_args()
    for pattern in options.pattern:
        for path in sorted(options.speech.glob(pattern)):
            if in_part(path, options.part):
                print(path)


if __name__ == "__main__":
    main()
