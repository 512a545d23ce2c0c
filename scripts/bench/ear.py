#!/usr/bin/env python3
"""How well do the ears hear? Misses, false alarms, near phrases, latency, CPU, on recordings.

    scripts/bench/ear.py --speech DIR --part held --minutes 60 --json OUT.json --plot OUT.png

DIR holds ``phrase/some_words/*`` (one utterance a file, each by somebody else), ``signal/voice__
some-words.flac`` (the first phrase of --signal and phrases near to it), ``other/*/*`` and
``noise/*``. A miss is a clip without a sure detection from its start to 0.5 s after its end.
Needs the extra ``bench``.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import resource
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from recordings import AFTER_SECONDS, BEFORE_SECONDS, Wave, in_part, load, scene, speaker
from spotters import Detection, OurEars, Sphinx, Spotter

from calmvoice.ears.model import SpeechModel
from calmvoice.sound import MICROPHONE_RATE, PcmSamples

CONDITIONS = ("clean", "10 dB", "5 dB", "-26 dB", "clipped")
LATE_SECONDS = 0.5
# Two words each, none of them in the recordings; they are only ever listened for in other speech.
STRANGERS = (
    "golden lantern", "peanut butter", "sleepy panda", "cedar forest", "ocean breeze",
    "double rainbow", "marble statue", "lemon candle", "magic carpet", "secret garden",
    "tiger lily", "radio silence",
)  # fmt: skip
Scores = list[float]


def cpu_seconds() -> float:
    """Return what this process has used."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def clip_result(found: Sequence[Detection], seconds: float) -> tuple[float, bool, bool, float]:
    """Return best score, whether sure, whether unsure, and latency, inside the clip's time."""
    last = BEFORE_SECONDS + seconds + LATE_SECONDS
    inside = [d for d in found if BEFORE_SECONDS - 0.1 <= d.end <= last]
    sure = [d for d in inside if d.sure]
    latency = sure[0].known - sure[0].end if sure else math.nan
    return max((d.score for d in inside), default=-math.inf), bool(sure), bool(inside), latency


def interval(misses: Sequence[bool], speakers: Sequence[str]) -> list[float]:
    """Return the 95 % interval of the share of misses, in percent, by drawing speakers again."""
    rng, people = np.random.default_rng(0), sorted(set(speakers))
    groups = [[m for m, s in zip(misses, speakers, strict=True) if s == who] for who in people]
    shares = []
    for _ in range(1000):
        drawn = [m for i in rng.integers(len(groups), size=len(groups)) for m in groups[i]]
        shares.append(100 * float(np.mean(drawn)))
    return [round(float(v), 1) for v in np.percentile(shares, [2.5, 97.5])]


def highest_rate(events: int, hours: float) -> float:
    """Return the 95 % upper bound of a rate an hour, for events that come by chance."""
    mean = float(events)
    while sum(mean**k * math.exp(-mean) / math.factorial(k) for k in range(events + 1)) > 0.05:
        mean += 0.01
    return mean / hours


def clips(
    spotter: Spotter, files: Sequence[Path], condition: str, noises: Sequence[Wave]
) -> dict[str, Any]:
    """Return misses of one phrase in one condition."""
    rng = np.random.default_rng(1)
    rows, late = [], []
    for path in files:
        audio = scene(path, condition, noises, rng)
        seconds = len(audio) / MICROPHONE_RATE - BEFORE_SECONDS - AFTER_SECONDS
        row = clip_result(spotter.detections(audio), seconds)
        rows.append(row)
        late += [] if math.isnan(row[3]) else [row[3]]
    missed = [not row[1] for row in rows]
    p50, p90 = np.percentile(late, [50, 90]).round(2).tolist() if late else (None, None)
    return {
        "clips": len(files), "missed_percent": round(100 * float(np.mean(missed)), 1),
        "interval": interval(missed, [speaker(f) for f in files]),
        "only_unsure": sum(row[2] and not row[1] for row in rows),
        "latency_p50": p50, "latency_p90": p90, "scores": [row[0] for row in rows],
    }  # fmt: skip


