#!/usr/bin/env python
"""How long from the last syllable of the signal to the first sound of the bridge?

    scripts/bench/latency.py --trials 20

The real program (``calmvoice --plain -v``) on the virtual sound card hears the signal from many
voices. Microphone and loudspeaker are recorded alike, so that both are in one steady time:

- the end of the signal is the end of its last 10 ms whose energy is within 25 dB of its loudest
  10 ms, at the place where correlation finds the clip in the microphone's recording;
- the bridge begins with the first sample over −50 dBFS in the loudspeaker's recording.

Between the two: ``ears`` is what new ears need for the same recording (audio time, median over
four cuts into chunks); ``capture`` is the rest up to the log's "heard signal" (buffers, threads,
computing); ``session`` up to the printed caption; ``speaker`` from there to the sound. A virtual
card has no converters: a real one adds its own delay, mostly 0.01 to 0.05 s each way.
A trial is ``heard``, ``asked`` (unsure: "Pausing in five seconds") or ``missed``. After it, typed
words lead back to listening; the program is started anew every ``BATCH`` trials.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import soxr

sys.path.insert(0, str(Path(__file__).parents[2] / "tests"))

from people import speech
from product import fingerprint, require_same, warn_if_busy
from recordings import SHARED, load_pcm
from soundcard import MICROPHONE_SINK, Recording, SoundCard, find
from theatre import Home, Program

from calmvoice import wiring
from calmvoice.ears.hear import CHUNK
from calmvoice.ears.model import SpeechModel
from calmvoice.ears.vosk_ears import VoskEars
from calmvoice.session.stages import Stage
from calmvoice.session.table import MEANINGS
from calmvoice.settings import Settings
from calmvoice.sound import MICROPHONE_RATE, SPEAKER_RATE, Samples, Sound, from_pcm, to_pcm
from calmvoice.voice.pyttsx3_voice import Pyttsx3Voice

RESULTS = Path(__file__).parent / "results" / "latency.json"
SETTINGS = """
[agreement]
signal = "{signal}"
bridge = "{bridge}"
pause_minutes = 5
people = 1

