#!/usr/bin/env python
"""Measures the ears on recorded speech: misses, near misses, false alarms, latency, CPU share.

A miss is a clip without a sure phrase inside [its start, its end + 0.5 s]; false alarms are counted
per hour of speech. Latency is from the end of the phrase's last word to the moment it was known.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import soundfile
import soxr

from calmvoice.ears.model import SpeechModel
from calmvoice.ears.vosk_ears import VoskEars
from calmvoice.meanings import Meaning
from calmvoice.ports import Heard
from calmvoice.sound import MICROPHONE_RATE, PcmSamples, to_pcm

CHUNK = 1600
SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "speech"


@dataclass(frozen=True)
class Row:
    """One line of the table; latencies in seconds, cpu as a share of one core."""

    name: str
    phrase: str
    clips: int
    minutes: float
    sure: int
    unsure: int
    latency_p50: float | None
    latency_p90: float | None
    cpu: float


def load(path: Path) -> PcmSamples:
    """Return a file at 16 kHz, its peak brought to −8 dBFS."""
    samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    mono = samples.mean(axis=1)
    if rate != MICROPHONE_RATE:
        mono = soxr.resample(mono, rate, MICROPHONE_RATE)
    return to_pcm(mono / max(float(np.abs(mono).max()), 1e-4) * np.float32(0.4))


def quiet_room(seconds: float, rng: np.random.Generator) -> PcmSamples:
    """Return the faint noise of a room."""
    return rng.normal(0, 3, round(seconds * MICROPHONE_RATE)).astype(np.int16)


def measure(
    model: SpeechModel, name: str, phrase: str, files: list[Path], fresh: bool, minutes: float
) -> Row:
    """Feed the files, with new ears for each when ``fresh``, else one after the other."""
    rng = np.random.default_rng(0)
    ears: VoskEars | None = None
    fed, clips, sure, unsure, cpu = 0, 0, 0, 0, 0.0
    latencies: list[float] = []
    for path in files:
        if fed > minutes * 60 * MICROPHONE_RATE:
            break
        audio = np.concatenate([quiet_room(0.5, rng), load(path), quiet_room(1.5, rng)])
        if ears is None or fresh:
            ears = VoskEars(model)
            ears.expect({Meaning.SIGNAL: [phrase]})
        before = resource.getrusage(resource.RUSAGE_SELF)
        heard: list[Heard] = []
        for start in range(0, len(audio), CHUNK):
            heard += ears.feed(audio[start : start + CHUNK])
        after = resource.getrusage(resource.RUSAGE_SELF)
        cpu += after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        fed += len(audio)
        clips += 1
        certain = [h for h in heard if h.sure]
        sure += bool(certain) if fresh else len(certain)
        unsure += (not certain and bool(heard)) if fresh else len(heard) - len(certain)
        latencies += [h.known_seconds - h.at_seconds for h in certain]
    p50, p90 = np.percentile(latencies, [50, 90]).round(3).tolist() if latencies else (None, None)
    seconds = fed / MICROPHONE_RATE
    return Row(
        name, phrase, clips, round(seconds / 60, 1), sure, unsure, p50, p90,
        round(cpu / max(seconds, 1e-9), 4),
    )  # fmt: skip


def main() -> None:
    """Print the table and write it as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--speech", type=Path, default=SHARED, help="folder with signal, phrase …")
    parser.add_argument("--model", type=Path, default=None)
    parser.add_argument("--clips", type=int, default=100, help="of smart mirror and of computer")
    parser.add_argument("--minutes", type=float, default=30.0, help="of other speech per phrase")
    parser.add_argument("--json", type=Path, default=Path("scripts/bench/results/ear_first.json"))
    options = parser.parse_args()
    model = SpeechModel(options.model)
    shuffle = random.Random(3)

    def some(pattern: str, count: int) -> list[Path]:
        files = sorted(options.speech.glob(pattern))
        shuffle.shuffle(files)
        return files[:count]

    signals = sorted({p.stem.partition("__")[2] for p in options.speech.glob("signal/*.flac")})
    plan = [(s, "yellow light", some(f"signal/*__{s}.flac", 999), True) for s in signals]
    for phrase in ("smart mirror", "computer"):
        folder = phrase.replace(" ", "_")
        plan.append((folder, phrase, some(f"phrase/{folder}/*", options.clips), True))
    for phrase in ("yellow light", "smart mirror", "computer"):
        plan.append(("noise", phrase, some("noise/*", 999), False))
        plan.append(("other", phrase, some("other/*/*", 9999), False))
    print("clips                 phrase        n    min  sure unsure  sure/h   p50   p90    cpu")
    rows = []
    for name, phrase, files, fresh in plan:
        row = measure(model, name, phrase, files, fresh, options.minutes)
        rows.append(row)
        hourly = "" if fresh else f"{row.sure / max(row.minutes, 0.1) * 60:.1f}"
        late = f"{row.latency_p50 or 0:5.2f} {row.latency_p90 or 0:5.2f}"
        print(
            f"{name:21s} {phrase:12s} {row.clips:4d} {row.minutes:5.1f} {row.sure:5d}"
            f" {row.unsure:6d} {hourly:>7s} {late} {row.cpu:6.3f}",
            flush=True,
        )
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(json.dumps([asdict(row) for row in rows], indent=1) + "\n")


if __name__ == "__main__":
    main()
