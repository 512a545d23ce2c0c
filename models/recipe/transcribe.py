"""Transcripts for recordings that have none, by a recogniser far larger than our own.

Made are lines of a manifest (``recordings``). Small numbers are written out; left out is what the
recogniser itself doubts, what it hears as more than one stretch, and what has a sign or a number
that may be said in more ways than one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from calmvoice.clock_words import number
from models.recipe.recordings import MANIFEST, RecipeError, Recording

DOUBTED = -0.6  # mean log probability of a token, under which one in three has a wrong word
BEAM = 5
_UNSAID = re.compile(r"[^A-Za-z0-9\s.,;:!?'’\"()-]")
_NUMBER = re.compile(r"(?<![\w.,:-])[1-9]\d{0,2}(?![\w:-]|[.,]\d)")  # alone, up to 999


@dataclass(frozen=True)
class Recognised:
    """What a recogniser makes of a recording: how long it is, and each stretch of talk in it."""

    seconds: float
    texts: tuple[str, ...]
    likelihood: float  # the lowest mean log probability of a token of any stretch


Recogniser = Callable[[Path], Recognised]


def transcribe(files: Iterable[Path], recogniser: Recogniser, target: Path) -> tuple[int, int]:
    """Write a manifest of the files into a folder; return how many are in it, and how many not.

    Whom a file is by is told from its folder and name. Raises ``RecipeError`` if nothing is left.
    """
    lines, left_out = [], 0
    for path in files:
        found = recording_of(path, recogniser(path))
        if found is None:
            left_out += 1
            continue
        lines.append(f"{path.resolve()}\t{found.seconds:.2f}\t{found.speaker}\t{found.text}\n")
    if not lines:
        raise RecipeError(
            f"none of {left_out} recordings could be transcribed", "Are they English?"
        )
    target.mkdir(parents=True, exist_ok=True)
    (target / MANIFEST).write_text("".join(lines), "utf-8")
    return len(lines), left_out


def recording_of(path: Path, heard: Recognised) -> Recording | None:
    """Return what was said in a file; None where that is in doubt."""
    if len(heard.texts) != 1 or heard.likelihood < DOUBTED:
        return None
    text = _NUMBER.sub(lambda found: number(int(found[0])), heard.texts[0])
    if _UNSAID.search(text) or re.search(r"\d", text):
        return None
    return Recording(path, heard.seconds, f"{path.parent.name}-{path.stem}", " ".join(text.split()))


def whisper(model: Path) -> Recogniser:
    """Return Whisper from a folder in CTranslate2's format; needs the package faster-whisper."""
    try:
        from faster_whisper import WhisperModel
    except ImportError as error:
        raise RecipeError(
            "the package faster-whisper is not installed", "pip install faster-whisper"
        ) from error
    try:
        known = WhisperModel(str(model), device="cpu", compute_type="int8", local_files_only=True)
    except (RuntimeError, OSError, ValueError) as error:
        raise RecipeError(
            f"{model} holds no Whisper model: {error}",
            "It needs model.bin, config.json, tokenizer.json and the vocabulary.",
        ) from error

    def recognise(path: Path) -> Recognised:
        stretches, about = known.transcribe(
            str(path), language="en", beam_size=BEAM, condition_on_previous_text=False,
            without_timestamps=True,
        )  # fmt: skip
        said = list(stretches)
        texts = tuple(stretch.text.strip() for stretch in said)
        return Recognised(about.duration, texts, min((s.avg_logprob for s in said), default=-9.0))

    return recognise