[breathing]
minutes = 0.5
"""
BARS_MS = {"p50": 700, "p90": 1100}
END_DB = 25.0  # below the loudest 10 ms a voice has ended
AUDIBLE = 10 ** (-50 / 20)  # the bridge is levelled to about −23 dBFS, between lines all is zero
PEAK = 0.4  # −8 dBFS: a person near the microphone
ROOM_DB = -60.0
QUIET_SECONDS = 1.5  # before each signal; longer than the loudspeaker's stream lingers
MISSED_SECONDS = 3.0  # after the clip: finals come 1 s after a phrase
BATCH = 20
PEOPLES_SIGNAL = "smart mirror"  # two words of which there are recordings of real people
ESPEAK = ("en-us", "en-gb-x-rp", "en-gb-scotland", "en-us+m3")


@dataclass(frozen=True)
class Said:
    """The signal by one voice, at 48 kHz; ``end`` is its last audible sample."""

    voice: str
    sound: Sound
    end: int


@dataclass(frozen=True)
class Mark:
    """What is known of a trial before the recordings are read, in steady seconds."""

    said: Said
    began: float
    outcome: str
    logged: float
    shown: float


@dataclass(frozen=True)
class Trial:
    """One trial; times are milliseconds, none unless the signal was heard."""

    voice: str
    signal: str
    outcome: str
    first_of_run: bool
    total: float | None = None
    ears: float | None = None
    capture: float | None = None
    session: float | None = None
    speaker: float | None = None


PARTS = ("ears", "capture", "session", "speaker")


def said_by(voice: str, samples: Samples, rate: int) -> Said:
    """Bring a clip to the card's rate and the usual level, and find its acoustic end."""
    if rate != SPEAKER_RATE:
        samples = soxr.resample(samples, rate, SPEAKER_RATE)
    samples = (samples * np.float32(PEAK / float(np.abs(samples).max()))).astype(np.float32)
    frame = SPEAKER_RATE // 100
    energy = np.square(samples[: len(samples) // frame * frame]).reshape(-1, frame).mean(axis=1)
    last = int(np.flatnonzero(energy >= energy.max() * 10 ** (-END_DB / 10))[-1])
    return Said(voice, Sound(samples), (last + 1) * frame)


def made_voices(signal: str) -> Iterator[list[Said]]:
    """Yield the signal by each synthetic voice, in several paces or recordings."""
    text = signal.capitalize() + "."
    for voice in ("en-GB", "en-US"):
        said = [speech(text, voice, speed) for speed in (0.7, 0.85, 1.0)]
        yield [said_by(f"pico {voice}", s.samples, s.rate) for s in said]
    for voice in ESPEAK:
        said = [Pyttsx3Voice(voice, pace).render(text) for pace in (110, 150)]
        yield [said_by(f"espeak {voice}", s.samples, s.rate) for s in said]
    for voice, pattern in (("kokoro", "kokoro_*"), ("flite, festival", "f*_*")):
        files = sorted((SHARED / "signal").glob(f"{pattern}__{signal.replace(' ', '-')}.flac"))
        yield [said_by(voice, from_pcm(load_pcm(path)), MICROPHONE_RATE) for path in files]


def people(count: int) -> list[Said]:
    """Return so many recordings of real people saying another signal."""
    files = sorted((SHARED / "phrase" / PEOPLES_SIGNAL.replace(" ", "_")).glob("*"))
    chosen = np.random.default_rng(5).permutation(len(files))[:count]
    return [said_by("people", from_pcm(load_pcm(files[i])), MICROPHONE_RATE) for i in chosen]


def in_turn(voices: Sequence[Sequence[Said]], count: int) -> list[Said]:
    """Return so many clips, one voice after the other, each voice its recordings in turn."""
    there = [clips for clips in voices if clips]
    return [
        there[number % len(there)][number // len(there) % len(there[number % len(there)])]
        for number in range(count)
    ]


@contextmanager
def record_room(card: SoundCard) -> Iterator[Recording]:
    """Record what is played into the microphone, in the way the loudspeaker is recorded."""
    process = subprocess.Popen(
        [
            "parec", f"--device={MICROPHONE_SINK}.monitor", "--raw", "--format=float32le",
            f"--rate={SPEAKER_RATE}", "--channels=1", "--latency-msec=10",
        ],
        env=card.variables, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
    )  # fmt: skip
    recording = Recording(process)
    try:
        recording.wait_until(time.monotonic())
        yield recording
    finally:
        recording.stop()


def part(recording: Recording, start: float, seconds: float) -> tuple[Samples, float]:
    """Return what was recorded from a steady time on, and the steady time of its first sample."""
    first = max(0, round((start - recording.start) * SPEAKER_RATE))
    samples = recording.samples[first : first + round(seconds * SPEAKER_RATE)]
    return samples, recording.start + first / SPEAKER_RATE


def logged_at(line: str) -> float:
    """Return the steady time of a log line: it begins with the wall time in milliseconds."""
    stamp, millis = line[:19], int(line[20:23])
    wall = time.mktime(time.strptime(stamp, "%Y-%m-%d %H:%M:%S")) + millis / 1000
    return wall - (time.time() - time.monotonic())


def wait_line(
    program: Program, wanted: Callable[[str], bool], after: int, limit: float
) -> tuple[float, str] | None:
    """Return the first such line and when it came, or None if it does not come in time."""
    deadline = time.monotonic() + limit
    while True:
        found = next(((at, ln) for at, ln in program.lines[after:] if wanted(ln)), None)
        if found is not None or time.monotonic() > deadline:
            return found
        program.pass_time(0.02)


def back_to_listening(program: Program) -> None:
    """Type what leads from wherever it is to listening.

    A word is typed again if nothing comes of it: what a line means is decided by the stage that
    is shown, which is a moment after the stage that is logged.
    """
    for _ in range(12):
        if (stage := logged_stage(program)) == "listening":
            return
        before = len(program.lines)
        program.type({"settling": "we're back", "doubt": "not now"}.get(stage, "stop"))
        wait_line(program, lambda line: " stage " in line, before, 0.5)
    raise RuntimeError(f"it does not listen again:\n{program.text}")


def logged_stage(program: Program) -> str:
    """Return the last stage that was logged."""
    stages = [line for _, line in program.lines if " stage " in line]
    return stages[-1].rpartition(" ")[2] if stages else "listening"


def attempt(card: SoundCard, program: Program, recording: Recording, said: Said) -> Mark:
    """Say the signal once and note what comes of it."""
    program.pass_time(QUIET_SECONDS)
    before = len(program.lines)
    began = time.monotonic()
    card.say(said.sound)
    limit = said.end / SPEAKER_RATE + MISSED_SECONDS
    heard = wait_line(program, lambda line: "listener: heard signal" in line, before, limit)
    if heard is None:
        back_to_listening(program)
        return Mark(said, began, "missed", 0.0, 0.0)
    outcome = "asked" if "perhaps" in heard[1] else "heard"
    shown = wait_line(program, lambda line: not re.match(r"\d{4}-|\[", line), before, 2.0)
    recording.wait_until(time.monotonic() + 1.0)
    back_to_listening(program)
    return Mark(said, began, outcome, logged_at(heard[1]), shown[0] if shown else 0.0)


def ears_need(model: SpeechModel, signal: str, samples: Samples, end: float) -> float | None:
    """Return audio seconds from the end to when new ears know, the median over four cuts."""
    settings = Settings.model_validate({"agreement": {"signal": signal}})
    phrases = wiring.phrases(settings, wiring.pack(settings))
    pcm = to_pcm(soxr.resample(samples, SPEAKER_RATE, MICROPHONE_RATE))
    needed = []
    for cut in range(0, CHUNK, CHUNK // 4):
        ears = VoskEars(model)
        ears.expect({meaning: phrases[meaning] for meaning in MEANINGS[Stage.LISTENING]})
        heard = [h for at in range(cut, len(pcm), CHUNK) for h in ears.feed(pcm[at : at + CHUNK])]
        needed += [h.known_seconds + cut / MICROPHONE_RATE - end for h in heard if h.sure][:1]
    return float(np.median(needed)) if needed else None


def read_trial(
    mark: Mark, first: bool, signal: str, model: SpeechModel, room: Recording, played: Recording
) -> Trial:
    """Find the signal and the bridge in the recordings."""
    plain = Trial(mark.said.voice, signal, mark.outcome, first)
    if mark.outcome != "heard":
        return plain
    clip = mark.said.sound
    samples, start = part(room, mark.began - 0.1, clip.seconds + 1.5)
    at = find(clip.samples, samples)
    end = start + (at + mark.said.end) / SPEAKER_RATE
    bridge, bridge_start = part(played, end - 0.5, 4.0)
    loud = np.flatnonzero(np.abs(bridge) >= AUDIBLE)
    if not len(loud):
        return Trial(mark.said.voice, signal, "silent", first)
    sound = bridge_start + loud[0] / SPEAKER_RATE
    around, around_start = part(room, end - clip.seconds - 1.2, clip.seconds + 2.7)
    ears = ears_need(model, signal, around, end - around_start)
    milliseconds = {
        "total": sound - end,
        "ears": ears,
        "capture": mark.logged - end - ears if ears is not None else None,
        "session": mark.shown - mark.logged,
        "speaker": sound - mark.shown,
    }
    return Trial(
        mark.said.voice, signal, "heard", first,
        **{name: None if s is None else round(1000 * s) for name, s in milliseconds.items()},
    )  # fmt: skip


def batch(
    card: SoundCard, home: Home, signal: str, clips: Sequence[Said], model: SpeechModel
) -> list[Trial]:
    """Run the program once and say the signal to it so many times."""
    marks: list[Mark] = []
    with (
        card.hiss(ROOM_DB, seconds=60 + 12 * len(clips)),
        card.record() as played,
        record_room(card) as room,
        Program(home, "-v", "--plain", environment=card.variables) as program,
    ):
        program.wait_for("[Listening", limit=300)
        program.wait_for("microphone works", limit=20)
        for said in clips:
            marks.append(attempt(card, program, played, said))
            print(f"  {said.voice:20} {marks[-1].outcome}", flush=True)
        program.type("q")
        program.pass_time(3.0)
    return [read_trial(m, m is marks[0], signal, model, room, played) for m in marks]


def row(name: str, trials: Sequence[Trial]) -> dict[str, str | int | float | None]:
    """Return one line of the table: counts, percentiles of the total, medians of its parts."""
    heard = [t for t in trials if t.total is not None]
    totals = [t.total for t in heard if t.total is not None]
    p50, p90 = (round(float(np.percentile(totals, p))) if totals else None for p in (50, 90))
    line: dict[str, str | int | float | None] = {
        "voice": name, "n": len(trials), "heard": len(heard),
        "asked": sum(t.outcome == "asked" for t in trials),
        "missed": sum(t.outcome == "missed" for t in trials),
        "p50": p50, "p90": p90, "worst": max(totals, default=None),
    }  # fmt: skip
    for name_of_part in PARTS:
        values = [v for t in heard if (v := getattr(t, name_of_part)) is not None]
        line[name_of_part] = round(float(np.median(values))) if values else None
    return line


def table(trials: Sequence[Trial]) -> list[dict[str, str | int | float | None]]:
    """Return a line per voice and one for all."""
    voices = dict.fromkeys(t.voice for t in trials)
    rows = [row(voice, [t for t in trials if t.voice == voice]) for voice in voices]
    return [*rows, row("all", trials)]


def measure(trials: int, real: int, bridge: str) -> list[Trial]:
    """Say the signal so many times by made voices, and so many times by recorded people."""
    model = SpeechModel()
    plan = [
        ("yellow light", in_turn(list(made_voices("yellow light")), trials)),
        (PEOPLES_SIGNAL, people(real)),
    ]
    done: list[Trial] = []
    with tempfile.TemporaryDirectory(prefix="latency-") as folder, SoundCard() as card:
        for signal, clips in plan:
            for at in range(0, len(clips), BATCH):
                home = Home(Path(folder) / f"home-{len(done)}", Path(folder) / "cache")
                home.settings.write_text(SETTINGS.format(signal=signal, bridge=bridge), "utf-8")
                done += batch(card, home, signal, clips[at : at + BATCH], model)
    return done


def main() -> None:
    """Measure, print the table, and write the result beside this script."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--trials", type=int, default=20, help='"yellow light" by made voices')
    parser.add_argument("--people", type=int, default=0, help='"smart mirror" by real people')
    parser.add_argument("--bridge", default="default", help="which bridge answers")
    parser.add_argument("--json", type=Path, default=RESULTS)
    options = parser.parse_args()
    load, product = [os.getloadavg()[0]], fingerprint()
    trials = measure(options.trials, options.people, options.bridge)
    load.append(os.getloadavg()[0])
    require_same(product)
    rows = table(trials)
    columns = ("n", "heard", "asked", "missed", "p50", "p90", "worst", *PARTS)
    print(f"{'ms':20}" + "".join(f"{name:>9}" for name in columns))
    for line in rows:
        cells = (line[name] for name in columns)
        print(f"{line['voice']:20}" + "".join(f"{'–' if c is None else c:>9}" for c in cells))
    for name, bar in BARS_MS.items():
        print(f"{name}: {rows[-1][name]} ms, at most {bar} wanted")
    warn_if_busy(*load)
    result = {
        "bars_ms": BARS_MS,
        "product": product,
        "bridge": options.bridge,
        "rows": rows,
        "trials": [asdict(t) for t in trials],
        "load": load,
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}",
    }
    options.json.parent.mkdir(exist_ok=True)
    options.json.write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
