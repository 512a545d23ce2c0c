#!/usr/bin/env python
"""What does waiting cost? Processor and memory of the program, and its growth over hours.

    scripts/bench/resources.py --minutes 60

(a) The real program on the virtual sound card: a minute of near-silence (hiss at −60 dB) and a
    minute of steady speech; with its screen instead of lines; and without a microphone, which
    shows what the rest costs. Shares are of one core, from /proc; the sound server is not in them.
(b) An hour of speech, noise and pauses, with the signal in it now and then, as fast as it can be
    worked on: once through the listener, echo canceller and ears that the program builds, with
    what is listened for changing as in a pause and guidance sounding in it for ten seconds of each
    stage, 10 dB under full at the microphone; and once through the peer, a bare Vosk recogniser
    with the signal and a filler, which is the floor no spotter on this model can go under. Each in
    a process of its own, which is also given the two minutes of (a), so that the ears' share in
    the program is known.

A row of (a) with a bridge in it is not waiting: a false signal began a pause in it.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2] / "tests"))

from product import fingerprint, require_same, warn_if_busy

from calmvoice import wiring
from calmvoice.audio.silent_speaker import TimedSpeaker
from calmvoice.clock import SystemClock
from calmvoice.ears.model import SpeechModel
from calmvoice.meanings import Meaning
from calmvoice.session.events import Said
from calmvoice.session.stages import Stage
from calmvoice.session.table import MEANINGS
from calmvoice.settings import Settings
from calmvoice.sound import MICROPHONE_RATE, PcmSamples, Samples, to_pcm

RESULTS = Path(__file__).parent / "results" / "resources.json"
BARS = {"quiet_percent": 3.0, "speech_percent": 8.0, "resident_mb": 250.0, "growth_mb_hour": 1.0}
CHUNK = 1600  # samples: what the microphone delivers
SLICE_SECONDS = 10
SETTLE_SECONDS = 5  # after the start, and after a change of what is heard
WARM_MINUTES = 5  # buffers, caches and the allocator's pools have their size by then
LOOK_MINUTES = 5  # between two readings of the memory
SIGNAL_EVERY = 150.0  # seconds, in the long mixture
STAGE_SECONDS = 30.0  # how long each stage of a pause lasts in (b)
GUIDANCE_SECONDS = 10.0  # of each of them in which our own voice sounds
ECHO_DELAY, ECHO_GAIN = 320, 10 ** (-10 / 20)  # samples (20 ms), and how loud it comes back
PAUSE = (Stage.BRIDGE, Stage.BREATHING, Stage.SETTLING, Stage.CALLING, Stage.REENTRY)
SIGNAL = "yellow light"
SPEECH_SEED = 12  # the minute that 11 gives holds a false signal: the pause would be measured
SETTINGS = "[agreement]\npause_minutes = 5\n\n[breathing]\nminutes = 0.5\n"
FILES = ("quiet", "speech", "long")


@dataclass(frozen=True)
class Live:
    """The real program for a while: shares of one core in percent, memory in MB."""

    name: str
    seconds: float
    percent: float
    worst_slice: float
    rss_mb: float
    pss_mb: float
    threads_percent: list[float]
    bridges: int


@dataclass
class Fed:
    """What a worker found: shares of real time in percent, memory in MB."""

    name: str
    quiet_percent: float = 0.0
    speech_percent: float = 0.0
    long_percent: float = 0.0
    times_real_time: float = 0.0
    before_model_mb: float = 0.0
    loaded_mb: float = 0.0
    warm_mb: float = 0.0
    end_mb: float = 0.0
    growth_mb_hour: float = 0.0
    late_slope_mb_hour: float = 0.0
    results: int = 0
    readings_mb: list[float] = field(default_factory=list)


def memory_mb(*keys: str, pid: int | str = "self") -> tuple[float, ...]:
    """Return what the kernel counts under these names in ``smaps_rollup``."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    sizes = {name: int(rest.split()[0]) for name, _, rest in (ln.partition(":") for ln in lines)}
    return tuple(sizes[key] / 1024 for key in keys)


