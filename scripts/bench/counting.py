"""How the ears' benchmark counts: hits and misses, intervals, bounds, operating curves.

Rules:
- A clip is heard if the spotter *said so* between its start and 0.5 s after its end; a place found
  inside but told later is late, and missed. Anything told elsewhere is a false alarm.
- The share of misses is drawn again by speaker, because one person's clips miss together.
- A rate is given with the exact (Poisson) bound: nothing in an hour is not "never".
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np
import numpy.typing as npt

LATE_SECONDS = 0.5  # ../shared/data/README.md
DRAWS = 1000
CONFIDENCE = 0.95


class Answer(Enum):
    """What a spotter does about a place at its own setting."""

    SURE = "sure"
    ASKED = "asked first"
    PASSED = "let pass"


@dataclass(frozen=True)
class Detection:
    """A place that ends at ``end``, known at ``known`` (audio seconds); higher scores are surer."""

    end: float
    known: float
    score: float
    answer: Answer


@dataclass(frozen=True)
class Trial:
    """One clip: what was told in its time, what came late, and what was told elsewhere.

    ``score`` is the best in its time (−inf: none), ``latency`` seconds from the phrase's end.
    """

    speaker: str
    score: float
    sure: bool
    asked: bool
    late: bool
    elsewhere: int
    latency: float | None


@dataclass(frozen=True)
class Share:
    """A share in percent with its 95 % interval by speaker, and the exact bound for all clips."""

    percent: float
    low: float
    high: float
    at_most: float


@dataclass(frozen=True)
class Point:
    """An operating point: false alarms an hour, and percent missed, at a threshold."""

    threshold: float
    false_per_hour: float
    missed_percent: float


def judge(
    found: Sequence[Detection], start: float, end: float, phrase_end: float, speaker: str
) -> Trial:
    """Judge a scene whose clip lasts from ``start`` to ``end``, all in audio seconds."""
    last = end + LATE_SECONDS
    inside = [d for d in found if start <= d.known <= last]
    sure = [d for d in inside if d.answer is Answer.SURE]
    others = [d for d in found if not start <= d.known <= last and d.answer is Answer.SURE]
    late = [d for d in others if d.known > last and start <= d.end <= last]
    return Trial(
        speaker,
        score=max((d.score for d in inside), default=-math.inf),
        sure=bool(sure),
        asked=any(d.answer is Answer.ASKED for d in inside),
        late=bool(late) and not sure,
        elsewhere=len(others) - len(late),
        latency=min(d.known for d in sure) - phrase_end if sure else None,
    )


def share(events: Sequence[bool], speakers: Sequence[str]) -> Share:
    """Return how many clips in a hundred an event befell; raises ``ValueError`` without clips."""
    if not events:
        raise ValueError("a share of no clips: give at least one")
    happened, clips = _by_speaker(np.asarray([events], float), speakers)
    shares = 100 * happened[:, 0] / clips
    low, high = np.percentile(shares, [50 * (1 - CONFIDENCE), 50 * (1 + CONFIDENCE)])
    return Share(
        100 * sum(events) / len(events), float(low), float(high),
        at_most=100 * highest_share(sum(events), len(events)),
    )  # fmt: skip


def _by_speaker(
    events: npt.NDArray[np.float64], speakers: Sequence[str]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Draw speakers again; events (kind, clip) become counts (draw, kind) and clips (draw)."""
    names = sorted(set(speakers))
    whose = np.asarray([names.index(s) for s in speakers])
    belongs = (whose[:, None] == np.arange(len(names))).astype(float)
    draws = np.random.default_rng(0).integers(len(names), size=(DRAWS, len(names)))
    times = np.stack([np.bincount(d, minlength=len(names)) for d in draws]).astype(float)
    return times @ (events @ belongs).T, times @ belongs.sum(axis=0)


def highest_share(events: int, clips: int) -> float:
    """Return the exact (Clopper-Pearson) 95 % upper bound of a share, 0 to 1."""
    from scipy.stats import beta

    return 1.0 if events == clips else float(beta.ppf(CONFIDENCE, events + 1, clips - events))


def highest_rate(events: int, hours: float) -> float:
    """Return the exact (Poisson) 95 % upper bound of a rate an hour."""
    from scipy.stats import chi2

    return float(chi2.ppf(CONFIDENCE, 2 * (events + 1))) / 2 / hours


def curve(positives: Sequence[float], negatives: Sequence[float], hours: float) -> list[Point]:
    """Return every operating point that differs, the strictest first.

    ``positives`` are the best scores of the clips, ``negatives`` those of all false places.
    """
    hits, false = np.sort(positives), np.sort(negatives)
    steps = sorted({s for s in (*positives, *negatives) if s > -math.inf}, reverse=True)
    return [
        Point(
            step,
            (len(false) - int(np.searchsorted(false, step))) / hours,
            100 * int(np.searchsorted(hits, step)) / len(hits),
        )
        for step in steps
    ]


def band(
    positives: Sequence[float], speakers: Sequence[str], points: Sequence[Point]
) -> list[tuple[float, float]]:
    """Return the 95 % interval, by speaker, of the percent missed at each point."""
    if not points:
        return []
    scores = np.asarray(positives)
    missed = np.stack([scores < point.threshold for point in points]).astype(float)
    happened, clips = _by_speaker(missed, speakers)
    edges = [50 * (1 - CONFIDENCE), 50 * (1 + CONFIDENCE)]
    low, high = np.percentile(100 * happened / clips[:, None], edges, axis=0)
    return list(zip(low.tolist(), high.tolist(), strict=True))


def missed_at(points: Sequence[Point], false_per_hour: float) -> float:
    """Return the least percent missed at no more than so many false alarms an hour."""
    return min(
        (p.missed_percent for p in points if p.false_per_hour <= false_per_hour), default=100
    )


def beaten(peer: Sequence[Point], ours: Sequence[Point]) -> int:
    """Return at how many of the peer's points ours misses fewer at no more false alarms.

    A peer's point that misses as few as ours counts only if ours has fewer false alarms there.
    """

    def better(theirs: Point, our: Point) -> bool:
        mine = (our.false_per_hour, our.missed_percent)
        its = (theirs.false_per_hour, theirs.missed_percent)
        return mine != its and mine[0] <= its[0] and mine[1] <= its[1]

    return sum(any(better(theirs, our) for our in ours) for theirs in peer)
