"""One spotter at work in a process of its own: clips, other speech, noise; its time and memory.

Rules:
- Processor time is the process's own, never the clock on the wall: the machine may be busy.
- Memory is the peak of the process, with what it was before the spotter was loaded beside it.
- Every spotter hears the same scenes: each pass draws with a seed of its own.
"""

from __future__ import annotations

import logging
import resource
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from counting import Answer, Detection, Trial, judge
from peers import MicroWakeWord, OpenWakeWord, Sphinx
from recordings import AFTER_SECONDS, BEFORE_SECONDS, audible, half, load, scene, speaker
from reverberation import Wave
from spotters import CHUNK, OurEars, Spotter, SpotterMissingError

from calmvoice.sound import MICROPHONE_RATE

log = logging.getLogger(__name__)

OURS = "CalmVoice"
SPOTTERS: dict[str, Callable[[tuple[str, ...]], Spotter]] = {
    OURS: OurEars,
    "PocketSphinx": lambda phrases: Sphinx(phrases[0]),
    "openWakeWord": lambda phrases: OpenWakeWord(phrases[0]),
    "microWakeWord": lambda phrases: MicroWakeWord(phrases[0]),
}
QUIET_SECONDS = 60


@dataclass(frozen=True)
class Task:
    """What one process does."""

    spotter: str
    phrases: tuple[str, ...]
    part: str
    conditions: tuple[str, ...] = ()
    clips: tuple[Path, ...] = ()
    near: Mapping[str, tuple[Path, ...]] = field(default_factory=dict)
    other: tuple[Path, ...] = ()
    noise: tuple[Path, ...] = ()
    household: tuple[Path, ...] = ()

    @property
    def phrase(self) -> str:
        """What it listens for, for people."""
        return self.phrases[0] if len(self.phrases) == 1 else f"{len(self.phrases)} phrases"


@dataclass(frozen=True)
class Passage:
    """What was found in sound without the phrase: scores of all places, and what was told."""

    hours: float
    sure: int
    asked: int
    scores: tuple[float, ...]
    cpu_percent: float


@dataclass
class Outcome:
    """What a task found; ``missing`` says why there is nothing. Memory in MB."""

    spotter: str
    phrase: str
    missing: str = ""
    trials: dict[str, list[Trial]] = field(default_factory=dict)
    near: dict[str, list[Trial]] = field(default_factory=dict)
    other: Passage | None = None
    noise: Passage | None = None
    quiet_cpu_percent: float | None = None
    before_mb: float = 0.0
    peak_mb: float = 0.0


def perform(task: Task) -> Outcome:
    """Do a task in this process, which must be new."""
    outcome = Outcome(task.spotter, task.phrase)
    for path in (*task.other[:1], *task.clips[:1]):
        load(path)  # so that the libraries for it are not counted
    outcome.before_mb = memory_mb("VmRSS")
    try:
        spotter = SPOTTERS[task.spotter](task.phrases)
    except SpotterMissingError as error:
        outcome.missing = str(error)
        return outcome
    outcome.quiet_cpu_percent = quiet(spotter)
    outcome.other = without_phrase(spotter, task.other)
    log.info("%s, %s: other speech done", task.spotter, task.phrase)
    outcome.noise = without_phrase(spotter, task.noise)
    noises = [half(load(path), task.part) for path in task.household]
    for condition in task.conditions:
        outcome.trials[condition] = trials(spotter, task.clips, condition, noises)
        log.info("%s, %s: %s done", task.spotter, task.phrase, condition)
    for phrase, files in task.near.items():
        outcome.near[phrase] = trials(spotter, files, "clean", noises)
    outcome.peak_mb = memory_mb("VmHWM")
    return outcome


def trials(
    spotter: Spotter, files: Sequence[Path], condition: str, noises: Sequence[Wave]
) -> list[Trial]:
    """Return what became of each clip in one condition."""
    rng, done = np.random.default_rng(1), []
    for path in files:
        speech = load(path)
        found = spotter.detections(scene(speech, condition, noises, rng))
        end = BEFORE_SECONDS + len(speech) / MICROPHONE_RATE
        phrase_end = BEFORE_SECONDS + audible(speech)[1]
        done.append(judge(found, BEFORE_SECONDS, end, phrase_end, speaker(path)))
    return done


def without_phrase(spotter: Spotter, files: Sequence[Path]) -> Passage | None:
    """Return what is found where nobody says it; hours are of speech."""
    if not files:
        return None
    rng, spoken, heard, used = np.random.default_rng(2), 0.0, 0.0, 0.0
    found: list[Detection] = []
    for path in files:
        speech = load(path)
        audio = scene(speech, "clean", (), rng)
        begin, end = audible(speech)
        spoken += end - begin
        heard += BEFORE_SECONDS + len(speech) / MICROPHONE_RATE + AFTER_SECONDS
        before = cpu_seconds()
        found += spotter.detections(audio)
        used += cpu_seconds() - before
    return Passage(
        spoken / 3600,
        sum(d.answer is Answer.SURE for d in found),
        sum(d.answer is Answer.ASKED for d in found),
        tuple(d.score for d in found),
        100 * used / heard,
    )


def quiet(spotter: Spotter) -> float:
    """Return the share of a core, in percent, in a quiet room."""
    audio = np.random.default_rng(4).normal(0, 3, QUIET_SECONDS * MICROPHONE_RATE)
    before = cpu_seconds()
    spotter.detections(audio.astype(np.int16))
    return 100 * (cpu_seconds() - before) / QUIET_SECONDS


def growth(phrase: str, files: Sequence[Path], minutes: float, loops: int) -> list[float]:
    """Return the memory, in MB, after each time our ears have heard the same minutes again."""
    from calmvoice.ears.model import SpeechModel
    from calmvoice.ears.vosk_ears import VoskEars
    from calmvoice.meanings import Meaning

    ears = VoskEars(SpeechModel())
    ears.expect({Meaning.SIGNAL: [phrase]})
    readings = []
    for loop in range(loops):
        rng, heard = np.random.default_rng(6), 0
        for path in files:
            audio = scene(load(path), "clean", (), rng)
            for at in range(0, len(audio), CHUNK):
                ears.feed(audio[at : at + CHUNK])
            heard += len(audio)
            if heard > minutes * 60 * MICROPHONE_RATE:
                break
        readings.append(round(memory_mb("VmRSS"), 1))
        log.info("growth: loop %d of %d, %.1f MB", loop + 1, loops, readings[-1])
    return readings


def cpu_seconds() -> float:
    """Return what this process has used, all its threads."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def memory_mb(key: str) -> float:
    """Return a size from /proc: ``VmRSS`` now, ``VmHWM`` at most."""
    lines = Path("/proc/self/status").read_text().splitlines()
    sizes = dict(line.split(":", 1) for line in lines)
    return int(sizes[key].split()[0]) / 1024
