"""Clocks, ears for reports, and sounds that the audio tests share."""

from __future__ import annotations

import threading
import time
from typing import Generic, TypeVar

import numpy as np

from calmvoice.ports import Now
from calmvoice.sound import SPEAKER_RATE, Clip, Cue, Samples, Sound

Report = TypeVar("Report")


class RealClock:
    def now(self) -> Now:
        return Now(time.time(), time.monotonic())


class HandClock:
    """Stands still until it is moved; knows how often it has been looked at."""

    def __init__(self) -> None:
        self._steady = 1000.0
        self._looks = 0
        self._looked = threading.Condition()

    def now(self) -> Now:
        with self._looked:
            self._looks += 1
            self._looked.notify_all()
            return Now(1_700_000_000.0 + self._steady, self._steady)

    def advance(self, seconds: float) -> None:
        with self._looked:
            self._steady += seconds

    def wait_for_looks(self, count: int, limit: float = 5.0) -> None:
        """Wait until a thread that goes round and looks has gone round."""
        with self._looked:
            wanted = self._looks + count
            assert self._looked.wait_for(lambda: self._looks >= wanted, limit)


class Reports(Generic[Report]):
    """What was reported, in order, with the steady time it came at."""

    def __init__(self) -> None:
        self._grown = threading.Condition()
        self.all: list[tuple[Report, float]] = []

    def add(self, report: Report) -> None:
        with self._grown:
            self.all.append((report, time.monotonic()))
            self._grown.notify_all()

    def wait_for(self, report: Report, limit: float = 5.0, after: float = 0.0) -> float:
        """Return when it came; fails if it has not come within the limit."""

        def times() -> list[float]:
            return [at for one, at in self.all if one == report and at >= after]

        with self._grown:
            assert self._grown.wait_for(times, limit), f"no {report} in {self.all}"
            return times()[0]

    def wait_count(self, count: int, limit: float = 5.0) -> None:
        with self._grown:
            assert self._grown.wait_for(lambda: len(self.all) >= count, limit), self.all


def noise(seconds: float, seed: int = 0, level: float = 0.1) -> Samples:
    """Noise is found in a recording to the sample; peaks stay far below full scale."""
    random = np.random.default_rng(seed)
    samples = random.uniform(-level, level, round(seconds * SPEAKER_RATE))
    return samples.astype(np.float32)


def noise_clip(seconds: float, breaks: tuple[float, ...] = (), seed: int = 0) -> Clip:
    samples = noise(seconds, seed)
    cue = Cue("noise", 0, len(samples))
    return Clip(Sound(samples), (cue,), tuple(round(at * SPEAKER_RATE) for at in breaks))
