#!/usr/bin/env python
"""How well do the ears hear? Misses, false alarms, near phrases, latency, CPU, on recordings.

    scripts/bench/ear.py --speech DIR --part held --own-word ALEXA_DIR

DIR holds ``phrase/some_words/*`` (one utterance a file; copies of one count once), ``signal/voice__
some-words.flac`` (the first phrase of --signal and phrases near to it), ``other/*/*`` and
``noise/*``. A miss is a clip in which nothing is told from its start to 0.5 s after its end; a
false alarm is what is told anywhere else, counted an hour of speech. Beside CalmVoice run
PocketSphinx on the same phrases, and openWakeWord and microWakeWord on "alexa" when a folder of it
is given (``own_word.py`` makes one). Each spotter and phrase has a process of its own, --jobs at
once and with one thread of BLAS. The default takes about 25 minutes on two busy cores, --quick
three. Needs the extra ``bench``.
"""

from __future__ import annotations

import argparse
import json
import logging
import math
import multiprocessing
import os
import platform
import random
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import ear_tables
from counting import band, curve
from ear_curves import Line, draw
from listening import OURS, SPOTTERS, Outcome, Task, growth, perform
from peers import OWN_WORD
from product import fingerprint, require_same
from recordings import CONDITIONS, SHARED, audible, household, in_part, load
from takes import distinct

RESULTS = Path(__file__).parent / "results"
PEERS = ("PocketSphinx",)
WORD_PEERS = ("openWakeWord", "microWakeWord")
DRAWN = {"clean": False, "10 dB": True}  # condition → dashed
# Two words each, none of them in the recordings; they are only ever listened for in other speech.
STRANGERS = (
    "golden lantern", "peanut butter", "sleepy panda", "cedar forest", "ocean breeze",
    "double rainbow", "marble statue", "lemon candle", "magic carpet", "secret garden",
    "tiger lily", "radio silence",
)  # fmt: skip


def say_where() -> None:
    """Let a process tell how far it is."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    logging.getLogger("calmvoice").setLevel(logging.WARNING)


def for_minutes(files: Sequence[Path], minutes: float) -> tuple[Path, ...]:
    """Return the first files that hold so much speech."""
    seconds, count = 0.0, 0
    for path in files:
        if seconds >= minutes * 60:
            break
        begin, end = audible(load(path))
        seconds, count = seconds + end - begin, count + 1
    return tuple(files[:count])


def spread(files: Iterable[Path], count: int) -> tuple[Path, ...]:
    """Return at most so many, of voices as different as their names."""
    known = sorted(files)
    return tuple(known[:: max(1, -(-len(known) // count))])


def tasks(options: argparse.Namespace) -> list[Task]:
    """Return what each process has to do, the longest first."""
    speech, shuffle = options.speech, random.Random(3)

    def some(pattern: str) -> list[Path]:
        files = [f for f in sorted(speech.glob(pattern)) if in_part(f, options.part)]
        shuffle.shuffle(files)
        return files

    other = for_minutes(some("other/*/*"), options.minutes)
    noise = for_minutes(sorted(speech.glob("noise/*")), options.minutes)
    dashed = options.signal.replace(" ", "-")
    sets = {
        folder.name.replace("_", " "): distinct(some(f"phrase/{folder.name}/*"), options.clips)
        for folder in sorted(speech.glob("phrase/*"))
    }
    sets[options.signal] = spread(speech.glob(f"signal/*__{dashed}.flac"), options.clips)
    if options.own_word:
        sets[OWN_WORD] = spread(filter(Path.is_file, options.own_word.iterdir()), options.clips)
    names = sorted({f.stem.partition("__")[2] for f in speech.glob("signal/*")} - {dashed})
    near = {
        name.replace("-", " "): spread(speech.glob(f"signal/*__{name}.flac"), options.clips)
        for name in names
    }
    wanted = {
        phrase: files for phrase, files in sets.items() if options.only in (None, phrase) and files
    }
    todo = [
        Task(
            spotter, (phrase,), options.part, CONDITIONS, files,
            near if phrase == options.signal else {}, other, noise,
            household(speech),
        )
        for phrase, files in wanted.items()
        for spotter in (OURS, *PEERS, *(WORD_PEERS if phrase == OWN_WORD else ()))
    ]  # fmt: skip
    strangers = Task(OURS, STRANGERS, options.part, other=other, noise=noise)
    return todo if options.only else [strangers, *todo]


def collected(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Return all tables of what is done so far."""
    done = [o for o in outcomes if not o.missing]
    strangers = [o for o in done if not o.trials]
    measured = [o for o in done if o.trials]
    ours = {o.phrase: o for o in measured if o.spotter == OURS}
    return {
        "missed": [row for o in measured for row in ear_tables.missed(o)],
        "false": [
            *(ear_tables.false(o) for o in measured),
            *(ear_tables.false(o, len(STRANGERS)) for o in strangers),
        ],
        "near": [row for o in measured for row in ear_tables.near(o)],
        "beside": [
            row
            for o in measured
            if o.spotter != OURS and o.phrase in ours
            for row in ear_tables.side_by_side(ours[o.phrase], o)
        ],
        "missing": [asdict(o) for o in outcomes if o.missing],
    }