def speech(spotter: Spotter, files: Iterable[Path], minutes: float, phrases: int) -> dict[str, Any]:
    """Return false alarms in speech without the phrase, an hour and phrase."""
    rng, seconds, sure, unsure, used = np.random.default_rng(2), 0.0, 0, 0, 0.0
    scores: Scores = []
    for path in files:
        if seconds > minutes * 60:
            break
        audio: PcmSamples = scene(path, "clean", (), rng)[: -MICROPHONE_RATE // 2]
        before = cpu_seconds()
        found = spotter.detections(audio)
        used += cpu_seconds() - before
        seconds += len(audio) / MICROPHONE_RATE - 1.5
        sure += sum(d.sure for d in found)
        unsure += sum(not d.sure for d in found)
        scores += [d.score for d in found]
    hours = seconds / 3600 * phrases
    return {
        "phrase_hours": round(hours, 2), "sure": sure, "sure_per_hour": round(sure / hours, 2),
        "at_most_per_hour": round(highest_rate(sure, hours), 2),
        "unsure_per_hour": round(unsure / hours, 2), "cpu": round(used / max(seconds, 1), 4),
        "scores": scores,
    }  # fmt: skip


def curve(positives: Scores, negatives: Scores, hours: float) -> list[tuple[float, float, float]]:
    """Return (threshold, false alarms an hour, percent missed) for each threshold that matters."""
    steps = sorted({s for s in (*positives, *negatives) if math.isfinite(s)})
    return [
        (
            s,
            sum(n >= s for n in negatives) / hours,
            100 * float(np.mean([p < s for p in positives])),
        )
        for s in steps
    ]


def draw(results: dict[str, Any], path: Path) -> None:
    """Draw the operating curves."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    _, axes = plt.subplots(figsize=(7, 5))
    for name, points in results["curves"].items():
        axes.plot([p[1] for p in points], [p[2] for p in points], drawstyle="steps", label=name)
    axes.set(xlabel="false alarms per hour of speech", ylabel="missed, %", ylim=(0, 50))
    axes.set_xscale("symlog", linthresh=0.1)
    axes.legend(fontsize="small")
    plt.savefig(path, dpi=120, bbox_inches="tight")


def around(
    model: SpeechModel,
    options: argparse.Namespace,
    other: Sequence[Path],
    show: Callable[[str, dict[str, Any]], None],
) -> None:
    """Show what is not the phrase: near phrases, strangers, noise and quiet."""
    wanted = options.signal.replace(" ", "-")
    for near in sorted({f.stem.partition("__")[2] for f in options.speech.glob("signal/*")}):
        files = sorted(options.speech.glob(f"signal/*__{near}.flac"))
        if near != wanted:
            values = clips(OurEars(model, [options.signal]), files, "clean", ())
            accepted = round(100 - values["missed_percent"], 1)
            unsure = values["only_unsure"]
            show(f"taken for it: {near}", {"sure_percent": accepted, "only_unsure": unsure})
    strangers = OurEars(model, list(STRANGERS))
    show(
        "twelve strangers, other speech", speech(strangers, other, options.minutes, len(STRANGERS))
    )
    files = sorted(options.speech.glob("noise/*"))
    show("wordless noise", speech(OurEars(model, [options.signal]), files, 60, 1))
    quiet = np.random.default_rng(4).normal(0, 3, 120 * MICROPHONE_RATE).astype(np.int16)
    before = cpu_seconds()
    OurEars(model, [options.signal]).detections(quiet)
    show("quiet room", {"cpu": round((cpu_seconds() - before) / 120, 4)})


def main() -> None:
    """Print the table, write JSON and a plot."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--speech", type=Path, required=True)
    parser.add_argument("--part", choices=("look", "held", "all"), default="look")
    parser.add_argument("--signal", default="yellow light")
    parser.add_argument("--clips", type=int, default=100, help="of each phrase")
    parser.add_argument("--minutes", type=float, default=30.0, help="of other speech")
    parser.add_argument("--sphinx", action="store_true", help="PocketSphinx beside it")
    parser.add_argument("--only", help="one phrase of the recorded ones, and nothing else")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--plot", type=Path)
    options = parser.parse_args()
    model, shuffle = SpeechModel(), random.Random(3)

    def some(pattern: str, count: int = 99_999) -> list[Path]:
        files = [f for f in sorted(options.speech.glob(pattern)) if in_part(f, options.part)]
        shuffle.shuffle(files)
        return files[:count]

    def show(name: str, values: dict[str, Any]) -> None:
        shown = "  ".join(f"{k} {v}" for k, v in values.items() if k != "scores")
        print(f"{name:44s} {shown}", flush=True)
        results["rows"][name] = values

    # Music for travelling and pure noises are not a household's; they are in "noise" below.
    noises = [load(f) for f in sorted(options.speech.glob("noise/*")) if "__" not in f.stem]
    other = some("other/*/*")
    folders = {f.name.replace("_", " "): f for f in sorted(options.speech.glob("phrase/*"))}
    sets = {phrase: some(f"phrase/{f.name}/*", options.clips) for phrase, f in folders.items()}
    dashed = options.signal.replace(" ", "-")
    sets[options.signal] = sorted(options.speech.glob(f"signal/*__{dashed}.flac"))
    results: dict[str, Any] = {"part": options.part, "rows": {}, "curves": {}}
    for phrase, files in sets.items():
        if options.only not in (None, phrase):
            continue
        spotters: list[OurEars | Sphinx] = [OurEars(model, [phrase])]
        if options.sphinx:
            spotters.append(Sphinx(phrase))
        for spotter in spotters:
            false = speech(spotter, other, options.minutes, 1)
            show(f"{spotter.name}, {phrase}, other speech", false)
            ours = isinstance(spotter, OurEars)
            for condition in CONDITIONS if ours else CONDITIONS[:2]:
                values = clips(spotter, files, condition, noises)
                show(f"{spotter.name}, {phrase}, {condition}", values)
                results["curves"][f"{spotter.name}, {phrase}, {condition}"] = curve(
                    values["scores"], false["scores"], false["phrase_hours"]
                )
    if options.only is None:
        around(model, options, other, show)
    if options.json:
        options.json.write_text(json.dumps(results, indent=1) + "\n")
    if options.plot:
        draw(results, options.plot)


if __name__ == "__main__":
    main()
