#!/usr/bin/env python
"""Is a person heard over CalmVoice's own voice, with the echo canceller and without it?

    scripts/bench/echo.py --trials 20

CalmVoice speaks without end in simulated rooms (tests/echo_room.py), through the product's own
loudspeaker log, canceller, ears and mask. Its echo is at the microphone, this much under the
person; once every some seconds a person says one of the commands, and counts as heard when its
meaning is posted before the next. ``none`` is a room without any echo. ``false`` are meanings that
nobody said meanwhile. ``self`` is a run of its own with nobody in the room: what CalmVoice's own
voice posts, and in brackets what it would have without the mask. Each run begins with a canceller
that knows nothing of the room; ``warm`` leaves out the first 10 s.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from itertools import cycle, product
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2] / "tests"))

from echo_room import EchoRoom, person
from echo_world import MORE_SCENES, SCENES, Scene, World
from people import speech
from recordings import SHARED, load_pcm

from calmvoice import wiring
from calmvoice.ears.model import SpeechModel
from calmvoice.settings import Settings
from calmvoice.sound import MICROPHONE_RATE, Samples, from_pcm
from calmvoice.voice.studio import Studio

RESULTS = Path(__file__).parent / "results" / "echo.json"
EVERY_SECONDS = (5.0, 8.0)  # between the beginnings of two trials
WARM_SECONDS = 10.0
ROOMS = {  # seed, delay and reverberation in seconds
    "living room": (0, 0.025, 0.35),
    "bedroom": (7, 0.060, 0.25),
    "stairs": (9, 0.012, 0.6),
}
SPEAKERS = (("en-GB", 0.85), ("en-GB", 0.7), ("en-GB", 1.0), ("en-US", 0.85), ("en-US", 0.7))


@dataclass(frozen=True)
class Row:
    """One run."""

    scene: str
    room: str
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


def run(make: Callable[..., World], scene: Scene, room: str, echo_db: float | None, cancel: bool,
        said: list[Samples], minutes: float) -> Row:  # fmt: skip
    """Let one scene be lived, then once more with nobody there, masked and not."""
    chance = random.Random(11)
    at, begins, people = 4.0, [], np.zeros(round((len(said) + 2) * 8 * MICROPHONE_RATE), np.float32)
    for clip in said:
        begins.append(at)
        first = round(at * MICROPHONE_RATE)
        people[first : first + len(clip)] += clip
        at += chance.uniform(*EVERY_SECONDS)
    world = make(scene, EchoRoom(echo_db, *ROOMS[room]), cancel)
    world.live(people[: round(at * MICROPHONE_RATE)])
    hits = [
        any(m is scene.meaning and begin < t < end for t, m in world.posted)
        for begin, end in zip(begins, [*begins[1:], at], strict=True)
    ]
    warm = [hit for begin, hit in zip(begins, hits, strict=True) if begin >= WARM_SECONDS]
    alone = []
    for masked in (True, False):
        empty = make(scene, EchoRoom(echo_db, *ROOMS[room]), cancel, masked)
        empty.live(np.zeros(round(minutes * 60 * MICROPHONE_RATE), np.float32))
        alone.append(len(empty.posted))
    return Row(
        scene.name, room, echo_db, cancel, len(hits), sum(hits), len(warm), sum(warm),
        len(world.posted) - sum(hits), minutes, *alone,
    )  # fmt: skip


def main() -> None:
    """Print the table and write it as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=20)
    parser.add_argument("--minutes", type=float, default=3.0, help="of each run with nobody there")
    parser.add_argument("--levels", default="none,-10", help="echo over person, in dB")
    parser.add_argument("--rooms", default=",".join(ROOMS))
    parser.add_argument("--scenes", default=",".join(s.name for s in SCENES + MORE_SCENES))
    parser.add_argument("--with-only", action="store_true", help="not without the canceller, too")
    parser.add_argument("--speech", type=Path, default=SHARED, help="folder with recordings")
    parser.add_argument("--cache", type=Path, default=None, help="rendered sentences are kept here")
    parser.add_argument("--json", type=Path, default=RESULTS)
    options = parser.parse_args()
    model = SpeechModel()
    with tempfile.TemporaryDirectory() as folder:
        studio = Studio(wiring.voice(Settings()), options.cache or Path(folder))

        def make(scene: Scene, room: EchoRoom, cancel: bool, masked: bool = True) -> World:
            return World(model, studio, scene, room, cancel, masked)

        rows = []
        print("scene         room          echo  canceller  heard      warm       false  self")
        wanted = [one for one in SCENES + MORE_SCENES if one.name in options.scenes.split(",")]
        for scene, room, level, cancel in product(
            wanted, options.rooms.split(","), options.levels.split(","), (True, False)
        ):
            if options.with_only and not cancel:
                continue
            echo_db = None if level == "none" else float(level)
            said = sayings(scene, options.trials, options.speech)
            row = run(make, scene, room, echo_db, cancel, said, options.minutes)
            rows.append(row)
            print(
                f"{row.scene:13s} {room:13s} {level:>4s}  {'with' if cancel else 'without':9s}  "
                f"{row.heard:3d} of {row.trials:<3d} {row.warm_heard:3d} of "
                f"{row.warm_trials:<3d} {row.false:5d}  "
                f"{row.self_triggers} ({row.self_unmasked}) in {row.self_minutes:g} min",
                flush=True,
            )
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(json.dumps([asdict(row) for row in rows], indent=1) + "\n")


if __name__ == "__main__":
    main()
