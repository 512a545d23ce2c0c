#!/usr/bin/env python
"""Hours in a living room: does anything grow, drift, leak, or is a return missed?

    scripts/bench/soak.py --hours 8

The product's own session, journal, prompter, listener, echo canceller and ears live in counted
time, as fast as they can be worked on. The room holds household noise, a television that talks
for minutes, its own echo 10 dB down, and two people who say the signal every half hour (again if
they were not heard, then a key) and answer the calls. Every pause is held against its promise:
called at the minute that was said, both heard, listening again. Each half hour, when it next
listens, nobody speaks and nothing sounds for a minute; then the process's memory, threads, open
files and children are read, so that what grows is seen, not what a pause or a talk holds. Its own
memory is what no file could give back (``Anonymous`` in smaps). The first hour is for buffers and
caches to take their size. Prints a table, writes JSON and a plot (needs the extra ``bench``).
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import platform
import sys
import threading
import time
from collections import deque
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2] / "tests"))

from people import speech
from product import fingerprint, require_same
from resources import ECHO_GAIN, memory_mb, noises, signal_clips, speech_clips

from calmvoice import wiring, wiring_rules
from calmvoice.errors import VoiceError
from calmvoice.journal import SqliteJournal
from calmvoice.listener import Listener
from calmvoice.meanings import Meaning
from calmvoice.offline import CountedClock, OfflineSpeaker, OfflineStage
from calmvoice.ports import Now
from calmvoice.session import Session
from calmvoice.session.events import Said
from calmvoice.session.script import Line, Script
from calmvoice.session.stages import Stage
from calmvoice.settings import Settings
from calmvoice.shell import Stagehand, Status
from calmvoice.sound import MICROPHONE_RATE, SPEAKER_RATE, PcmSamples, Samples, to_pcm
from calmvoice.tidying import Tidying

RESULTS = Path(__file__).parent / "results"
BEGIN = 1_800_000_000.0
CHUNK = 1600  # samples: what the microphone delivers
# A chunk is mixed before it is known what sounds during it, so its echo comes a chunk later, and
# 20 ms for the room: as through a slow sound server.
ECHO_DELAY = CHUNK + 320
HOUR, HALF_HOUR = 3600.0, 1800.0
FIRST_SIGNAL, SIGNAL_EVERY = 300.0, HALF_HOUR
SAY_AGAIN_SECONDS, TRIES = 6.0, 3  # then a key
ANSWER_SECONDS = (8.0, 14.0)  # after a call, the one and the other
HISS = 3.0  # the microphone's own, in steps of the converter
TELEVISION_SECONDS = 240.0  # on and off in turn
WARM_HOURS = 1.0
HUSH_SECONDS = 60.0  # before a reading


@dataclass
class Pause:
    """A pause as it was lived, in seconds of the run; ``promised`` is the time that was said."""

    asked: float
    by_key: bool
    promised: float = 0.0
    called: float | None = None
    met: float | None = None


@dataclass
class Reading:
    """What the process holds at a moment."""

    hours: float
    rss_mb: float
    own_mb: float
    threads: int
    files: int
    children: int


@dataclass
class Soak:
    """What came of it."""

    hours: float = 0.0
    times_real_time: float = 0.0
    pauses: list[Pause] = field(default_factory=list)
    uncalled: int = 0  # pauses that nobody had asked for
    readings: list[Reading] = field(default_factory=list)
    fed_seconds: float = 0.0

    @property
    def growth_mb(self) -> float:
        """How much its own memory grew after the first hour."""
        late = [r.own_mb for r in self.readings if r.hours >= WARM_HOURS]
        return late[-1] - late[0] if len(late) > 1 else 0.0

    @property
    def missed_returns(self) -> int:
        """Pauses that were called early, late by a second or more, or not at all."""
        return sum(p.called is None or not 0 <= p.called - p.promised < 1.0 for p in self.pauses)


class Nobody:
    """A display that nobody looks at, and that tells when the stage changes."""

    def __init__(self) -> None:
        self.stage = Stage.LISTENING
        self.return_at: float | None = None
        self.at_rest = True
        self._tidying = Tidying()

    def show_status(self, status: Status) -> None:
        """Keep where the session stands."""
        self.stage, self.return_at = status.stage, status.return_at
        self.at_rest = status.is_at_rest
        self._tidying.show_status(status)

    def show_script(self, script: Script) -> None:
        """Nobody reads it."""

    def show_line(self, line: Line) -> None:
        """Nobody reads it."""

    def show_trouble(self, message: str, hint: str) -> None:
        """There must be none."""
        raise RuntimeError(f"{message} {hint}")

    def clear_trouble(self, message: str) -> None:
        """There was none."""


class Room:
    """Gives the microphone its next tenth of a second."""

    def __init__(self) -> None:
        self._random = np.random.default_rng(8)
        self._grounds, self._clips = noises(), speech_clips()
        self._television: PcmSamples = np.zeros(0, np.int16)
        self._people: deque[PcmSamples] = deque()
        self._ground = self._grounds[0]
        self._echo = np.zeros(SPEAKER_RATE, np.float32)  # what was put out, around now
        self._place = self._hushed_until = 0

    def hush(self, seconds: float) -> None:
        """Let nothing but a faint hiss be heard for so long; the television goes on after it."""
        self._hushed_until = self._place + round(seconds * MICROPHONE_RATE)
        self._echo[:] = 0.0

    @property
    def is_hushed(self) -> bool:
        """Whether it is still so."""
        return self._place < self._hushed_until

    def say(self, samples: PcmSamples) -> None:
        """Let a person say this from now on."""
        self._people.append(samples)

    def put_out(self, at: int, samples: Samples) -> None:
        """Take what the loudspeaker puts out: a ``Sink``."""
        place = (at + np.arange(len(samples))) % len(self._echo)
        self._echo[place] = samples

    def chunk(self) -> PcmSamples:
        """Return the next chunk: noise, television, people, and the loudspeaker's echo."""
        if self.is_hushed:
            self._place += CHUNK
            return self._random.normal(0, HISS, CHUNK).astype(np.int16)
        seconds = self._place / MICROPHONE_RATE
        if seconds % 600 < CHUNK / MICROPHONE_RATE:
            self._ground = self._grounds[self._random.integers(len(self._grounds))]
        places = np.arange(self._place, self._place + CHUNK)
        mixed = self._ground.take(places, mode="wrap").astype(np.float32)
        if seconds // TELEVISION_SECONDS % 2:
            while len(self._television) < CHUNK:
                self._television = np.concatenate([self._television, next(self._clips)])
            mixed += 0.25 * self._television[:CHUNK]
            self._television = self._television[CHUNK:]
        if self._people:
            said = self._people[0][:CHUNK]
            mixed[: len(said)] += said
            self._people[0] = self._people[0][CHUNK:]
            if not len(self._people[0]):
                self._people.popleft()
        mixed += 32767 * ECHO_GAIN * self._heard_back()
        self._place += CHUNK
        return np.clip(np.round(mixed), -32768, 32767).astype(np.int16)

    def _heard_back(self) -> Samples:
        step = SPEAKER_RATE // MICROPHONE_RATE
        first = (self._place - ECHO_DELAY) * step
        place = (first + np.arange(0, CHUNK * step, step)) % len(self._echo)
        back = self._echo[place].copy()
        self._echo[(first + np.arange(CHUNK * step)) % len(self._echo)] = 0.0
        return np.asarray(back, np.float32)