def processor_seconds(path: Path) -> float:
    """Return user and system time from a stat file of a process or a thread."""
    fields = path.read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def thread_seconds(pid: int) -> dict[str, float]:
    """Return the time each thread has had."""
    times = {}
    for task in Path(f"/proc/{pid}/task").iterdir():
        with suppress(OSError):  # it may end meanwhile
            times[task.name] = processor_seconds(task / "stat")
    return times


# --- audio ---------------------------------------------------------------------------------------


def speech_clips() -> Iterator[PcmSamples]:
    """Yield people's sentences without end: recordings, or a made voice where there are none."""
    from people import speech
    from recordings import SHARED, load_pcm

    order = np.random.default_rng(SPEECH_SEED)
    files = sorted((SHARED / "other").glob("*/*"))
    lines = [ln for group in wiring.pack(Settings()).lines.values() for ln in group]
    while True:
        if files:
            yield load_pcm(files[order.integers(len(files))])
        else:
            yield to_pcm(speech(lines[order.integers(len(lines))]).samples)


def signal_clips() -> list[PcmSamples]:
    """Return the signal by several voices."""
    from people import speech
    from recordings import SHARED, load_pcm

    files = sorted((SHARED / "signal").glob(f"*__{SIGNAL.replace(' ', '-')}.flac"))
    return [load_pcm(path) for path in files] or [to_pcm(speech(SIGNAL).samples)]


def steady_speech(seconds: float) -> PcmSamples:
    """Return speech with the short pauses of a lively talk."""
    room = np.random.default_rng(3)
    parts, count = [], 0
    for clip in speech_clips():
        gap = room.normal(0, 3, int(room.uniform(0.2, 0.8) * MICROPHONE_RATE))
        parts += [clip, gap.astype(np.int16)]
        count += len(clip) + len(gap)
        if count >= seconds * MICROPHONE_RATE:
            break
    return np.concatenate(parts)[: round(seconds * MICROPHONE_RATE)]


def noises() -> list[PcmSamples]:
    """Return rooms, kitchen, street at about −40 dBFS, one second of white noise if none."""
    from recordings import SHARED, load_pcm

    files = sorted((SHARED / "noise").glob("*"))
    found = [load_pcm(path).astype(np.float64) for path in files]
    found = found or [np.random.default_rng(2).normal(0, 1, MICROPHONE_RATE)]
    return [np.round(n * (330 / max(1.0, float(n.std())))).astype(np.int16) for n in found]


def mixture(minutes: float) -> PcmSamples:
    """Return speech, pauses and noise, with the signal in it every few minutes."""
    random = np.random.default_rng(17)
    total = round(minutes * 60 * MICROPHONE_RATE)
    mixed = np.empty(total, np.int16)
    minute = 60 * MICROPHONE_RATE
    grounds = noises()
    for start in range(0, total, minute):
        size = min(minute, total - start)
        ground = grounds[random.integers(len(grounds))]
        quiet = random.normal(0, 3, size).astype(np.int16)
        mixed[start : start + size] = quiet if random.random() < 0.5 else np.resize(ground, size)
    clips, signals = speech_clips(), signal_clips()
    at, next_signal = 0, SIGNAL_EVERY * MICROPHONE_RATE
    while at < total:
        clip = next(clips)
        if at >= next_signal:
            clip = signals[random.integers(len(signals))]
            next_signal += SIGNAL_EVERY * MICROPHONE_RATE
        part = mixed[at : at + len(clip)]
        part[:] = np.clip(part + clip[: len(part)].astype(np.int32), -32768, 32767)
        pause = min(60.0, random.exponential(2.0) + (30.0 if random.random() < 0.02 else 0.2))
        at += len(clip) + round(pause * MICROPHONE_RATE)
    return mixed


# --- (b) workers: a process each -----------------------------------------------------------------


