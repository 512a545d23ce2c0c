#!/usr/bin/env python3
"""Is every cue heard where the buffer has it? Plays many minutes on the virtual sound card.

    scripts/bench/pacing.py --minutes 10

A burst of noise every few seconds at an absolute sample position, played by ``SounddeviceSpeaker``,
recorded from the virtual loudspeaker and found again by correlation. The error of a cue is how far
it is from where the first cue says it should be; the drift is the slope of those errors.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2] / "tests"))

from soundcard import SoundCard, find

from calmvoice.audio.sounddevice_speaker import SounddeviceSpeaker
from calmvoice.ports import Now
from calmvoice.sound import SPEAKER_RATE, Clip, Samples, Sound

RESULTS = Path(__file__).parent / "results" / "pacing.json"
SPACING_SECONDS = 4.7  # not a multiple of any block
BURST = SPEAKER_RATE // 20
SEARCH = SPEAKER_RATE // 2  # a cue is looked for half a second around its place


@dataclass(frozen=True)
class Result:
    """What one run showed; a cue is missing when nothing like it is near its place."""

    minutes: float
    cues: int
    missing: int
    max_error_ms: float
    median_error_ms: float
    drift_ppm: float
    first_heard_ms: float
    end_after_last_sample_ms: float
    slips: int
    load: float
    machine: str


class SteadyClock:
    """This computer's clocks."""

    def now(self) -> Now:
        """Return one reading."""
        return Now(time.time(), time.monotonic())


def bursts(count: int) -> list[Samples]:
    """Return bursts of noise, each unlike the others, so that none is taken for another."""
    random = np.random.default_rng(7)
    return [random.uniform(-0.3, 0.3, BURST).astype(np.float32) for _ in range(count)]


def measure(minutes: float) -> Result:
    """Play and record this many minutes of cues on a virtual card of its own."""
    count = max(2, int(minutes * 60 / SPACING_SECONDS))
    places = [round(number * SPACING_SECONDS * SPEAKER_RATE) for number in range(count)]
    cues = bursts(count)
    buffer = np.zeros(places[-1] + SPEAKER_RATE, np.float32)
    for place, cue in zip(places, cues, strict=True):
        buffer[place : place + BURST] += cue
    ended = threading.Event()
    ended_at: list[float] = []

    def on_end(_ticket: int, _breaks: int) -> None:
        ended_at.append(time.monotonic())
        ended.set()

    with SoundCard() as card:
        card.enter_environment()
        speaker = SounddeviceSpeaker("", on_end, lambda *change: print(change), SteadyClock())
        with card.record() as recording:
            began = time.monotonic()
            speaker.start(1)
            speaker.append(1, Clip(Sound(buffer)))
            speaker.seal(1)
            if not ended.wait(len(buffer) / SPEAKER_RATE + 30):
                raise TimeoutError("the end was not reported")
            recording.wait_until(ended_at[0] + 0.1)
            samples, start = recording.samples, recording.start
        slips = speaker.slips
        speaker.close()

    first = find(cues[0], samples[: 4 * SPEAKER_RATE])
    errors, missing = [], 0
    for place, cue in zip(places, cues, strict=True):
        low = max(0, first + place - SEARCH)
        window = samples[low : first + place + SEARCH]
        at = find(cue, window)
        heard = window[at : at + BURST]
        if len(heard) < BURST or np.corrcoef(heard, cue)[0, 1] < 0.9:
            missing += 1
            continue
        errors.append((place, low + at - first - place))
    where, how_far = np.array(errors, np.float64).T
    heard_at = start + first / SPEAKER_RATE
    return Result(
        minutes=minutes,
        cues=count,
        missing=missing,
        max_error_ms=1000 * float(np.abs(how_far).max()) / SPEAKER_RATE,
        median_error_ms=1000 * float(np.median(np.abs(how_far))) / SPEAKER_RATE,
        drift_ppm=1e6 * float(np.polyfit(where, how_far, 1)[0]),
        first_heard_ms=1000 * (heard_at - began),
        end_after_last_sample_ms=1000 * (ended_at[0] - heard_at - len(buffer) / SPEAKER_RATE),
        slips=slips,
        load=os.getloadavg()[0],
        machine=f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
    )


def main() -> None:
    """Measure, print, and write the result beside this script."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--minutes", type=float, default=10.0, help="length of the buffer")
    result = measure(parser.parse_args().minutes)
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(asdict(result), indent=2) + "\n")
    for name, value in asdict(result).items():
        print(f"{name:26} {value:.3f}" if isinstance(value, float) else f"{name:26} {value}")


if __name__ == "__main__":
    main()