class Evening:
    """Two people who ask for a pause every half hour and keep it."""

    def __init__(self, room: Room, stage: OfflineStage, display: Nobody, soak: Soak) -> None:
        self._room, self._stage, self._display, self._soak = room, stage, display, soak
        self._signals = signal_clips()
        self._here = [to_pcm(speech("I'm here.", voice).samples) for voice in ("en-GB", "en-US")]
        self._next_signal, self._tries, self._try_at = FIRST_SIGNAL, 0, 0.0
        self._before = Stage.LISTENING
        self._answers: list[float] = []

    def look(self, now: float) -> None:
        """See where the session stands, and do what these two would."""
        stage, pauses = self._display.stage, self._soak.pauses
        asking = self._tries > 0
        begins = (Stage.BRIDGE, Stage.DOUBT)
        if stage in begins and self._before not in begins:
            if not asking or self._before not in (Stage.LISTENING, Stage.OWED):
                self._soak.uncalled += 1
                pauses.append(Pause(now, by_key=False))
            self._tries = 0
        if stage is Stage.CALLING and self._before is not Stage.CALLING:
            pauses[-1].called = now
            self._answers = [now + seconds for seconds in ANSWER_SECONDS]
        if self._display.return_at is not None and stage is not Stage.CALLING and pauses:
            pauses[-1].promised = self._display.return_at - BEGIN
        if stage is Stage.REENTRY and self._before is not Stage.REENTRY:
            pauses[-1].met, self._answers = now, []
        if self._answers and now >= self._answers[0]:
            self._room.say(self._here[len(self._answers) % 2])
            self._answers = [*self._answers[1:], self._answers[-1] + 7.0]  # until they are heard
        if stage is Stage.LISTENING and not self._room.is_hushed:
            self._ask(now)
        self._before = stage

    def _ask(self, now: float) -> None:
        if self._tries == 0 and now < self._next_signal:
            return
        if self._tries == 0:
            self._next_signal = now + SIGNAL_EVERY
            self._soak.pauses.append(Pause(now, by_key=False))
        elif now < self._try_at + SAY_AGAIN_SECONDS:
            return
        self._tries, self._try_at = self._tries + 1, now
        if self._tries > TRIES:
            self._soak.pauses[-1].by_key = True
            self._stage.post(Said(Meaning.SIGNAL, by_key=True))
            return
        self._room.say(self._signals[len(self._soak.pauses) % len(self._signals)])