def curves(outcomes: Sequence[Outcome]) -> dict[str, list[Line]]:
    """Return the lines of each phrase's panel."""
    panels: dict[str, list[Line]] = {}
    for outcome in outcomes:
        for condition, dashed in DRAWN.items():
            trials = outcome.trials.get(condition)
            if not trials or outcome.other is None:
                continue
            scores = [t.score for t in trials]
            points = curve(scores, outcome.other.scores, outcome.other.hours)
            edges = () if dashed else band(scores, [t.speaker for t in trials], points)
            label = f"{outcome.spotter}, {condition}"
            rate = outcome.other.sure / outcome.other.hours
            setting = (rate, 100 * sum(not t.sure for t in trials) / len(trials))
            line = Line(outcome.spotter, label, points, edges, dashed, setting)
            panels.setdefault(outcome.phrase, []).append(line)
    return panels


def parsed() -> argparse.Namespace:
    """Return the options."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--speech", type=Path, default=SHARED)
    parser.add_argument("--part", choices=("look", "held", "all"), default="look")
    parser.add_argument("--signal", default="yellow light")
    parser.add_argument("--own-word", type=Path, help=f'a folder of clips of "{OWN_WORD}"')
    parser.add_argument("--clips", type=int, help="of each phrase (60)")
    parser.add_argument("--minutes", type=float, help="of other speech (25)")
    parser.add_argument("--quick", action="store_true", help="12 clips, 2 minutes")
    parser.add_argument("--full", action="store_true", help="every clip, all other speech")
    parser.add_argument("--only", help="one phrase, and nothing else")
    parser.add_argument("--jobs", type=int, default=2, help="processes at once")
    parser.add_argument("--growth", type=int, default=0, metavar="LOOPS",
                        help="also let our ears hear --growth-minutes so often")  # fmt: skip
    parser.add_argument("--growth-minutes", type=float, default=30.0)
    parser.add_argument("--json", type=Path, default=RESULTS / "ear.json", help="and .png")
    options = parser.parse_args()
    clips, minutes = (12, 2.0) if options.quick else (99_999, 1e9) if options.full else (60, 25.0)
    options.clips = options.clips or clips
    options.minutes = options.minutes or minutes
    return options


def main() -> None:
    """Print the tables, write JSON and a plot."""
    options, product = parsed(), fingerprint()
    # The processes share the cores, and BLAS threads spin while they wait for a busy one: our ears
    # took four times as long on a loaded machine.
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    say_where()
    todo = tasks(options)
    fresh = multiprocessing.get_context("spawn")
    outcomes: list[Outcome] = []
    readings: list[float] = []
    with fresh.Pool(options.jobs, say_where, maxtasksperchild=1) as pool:
        for outcome in pool.imap_unordered(perform, todo):
            outcomes.append(outcome)
            save(outcomes, readings, options, product)
        if options.growth:
            arguments = (options.signal, todo[0].other, options.growth_minutes, options.growth)
            readings = pool.apply(growth, arguments)
    require_same(product)
    ear_tables.print_all(save(outcomes, readings, options, product))
    hours = max((o.other.hours for o in outcomes if o.other), default=1.0)
    plot = options.json.with_suffix(".png")
    draw(curves(outcomes), hours, plot)
    print(f"\n{options.json}\n{options.json.with_suffix('.png')}")


def finite(value: Any) -> Any:
    """Return the same with infinities, which JSON does not know, as "inf" and "-inf"."""
    if isinstance(value, dict):
        return {key: finite(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [finite(one) for one in value]
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value


def save(
    outcomes: list[Outcome], readings: list[float], options: argparse.Namespace, product: str
) -> dict[str, Any]:
    """Write what is known so far, a run of an hour may be stopped; return it."""
    outcomes.sort(key=lambda o: (o.phrase, list(SPOTTERS).index(o.spotter)))
    results = {
        **collected(outcomes), "growth_mb": readings, "product": product,
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}",
        "part": options.part, "clips": options.clips, "minutes": options.minutes,
        "outcomes": [asdict(o) for o in outcomes],
    }  # fmt: skip
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(json.dumps(finite(results), indent=1) + "\n")
    return results


if __name__ == "__main__":
    main()
