#!/usr/bin/env python
"""Is each command heard while all that means something in its stage is listened for?

    scripts/bench/commands.py --minutes 30

Synthetic people say every phrase of every stage, one after the other, in a quiet room, over
household noise and in a ringing room. A phrase is heard when its meaning is told before the next
begins, wrong when another one is. ``taken`` is what is told an hour while others talk, recorded.
Phrases that are a signal are counted by ``ear.py``, over our own voice by ``echo.py``. Needs the
extra ``bench``.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import random
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path

import numpy as np
from recordings import SHARED, half, household, in_part, levelled, load, scene
from reverberation import Wave

sys.path.insert(0, str(Path(__file__).parents[2] / "tests"))

from people import speech

from calmvoice import wiring
from calmvoice.ears.hear import microphone_samples
from calmvoice.ears.model import SpeechModel
from calmvoice.meanings import SIGNALS, Meaning
from calmvoice.session.stages import Stage
from calmvoice.session.table import MEANINGS
from calmvoice.settings import Settings
from calmvoice.sound import MICROPHONE_RATE, PcmSamples, from_pcm
from calmvoice.voice.pyttsx3_voice import Pyttsx3Voice

RESULTS = Path(__file__).parent / "results" / "commands.json"
CONDITIONS = ("clean", "10 dB", "reverberation")
PICO = tuple((voice, speed) for voice in ("en-GB", "en-US") for speed in (0.7, 0.85, 1.0))
ESPEAK = (("en-us+m3", 150), ("en-us+f2", 170), ("en-gb-x-rp+f4", 150), ("en-gb-scotland+m7", 150))
CHUNK = 1600


@dataclass
class Row:
    """One stage in one condition."""

    stage: str
    condition: str
    said: int = 0
    heard: int = 0
    wrong: int = 0
    missed: Counter[str] = field(default_factory=Counter)


class People:
    """Everybody says a phrase; each saying is synthesised once."""

    def __init__(self) -> None:
        self._clips: dict[str, list[Wave]] = {}

    def say(self, phrase: str) -> list[Wave]:
        """Return the phrase by everybody, as loud as a person near the microphone."""
        if phrase not in self._clips:
            text = phrase.capitalize() + "."
            pico = (speech(text, *one).samples for one in PICO)
            espeak = (microphone_samples(Pyttsx3Voice(*one).render(text)) for one in ESPEAK)
            clips = [*pico, *map(from_pcm, espeak)]
            self._clips[phrase] = [*map(levelled, clips)]
        return self._clips[phrase]


class Bench:
    """One model, and all that may be said to it by anybody."""

    def __init__(self) -> None:
        settings = Settings()
        self.model, self.people = SpeechModel(), People()
        self.said = wiring.phrases(settings, wiring.pack(settings))

    def hear(self, stage: Stage, stretches: Iterable[PcmSamples]) -> list[Counter[Meaning]]:
        """Return what is surely told of each stretch, listening for all that the stage knows."""
        ears = wiring.ears(self.model, self.said)
        ears.expect({meaning: self.said[meaning] for meaning in MEANINGS[stage]})
        told = []
        for stretch in stretches:
            heard: Counter[Meaning] = Counter()
            for at in range(0, len(stretch), CHUNK):
                heard.update(one.meaning for one in ears.feed(stretch[at : at + CHUNK]) if one.sure)
            told.append(heard)
        return told

    def commands(self, stage: Stage) -> Iterator[tuple[Meaning, str]]:
        """Yield each phrase that is a command in a stage."""
        for meaning in sorted(MEANINGS[stage].difference(SIGNALS), key=lambda one: one.name):
            yield from ((meaning, phrase) for phrase in self.said[meaning])


@cache
def bench() -> Bench:
    """Return this process's own."""
    return Bench()


def in_room(stage: Stage, condition: str, noises: list[Wave]) -> Row:
    """Let everybody say every command of a stage."""
    rng, row = np.random.default_rng(4), Row(stage.name, condition)
    trials = [
        (meaning, phrase, scene(clip, condition, noises, rng))
        for meaning, phrase in bench().commands(stage)
        for clip in bench().people.say(phrase)
    ]
    told = bench().hear(stage, [audio for _, _, audio in trials])
    for (meaning, phrase, _), heard in zip(trials, told, strict=True):
        row.said += 1
        row.heard += heard[meaning] > 0
        row.missed[phrase] += heard[meaning] == 0
        row.wrong += heard.total() - heard[meaning]
    return row


def in_talk(stage: Stage, talk: list[PcmSamples]) -> dict[str, int]:
    """Return which commands are taken while others talk, and how often."""
    found = sum(bench().hear(stage, talk), Counter[Meaning]())
    return {meaning.name: n for meaning, n in found.items() if meaning not in SIGNALS}


def told_of(rows: Sequence[Row]) -> str:
    """Return what a line of the table says of rows of one condition."""
    said, heard = sum(row.said for row in rows), sum(row.heard for row in rows)
    missed = sum((row.missed for row in rows), Counter[str]())
    worst = ", ".join(f"{phrase} {count}" for phrase, count in missed.most_common(8) if count)
    return (
        f"{rows[0].condition:13s} heard {heard:4d} of {said:<4d} ({heard / said:.0%}), "
        f"wrong {sum(row.wrong for row in rows):2d}; missed: {worst}"
    )


def talk_of(speech_folder: Path, part: str, minutes: float) -> list[PcmSamples]:
    """Return so many minutes of others' talk, in a quiet room."""
    files = [f for f in sorted(speech_folder.glob("other/*/*")) if in_part(f, part)]
    random.Random(5).shuffle(files)
    talk: list[PcmSamples] = []
    while files and sum(map(len, talk)) < minutes * 60 * MICROPHONE_RATE:
        talk.append(scene(load(files.pop()), "clean", (), np.random.default_rng(len(talk))))
    return talk


def main() -> None:
    """Print the tables and write them as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stages", default="SETTLING,ASKING,AGREEING,CALLING,TALKING")
    parser.add_argument("--conditions", default=",".join(CONDITIONS))
    parser.add_argument("--minutes", type=float, default=30.0, help="of others' talk, each stage")
    parser.add_argument("--part", choices=("look", "held"), default="look", help="of their talk")
    parser.add_argument("--speech", type=Path, default=SHARED, help="folder with recordings")
    parser.add_argument("--jobs", type=int, default=1, help="how many at a time")
    parser.add_argument("--json", type=Path, default=RESULTS)
    options = parser.parse_args()
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # as in the product: here numpy came first
    stages = [Stage[name] for name in options.stages.split(",")]
    noises = [half(load(path), options.part) for path in household(options.speech)]
    rows: list[Row] = []
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(options.jobs, spawn) as pool:
        for condition in options.conditions.split(","):
            of = []
            for row in pool.map(partial(in_room, condition=condition, noises=noises), stages):
                of.append(row)
                print(f"{row.stage:10s} {told_of([row])}", flush=True)
            print(f"{'all':10s} {told_of(of)}")
            rows += of
        talk = talk_of(options.speech, options.part, options.minutes)
        hours = sum(map(len, talk)) / MICROPHONE_RATE / 3600
        taken = {}
        listening = stages if talk else []
        for stage, found in zip(
            listening, pool.map(partial(in_talk, talk=talk), listening), strict=True
        ):
            taken[stage.name] = found
            print(f"{stage.name:10s} taken {sum(found.values()) / hours:.1f} an hour: {found}")
    options.json.parent.mkdir(parents=True, exist_ok=True)
    results = {"rows": [vars(row) for row in rows], "hours": hours, "taken": taken}
    options.json.write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main()
