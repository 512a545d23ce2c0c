#!/usr/bin/env python3
"""Measures the double knock: what is taken for one in talk and noise, and which ones are found.

Recordings count by the hour, each from its begin to its end with quiet around it; knocks are
computed (knock_sounds.py), in quiet small rooms and over household noise.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from counting import highest_rate
from knock_sounds import KINDS, double
from recordings import SHARED, load
from reverberation import Wave

from calmvoice.ears.knock import Knock, KnockDetector
from calmvoice.sound import MICROPHONE_RATE, PcmSamples

CHUNK = 1600
AROUND_SECONDS = 1.0
FOLDERS = ("noise", "other/talk", "other/orders", "other/prompts", "phrase")
NOISE_DB = (-60.0, -50.0)  # root mean square, below full scale: a fan, a kitchen next door
WITHIN_SECONDS = 0.03
EDGE_SECONDS = 0.9  # where people click to begin and end a recording, and we add the quiet


@dataclass(frozen=True)
class Mistaken:
    """What was taken for a double knock in a folder, and how many at a recording's edge."""

    folder: str
    hours: float
    told: int
    at_edges: int
    where: tuple[str, ...]


@dataclass(frozen=True)
class Found:
    """How many double knocks of a kind were found, and how long after the second (median)."""

    kind: str
    place: str
    found: int
    of: int
    known_after_seconds: float


def main() -> None:
    """Listen, and print what was told."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--speech", type=Path, default=SHARED, help="the folder of recordings")
    parser.add_argument("--each", type=int, default=0, help="files of each folder; 0: all")
    parser.add_argument("--knocks", type=int, default=200, help="of each kind and place")
    parser.add_argument("--json", type=Path, help="write the figures here too")
    options = parser.parse_args()
    false = [false_alarms(options.speech / name, options.each) for name in FOLDERS]
    noises = [load(path) for path in files(options.speech / "noise", 0)]
    found = [hits(kind, options.knocks, place) for kind in KINDS for place in (None, noises)]
    print(table(false, found))
    if options.json:
        rows = {"false": list(map(asdict, false)), "found": list(map(asdict, found))}
        options.json.write_text(json.dumps(rows, indent=2) + "\n", "utf-8")


def files(folder: Path, count: int) -> list[Path]:
    """Return recordings of a folder, always the same, at most so many if it is not 0."""
    found = sorted(path for kind in ("*.flac", "*.ogg", "*.opus") for path in folder.rglob(kind))
    return random.Random(1).sample(found, min(count, len(found))) if count else found


def false_alarms(folder: Path, count: int) -> Mistaken:
    """Listen to a folder."""
    seconds, edges, where = 0.0, 0, list[str]()
    for path in files(folder, count):
        sound = load(path)
        length = len(sound) / MICROPHONE_RATE
        seconds += length
        for knock in detect(in_quiet(sound)):
            at = knock.first_seconds - AROUND_SECONDS
            edges += min(at, length - at) < EDGE_SECONDS
            where.append(f"{path.name} at {at:.2f} s of {length:.2f}")
    return Mistaken(folder.name, seconds / 3600, len(where), edges, tuple(where))


def in_quiet(sound: Wave) -> PcmSamples:
    """Return a recording with a quiet room before and after it."""
    rng = np.random.default_rng(1)
    around = np.zeros(round(AROUND_SECONDS * MICROPHONE_RATE))
    whole = np.concatenate([around, sound, around])
    whole += rng.normal(0, 3.0, len(whole))
    return np.clip(np.round(whole), -32768, 32767).astype(np.int16)


def detect(samples: PcmSamples) -> Iterator[Knock]:
    """Feed a detector as a microphone would."""
    detector = KnockDetector()
    for at in range(0, len(samples), CHUNK):
        yield from detector.feed(samples[at : at + CHUNK])


def hits(kind: str, count: int, noises: Sequence[Wave] | None) -> Found:
    """Listen to double knocks of a kind, in quiet or over noise."""
    rng = np.random.default_rng(KINDS.index(kind))
    found, waits = 0, []
    for _ in range(count):
        scene = double(kind, rng, background(noises, rng) if noises else None)
        told = list(detect(scene.samples))
        if len(told) == 1 and abs(told[0].first_seconds - scene.first_seconds) < WITHIN_SECONDS:
            found += 1
            waits.append(told[0].known_seconds - scene.second_seconds)
    wait = float(np.median(waits)) if waits else float("nan")
    return Found(kind, "noise" if noises else "quiet", found, count, wait)


def background(noises: Sequence[Wave], rng: np.random.Generator) -> Wave:
    """Return some seconds of household noise at a level drawn at random."""
    noise = noises[int(rng.integers(len(noises)))]
    at = int(rng.integers(len(noise) - 4 * MICROPHONE_RATE))
    part = noise[at : at + 4 * MICROPHONE_RATE]
    wanted = 32767 * 10 ** (rng.uniform(*NOISE_DB) / 20)
    return np.asarray(part * wanted / max(float(np.sqrt((part**2).mean())), 1.0))


def table(false: Sequence[Mistaken], found: Sequence[Found]) -> str:
    """Return both tables in Markdown."""
    lines = [
        "| recordings | hours | taken for a double knock | of them at an edge | inside, an hour "
        "at most (95 %) |",
        "|---|---|---|---|---|",
    ]
    hours, told = sum(row.hours for row in false), sum(row.told for row in false)
    every = Mistaken("all", hours, told, sum(row.at_edges for row in false), ())
    for row in (*false, every):
        most = highest_rate(row.told - row.at_edges, row.hours)
        lines.append(
            f"| {row.folder} | {row.hours:.2f} | {row.told} | {row.at_edges} | {most:.1f} |"
        )
    lines += ["", "| two knocks | where | found | known after the second |", "|---|---|---|---|"]
    for one in found:
        lines.append(
            f"| {one.kind} | {one.place} | {one.found} of {one.of} | "
            f"{one.known_after_seconds:.2f} s |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    main()