class Guidance(TimedSpeaker):
    """A loudspeaker that speaks while it is ``on``, in audio seconds; nobody waits for its ends."""

    def __init__(self) -> None:
        from people import speech

        super().__init__(lambda _ticket, _breaks: None, SystemClock())
        groups = wiring.pack(Settings()).lines.values()
        lines = [line for group in groups for line in group if "{" not in line][:10]
        self._voice = np.concatenate([speech(line).samples for line in lines])
        self.on = False

    def played(self, start: float, count: int) -> Samples:
        """Return our own voice from a second on, over and over."""
        if not self.on:
            return np.zeros(count, np.float32)
        first = round(start * MICROPHONE_RATE)
        return self._voice[np.arange(first, first + count) % len(self._voice)]

    def echo(self, start: float, count: int) -> PcmSamples:
        """Return what of it is at the microphone."""
        return to_pcm(ECHO_GAIN * self.played(start - ECHO_DELAY / MICROPHONE_RATE, count))


def ears_feeder(model: SpeechModel) -> tuple[Callable[[PcmSamples], None], Callable[[], int]]:
    """Return what feeds the product's listener, and what counts the meanings it posted."""
    settings = Settings()
    phrases = wiring.phrases(settings, wiring.pack(settings))
    said: list[Said] = []
    speaker = Guidance()
    listener = wiring.listener(wiring.ears(model, phrases), phrases, speaker, said.append)
    listener.expect(MEANINGS[Stage.LISTENING])
    seconds, begun, stage, count = 0.0, -1.0, Stage.LISTENING, 0

    def feed(samples: PcmSamples) -> None:
        nonlocal seconds, begun, stage, count
        in_stage = (seconds - begun) % STAGE_SECONDS
        speaker.on = stage is not Stage.LISTENING and in_stage < GUIDANCE_SECONDS
        if speaker.on:
            echo = speaker.echo(seconds, len(samples)).astype(np.int32)
            samples = np.clip(samples + echo, -32768, 32767).astype(np.int16)
        seconds += len(samples) / MICROPHONE_RATE
        listener.take(samples, seconds)
        count += len(said)
        if stage is Stage.LISTENING and any(one.meaning is Meaning.SIGNAL for one in said):
            begun = seconds
        said.clear()
        number = int((seconds - begun) / STAGE_SECONDS) if begun >= 0 else len(PAUSE)
        wanted = PAUSE[number] if number < len(PAUSE) else Stage.LISTENING
        if wanted is not stage:
            stage = wanted
            listener.expect(MEANINGS[stage])

    return feed, lambda: count


def peer_feeder(model: SpeechModel) -> tuple[Callable[[PcmSamples], None], Callable[[], int]]:
    """Return what feeds a bare recogniser, and what counts the phrases in its results."""
    recogniser = model.recogniser(json.dumps([SIGNAL, *model.fillers(4)]))
    found = 0

    def feed(samples: PcmSamples) -> None:
        nonlocal found
        if recogniser.AcceptWaveform(samples.tobytes()):
            found += SIGNAL in json.loads(recogniser.Result())["text"]
        else:
            recogniser.PartialResult()

    return feed, lambda: found


FEEDERS = {"ears": ears_feeder, "peer": peer_feeder}


def feed_file(
    path: Path, feed: Callable[[PcmSamples], None], start: int = 0, count: int = -1
) -> float:
    """Feed chunks of a raw file; return processor seconds per second of audio."""
    before, fed = time.process_time(), 0
    with path.open("rb") as file:
        file.seek(2 * start)
        while fed != count and (data := file.read(2 * CHUNK)):
            feed(np.frombuffer(data, "<i2"))
            fed += len(data) // 2
    return (time.process_time() - before) / (fed / MICROPHONE_RATE)