def read(hours: float) -> Reading:
    """Return what this process holds now."""
    gc.collect()
    rss, own_memory = memory_mb("Rss", "Anonymous")
    own = str(os.getpid())
    children = sum(
        (path / "stat").read_text().rpartition(")")[2].split()[1] == own
        for path in Path("/proc").iterdir()
        if path.name.isdigit() and (path / "stat").exists()
    )
    files = len(list(Path("/proc/self/fd").iterdir()))
    return Reading(hours, rss, own_memory, threading.active_count(), files, children)


def live(hours: float) -> Soak:
    """Live through so many hours."""
    settings, soak = Settings(), Soak()
    words, studio = wiring.pack(settings), wiring.studio(settings)
    said = wiring.phrases(settings, words)
    clock = CountedClock(Now(BEGIN, 0.0))
    prompter = wiring.prompter(settings, words, studio, _fail)
    for text in prompter.texts_ahead():
        studio.clip(text)
    speaker, room, display = OfflineSpeaker(prompter, clock), Room(), Nobody()
    ears = wiring.ears(wiring.model(settings), said)
    stage: OfflineStage
    cleaner = wiring.cleaner(speaker)
    listener = Listener(ears, said, speaker, lambda heard: stage.post(heard), cleaner)
    stagehand = Stagehand(
        Session(wiring_rules.rules(settings)),
        speaker,
        SqliteJournal(":memory:"),
        display,
        listener.expect,
    )
    stage = OfflineStage(stagehand, speaker, clock, room.put_out)
    evening = Evening(room, stage, display, soak)
    began, next_reading, hushed = time.process_time(), 0.0, False
    while stage.seconds < hours * HOUR:
        if stage.seconds >= next_reading and display.at_rest and not hushed:
            room.hush(HUSH_SECONDS)
            hushed = True
        if hushed and not room.is_hushed:
            hushed = False
            if display.at_rest:
                soak.readings.append(read(stage.seconds / HOUR))
                next_reading = stage.seconds + HALF_HOUR
                print(soak.readings[-1], flush=True)
        chunk = room.chunk()
        stage.run_with_microphone(chunk, listener.take)
        soak.fed_seconds += len(chunk) / MICROPHONE_RATE
        evening.look(stage.seconds)
    soak.hours = stage.seconds / HOUR
    soak.times_real_time = stage.seconds / (time.process_time() - began)
    if soak.pauses and soak.pauses[-1].met is None:
        soak.pauses.pop()  # the run ended in it
    return soak


def _fail(error: VoiceError) -> None:
    raise error


def table(soak: Soak) -> list[str]:
    """Return what to print."""
    first, last = soak.readings[0], soak.readings[-1]
    heard = [p for p in soak.pauses if not p.by_key]
    return [
        f"lived                  {soak.hours:.1f} h at {soak.times_real_time:.0f} times real time",
        f"pauses                 {len(soak.pauses)}, {len(heard)} by voice, "
        f"{soak.uncalled} nobody had asked for",
        f"returns missed         {soak.missed_returns}",
        f"both met               {sum(p.met is not None for p in soak.pauses)}",
        f"heard and lived differ {abs(soak.fed_seconds - soak.hours * HOUR):.3f} s",
        f"memory                 {last.own_mb:.1f} MB, {soak.growth_mb:+.2f} MB after hour one",
        f"threads                {first.threads} to {last.threads}",
        f"open files             {first.files} to {last.files}",
        f"children               {first.children} to {last.children}",
    ]


def draw(soak: Soak, path: Path) -> None:
    """Write memory over the hours, and the pauses, as PNG."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(figsize=(8, 3.5))
    axes.plot([r.hours for r in soak.readings], [r.own_mb for r in soak.readings], "o-")
    for pause in soak.pauses:
        axes.axvspan(pause.asked / HOUR, (pause.met or pause.asked) / HOUR, color="0.9")
    axes.set(xlabel="hours (pauses grey)", ylabel="memory, MB", ylim=(0, None))
    figure.tight_layout()
    figure.savefig(path, dpi=110)


def main() -> None:
    """Print the table, write JSON and the plot."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--hours", type=float, default=8.0)
    parser.add_argument("--json", type=Path, default=RESULTS / "soak.json", help="and .png")
    options = parser.parse_args()
    product = fingerprint()
    soak = live(options.hours)
    require_same(product)
    print("\n".join(table(soak)))
    results = {
        **asdict(soak), "growth_mb": soak.growth_mb, "missed_returns": soak.missed_returns,
        "product": product, "machine": f"{platform.machine()}, {os.cpu_count()} cores",
    }  # fmt: skip
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(json.dumps(results, indent=1) + "\n")
    plot = options.json.with_suffix(".png")
    draw(soak, plot)
    print(f"\n{options.json}\n{options.json.with_suffix('.png')}")


if __name__ == "__main__":
    main()
