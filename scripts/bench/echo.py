#!/usr/bin/env python
"""Is a person heard over CalmVoice's own voice, with the echo canceller and without it?

    scripts/bench/echo.py --trials 35

CalmVoice speaks without end in a simulated room (tests/echo_room.py: 25 ms of delay, 0.35 s of
reverberation), through the product's own loudspeaker log, canceller, ears and mask. Its echo is
at the microphone, this much under the person; once every some seconds a person says one of the
commands, and counts as heard when its meaning is posted before the next. ``false`` are meanings
that nobody said meanwhile. ``self`` is a run of its own with nobody in the room: what CalmVoice's
own voice posts, and in brackets what it would have without the mask. Each run begins with a
canceller that knows nothing of the room; ``warm`` leaves out the first 20 s.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from itertools import cycle
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2] / "tests"))

from echo_room import EchoRoom, person
from echo_world import SCENES, Scene, World
from people import speech
from recordings import SHARED, load_pcm

from calmvoice import wiring
from calmvoice.ears.model import SpeechModel
from calmvoice.settings import Settings
from calmvoice.sound import MICROPHONE_RATE, Samples, from_pcm
from calmvoice.voice.studio import Studio

RESULTS = Path(__file__).parent / "results" / "echo.json"
EVERY_SECONDS = (5.0, 8.0)  # between the beginnings of two trials
WARM_SECONDS = 20.0
SPEAKERS = (("en-GB", 0.85), ("en-GB", 0.7), ("en-GB", 1.0), ("en-US", 0.85), ("en-US", 0.7))


@dataclass(frozen=True)
class Row:
    """One run."""

    scene: str
    echo_db: float | None
    canceller: bool
    trials: int
    heard: int
    warm_trials: int
    warm_heard: int
    false: int
    self_minutes: float
    self_triggers: int
    self_unmasked: int


def sayings(scene: Scene, trials: int, folder: Path) -> list[Samples]:
    """Return recordings of the command: synthetic people, and for the signal files if there."""
    files = sorted(folder.glob("signal/*__yellow-light.flac")) if scene.name[0] == "y" else []
    said = [from_pcm(load_pcm(path)) for path in files]
    said += [speech(scene.name.capitalize() + ".", *one).samples for one in SPEAKERS]
    random.Random(5).shuffle(said)
    return [person(one) for one, _ in zip(cycle(said), range(trials), strict=False)]


def run(make: Callable[..., World], scene: Scene, echo_db: float | None, cancel: bool,
        said: list[Samples], minutes: float) -> Row:  # fmt: skip
    """Let one scene be lived, then once more with nobody there, masked and not."""
    chance = random.Random(11)
    at, begins, people = 4.0, [], np.zeros(round((len(said) + 2) * 8 * MICROPHONE_RATE), np.float32)
    for clip in said:
        begins.append(at)
        first = round(at * MICROPHONE_RATE)
        people[first : first + len(clip)] += clip
        at += chance.uniform(*EVERY_SECONDS)
    world = make(scene, echo_db, cancel)
    world.live(people[: round(at * MICROPHONE_RATE)])
    hits = [
        any(m is scene.meaning and begin < t < end for t, m in world.posted)
        for begin, end in zip(begins, [*begins[1:], at], strict=True)
    ]
    warm = [hit for begin, hit in zip(begins, hits, strict=True) if begin >= WARM_SECONDS]
    alone = []
    for masked in (True, False):
        empty = make(scene, echo_db, cancel, masked)
        empty.live(np.zeros(round(minutes * 60 * MICROPHONE_RATE), np.float32))
        alone.append(len(empty.posted))
    return Row(
        scene.name, echo_db, cancel, len(hits), sum(hits), len(warm), sum(warm),
        len(world.posted) - sum(hits), minutes, *alone,
    )  # fmt: skip


def main() -> None:
    """Print the table and write it as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=35)
    parser.add_argument("--minutes", type=float, default=3.0, help="of each run with nobody there")
    parser.add_argument("--levels", default="-6,-10,-16", help="echo over person, in dB")
    parser.add_argument("--scenes", default=",".join(s.name for s in SCENES))
    parser.add_argument("--speech", type=Path, default=SHARED, help="folder with recordings")
    parser.add_argument("--cache", type=Path, default=None, help="rendered sentences are kept here")
    parser.add_argument("--json", type=Path, default=RESULTS)
    options = parser.parse_args()
    model = SpeechModel()
    with tempfile.TemporaryDirectory() as folder:
        studio = Studio(wiring.voice(Settings()), options.cache or Path(folder))

        def make(scene: Scene, echo_db: float | None, cancel: bool, masked: bool = True) -> World:
            return World(model, studio, scene, EchoRoom(echo_db), cancel, masked)

        rows = []
        print("scene         echo  canceller  heard      warm       false  self (unmasked)")
        for scene in (one for one in SCENES if one.name in options.scenes.split(",")):
            said = sayings(scene, options.trials, options.speech)
            for echo_db in (None, *map(float, options.levels.split(","))):
                for cancel in (False, True):
                    if echo_db is None and cancel:
                        continue
                    row = run(make, scene, echo_db, cancel, said, options.minutes)
                    rows.append(row)
                    level = "none" if echo_db is None else f"{echo_db:g}"
                    print(
                        f"{row.scene:13s} {level:>4s}  {'with' if cancel else 'without':9s}  "
                        f"{row.heard:3d} of {row.trials:<3d} {row.warm_heard:3d} of "
                        f"{row.warm_trials:<3d} {row.false:5d}  "
                        f"{row.self_triggers} ({row.self_unmasked}) in {row.self_minutes:g} min",
                        flush=True,
                    )
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(json.dumps([asdict(row) for row in rows], indent=1) + "\n")


if __name__ == "__main__":
    main()