def work(name: str, folder: Path) -> Fed:
    """Feed everything in this process."""
    fed = Fed(name, before_model_mb=memory_mb("Rss")[0])
    feed, results = FEEDERS[name](SpeechModel())
    fed.loaded_mb = memory_mb("Rss")[0]
    fed.quiet_percent = 100 * feed_file(folder / "quiet", feed)
    fed.speech_percent = 100 * feed_file(folder / "speech", feed)
    long = folder / "long"
    feed_file(long, feed, 0, WARM_MINUTES * 60 * MICROPHONE_RATE)
    fed.readings_mb = [memory_mb("Rss")[0]]
    step = LOOK_MINUTES * 60 * MICROPHONE_RATE
    began, shares = time.monotonic(), []
    for start in range(WARM_MINUTES * 60 * MICROPHONE_RATE, long.stat().st_size // 2, step):
        shares.append(feed_file(long, feed, start, step))
        fed.readings_mb.append(memory_mb("Rss")[0])
    hours = len(shares) * LOOK_MINUTES / 60
    fed.times_real_time = hours * 3600 / (time.monotonic() - began)
    fed.long_percent = 100 * float(np.mean(shares))
    fed.warm_mb, fed.end_mb = fed.readings_mb[0], fed.readings_mb[-1]
    fed.growth_mb_hour = (fed.end_mb - fed.warm_mb) / hours
    late = fed.readings_mb[len(fed.readings_mb) // 2 :]
    if len(late) > 1:
        fed.late_slope_mb_hour = (
            float(np.polyfit(np.arange(len(late)), late, 1)[0]) * 60 / LOOK_MINUTES
        )
    fed.results = results()
    return fed


def in_a_process(name: str, folder: Path) -> Fed:
    """Let a process of its own do the work."""
    done = subprocess.run(
        [sys.executable, __file__, "--worker", name, "--folder", str(folder)],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    return Fed(**json.loads(done.stdout))


# --- (a) the real program ------------------------------------------------------------------------


class Watched:
    """The real program on a terminal of its own."""

    def __init__(self, variables: dict[str, str], *arguments: str) -> None:
        import pexpect

        self._timeout = pexpect.TIMEOUT
        self._child = pexpect.spawn(
            sys.executable, ["-m", "calmvoice", *arguments], env=variables, dimensions=(24, 80),
            timeout=300, encoding="utf-8",
        )  # fmt: skip
        self._child.expect("Listening")

    def let_run(self, seconds: float) -> int:
        """Let it run and take what it prints; return how many bridges were in it."""
        deadline, text = time.monotonic() + seconds, ""
        while (left := deadline - time.monotonic()) > 0:
            with suppress(self._timeout):
                text += self._child.read_nonblocking(65_536, timeout=left)
        return text.count("Nobody is leaving")

    def watch(self, name: str, seconds: float) -> Live:
        """Measure it for a while."""
        pid = self._child.pid
        stat = Path(f"/proc/{pid}/stat")
        shares, bridges, threads, first = [], 0, thread_seconds(pid), time.monotonic()
        for _ in range(max(1, round(seconds / SLICE_SECONDS))):
            began, before = time.monotonic(), processor_seconds(stat)
            bridges += self.let_run(min(SLICE_SECONDS, seconds))
            took = time.monotonic() - began
            shares.append(100 * (processor_seconds(stat) - before) / took)
        spent = (now - threads.get(tid, 0.0) for tid, now in thread_seconds(pid).items())
        whole = time.monotonic() - first
        by_thread = sorted((round(100 * s / whole, 2) for s in spent), reverse=True)
        rss, pss = memory_mb("Rss", "Pss", pid=pid)
        share = float(np.mean(shares))
        return Live(name, whole, share, max(shares), rss, pss, by_thread[:4], bridges)

    def close(self) -> None:
        """End it."""
        self._child.close(force=True)


@contextmanager
def program(variables: dict[str, str], *arguments: str) -> Iterator[Watched]:
    """Run the program; it is listening when this returns."""
    watched = Watched(variables, *arguments)
    try:
        watched.let_run(SETTLE_SECONDS)
        yield watched
    finally:
        watched.close()


def live(folder: Path, seconds: float) -> list[Live]:
    """Watch the real program in quiet and in speech."""
    from soundcard import SoundCard
    from theatre import Home

    from calmvoice.sound import Sound, from_pcm

    def variables(name: str) -> dict[str, str]:
        """Return a home for one run: a promise that the speech led to is not found by the next."""
        home = Home(folder / name, folder / "cache")
        home.settings.write_text(SETTINGS, "utf-8")
        return {**card.variables, **home.variables, "TERM": "xterm-256color"}

    spoken = from_pcm(np.fromfile(folder / "speech", "<i2"))
    with SoundCard() as card:
        Watched(variables("first"), "--plain", "--no-microphone").close()  # prepares the voice
        with program(variables("no-microphone"), "--plain", "--no-microphone") as watched:
            lives = [watched.watch("lines, no microphone", seconds / 2)]
        with card.hiss(-60.0, seconds=round(4 * seconds) + 120):
            with program(variables("lines"), "--plain") as watched:
                lives.append(watched.watch("lines, quiet", seconds))
                talk = card.say(Sound(spoken, MICROPHONE_RATE))
                watched.let_run(SETTLE_SECONDS / 2)
                lives.append(watched.watch("lines, speech", seconds))
                talk.kill()
                talk.wait()
            with program(variables("screen")) as watched:
                lives.append(watched.watch("screen, quiet", seconds))
    return lives


def main() -> None:
    """Measure, print the tables, and write the result beside this script."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--minutes", type=float, default=60.0, help="of audio in (b)")
    parser.add_argument("--seconds", type=float, default=60.0, help="of each condition in (a)")
    parser.add_argument("--json", type=Path, default=RESULTS)
    parser.add_argument("--worker", choices=tuple(FEEDERS), help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.worker:
        print(json.dumps(asdict(work(options.worker, options.folder))))
        return
    product = fingerprint()
    with tempfile.TemporaryDirectory(prefix="resources-") as name:
        folder = Path(name)
        quiet = np.random.default_rng(1).normal(0, 33, 60 * MICROPHONE_RATE)  # −60 dBFS
        quiet.astype("<i2").tofile(folder / "quiet")
        steady_speech(options.seconds + 10).tofile(folder / "speech")
        mixture(options.minutes + WARM_MINUTES).tofile(folder / "long")
        load = [os.getloadavg()[0]]
        lives = live(folder, options.seconds)
        load.append(os.getloadavg()[0])
        feds = [in_a_process(worker, folder) for worker in FEEDERS]
        load.append(os.getloadavg()[0])
    require_same(product)
    print(f"{'the program':22}     %  worst    RSS    PSS  threads %                bridges")
    for one in lives:
        threads = " ".join(f"{t:5.2f}" for t in one.threads_percent)
        print(
            f"{one.name:22} {one.percent:5.2f}  {one.worst_slice:5.2f} {one.rss_mb:6.1f} "
            f"{one.pss_mb:6.1f}  {threads:24} {one.bridges:5}"
        )
    print(
        "\nfed      quiet % speech %   long %  x real   loaded     warm      end  MB/h  late MB/h"
    )
    for fed in feds:
        print(
            f"{fed.name:8} {fed.quiet_percent:7.2f} {fed.speech_percent:8.2f} "
            f"{fed.long_percent:8.2f} {fed.times_real_time:7.1f} "
            f"{fed.loaded_mb - fed.before_model_mb:8.1f} {fed.warm_mb:8.1f} {fed.end_mb:8.1f} "
            f"{fed.growth_mb_hour:5.2f} {fed.late_slope_mb_hour:10.2f}"
        )
    found = {
        "quiet_percent": lives[1].percent,
        "speech_percent": lives[2].percent,
        "resident_mb": max(one.rss_mb for one in lives),
        "growth_mb_hour": feds[0].growth_mb_hour,
    }
    print()
    for key, bar in BARS.items():
        print(f"{key:15} {found[key]:7.2f}, at most {bar:g} wanted")
    warn_if_busy(*load)
    result = {
        "product": product,
        "bars": BARS,
        "found": found,
        "live": [asdict(one) for one in lives],
        "fed": [asdict(fed) for fed in feds],
        "load": load,
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}",
    }
    options.json.parent.mkdir(exist_ok=True)
    options.json.write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
