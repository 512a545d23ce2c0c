"""Speech as it is trained on: log-mel energies and sounds, prepared once, in one folder.

A prepared folder holds, for each source of speech, ``NAME.npy`` (all frames, ``(n, 40)`` float16)
and ``NAME.json`` (what was said where). Frames are read as they are needed, so that days of speech
do not have to fit into memory.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from calmvoice.ears.spectrum import STEP, energies
from calmvoice.sound import MICROPHONE_RATE
from models.recipe.lexicon import Pronunciations, words_of
from models.recipe.network import SUBSAMPLING
from models.recipe.recordings import (
    RecipeError,
    each_way,
    read_manifest,
    read_wave,
    to_samples,
)
from models.recipe.units import INDEX

LONGEST_SECONDS = 17.0
ROOMS = 0.65  # of the altered copies are heard in a room
FASTEST = 0.55  # rows a sound; what is faster has a wrong transcript
Frames = npt.NDArray[np.float32]
Ways = list[list[list[int]]]  # of each word its ways of being said, as units


@dataclass(frozen=True)
class Utterance:
    """What was said in which frames of a source: for each word its ways of being said, as units."""

    source: str
    speaker: str
    first: int
    frames: int
    words: Ways

    @property
    def states(self) -> int:
        """Sounds of the longest way of saying it, with a pause between all words."""
        return states_of(self.words)


class Prepared:
    """The prepared speech of one folder."""

    def __init__(
        self, folder: Path, leave_out: Sequence[str] = (), only: Sequence[str] = ()
    ) -> None:
        """Open it, but for the sources to leave out; raises ``RecipeError`` if nothing is left."""
        self.utterances: list[Utterance] = []
        self._frames: dict[str, npt.NDArray[np.float16]] = {}
        for path in sorted(folder.glob("*.json")):
            if path.stem in leave_out or (only and path.stem not in only):
                continue
            self.utterances += [Utterance(**fields) for fields in json.loads(path.read_text())]
            self._frames[path.stem] = np.load(path.with_suffix(".npy"), mmap_mode="r")
        if not self.utterances:
            raise RecipeError(f"no prepared speech in {folder}", "Run the step `prepare` first.")

    def log_mel(self, utterance: Utterance) -> Frames:
        """Return the log-mel energies of an utterance, ``(frames, 40)``."""
        first = utterance.first
        stored = self._frames[utterance.source][first : first + utterance.frames]
        return np.asarray(stored, np.float32)

    @property
    def hours(self) -> float:
        """How much speech it is."""
        return sum(u.frames for u in self.utterances) * STEP / MICROPHONE_RATE / 3600


def prepare(
    source: Path,
    target: Path,
    pronunciations: Pronunciations,
    speeds: tuple[float, ...] = (1.0,),
    report: Callable[[str], None] = lambda line: None,
) -> None:
    """Prepare one folder of recordings.

    Left out is what is over 17 s, has no word or one that nobody can pronounce, or is too short for
    what is said to be in it; ``report`` is told how many.
    """
    rng = np.random.default_rng(0)
    frames: list[npt.NDArray[np.float16]] = []
    told: list[Utterance] = []
    left_out = position = 0
    for recording in read_manifest(source):
        words = units_of(recording.text, pronunciations)
        if words is None or recording.seconds > LONGEST_SECONDS:
            left_out += 1
            continue
        shortest = SUBSAMPLING * FASTEST * sum(min(map(len, ways)) for ways in words)
        for _, wave in each_way(read_wave(recording.path), speeds, rng, ROOMS):
            rows = energies(to_samples(wave)).astype(np.float16)
            if len(rows) < shortest + SUBSAMPLING:
                left_out += 1
                continue
            speaker = f"{source.name}:{recording.speaker}"
            told.append(Utterance(source.name, speaker, position, len(rows), words))
            frames.append(rows)
            position += len(rows)
    if not told:
        raise RecipeError(f"nothing in {source} can be trained on", "Are its transcripts English?")
    target.mkdir(parents=True, exist_ok=True)
    np.save(target / f"{source.name}.npy", np.concatenate(frames))
    (target / f"{source.name}.json").write_text(json.dumps([asdict(u) for u in told]))
    report(f"{source.name}: {len(told)} utterances, {left_out} left out")


def states_of(words: Ways) -> int:
    """Return the sounds of the longest way of saying words, with a pause around each."""
    return 1 + sum(1 + max(map(len, ways)) for ways in words)


def units_of(text: str, pronunciations: Pronunciations) -> Ways | None:
    """Return the ways of saying each word as units; None if there is none or one is unknown."""
    words = [pronunciations.of(word) for word in words_of(text)]
    if not words or not all(words):
        return None
    return [[[INDEX[phone] for phone in way] for way in ways] for ways in words]
