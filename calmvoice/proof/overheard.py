"""Remembers, in memory, pieces of what the ears hear, to look for them in what was written.

Rules: this is the one place that keeps what was heard for longer than seconds; it exists only in
the process that proves that nothing is left, is bounded, and is never written anywhere.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Protocol

import numpy as np

from calmvoice.language import words_of
from calmvoice.meanings import Meaning
from calmvoice.ports import Ears, Heard
from calmvoice.sound import MICROPHONE_RATE, PcmSamples, from_pcm

PIECE = 64  # samples, 4 ms: two different sounds never share so many
MOST_PIECES = 600  # ten minutes, one a second


class Transcriber(Protocol):
    """Writes down what it hears; a Vosk recogniser without a grammar."""

    def AcceptWaveform(self, data: bytes) -> int:  # noqa: N802 - Vosk's name
        """Take int16 samples; true at the end of an utterance."""

    def Result(self) -> str:  # noqa: N802 - Vosk's name
        """Return the utterance as JSON."""

    def FinalResult(self) -> str:  # noqa: N802 - Vosk's name
        """Return what is left as JSON."""


class Overheard:
    """Implements the ``Ears`` port around ears: what they hear, it keeps pieces of."""

    def __init__(self, ears: Ears, transcriber: Transcriber | None = None) -> None:
        self._ears, self._transcriber = ears, transcriber
        self.seconds = 0.0
        self._pieces: list[PcmSamples] = []
        self._second: list[PcmSamples] = []
        self._texts: list[str] = []

    def expect(self, phrases: Mapping[Meaning, Sequence[str]]) -> None:
        """Pass it on."""
        self._ears.expect(phrases)

    def feed(self, samples: PcmSamples, *, own_voice: bool = False) -> list[Heard]:
        """Keep the loudest piece of each second, and pass everything on."""
        self.seconds += len(samples) / MICROPHONE_RATE
        self._second.append(samples.copy())
        if sum(map(len, self._second)) >= MICROPHONE_RATE:
            self._keep(np.concatenate(self._second))
            self._second = []
        if self._transcriber is not None and self._transcriber.AcceptWaveform(samples.tobytes()):
            self._texts.append(_text(self._transcriber.Result()))
        return self._ears.feed(samples, own_voice=own_voice)

    def clear(self) -> None:
        """Pass it on; what is in pieces already is still looked for."""
        self._second = []
        self._ears.clear()

    def pieces(self) -> list[bytes]:
        """Return each piece as it would stand in a file: int16 and float32, little-endian."""
        return [
            form
            for piece in self._pieces
            for form in (piece.astype("<i2").tobytes(), from_pcm(piece).astype("<f4").tobytes())
        ]

    def word_pairs(self, own: Iterable[str]) -> set[tuple[str, str]]:
        """Return the pairs of words that were said, but those of our own lines and phrases."""
        if self._transcriber is not None:
            self._texts.append(_text(self._transcriber.FinalResult()))
        ours = {pair for text in own for pair in pairwise(words_of(text))}
        return {pair for text in self._texts for pair in pairwise(words_of(text))} - ours

    def _keep(self, second: PcmSamples) -> None:
        at = int(np.argmax(np.abs(second.astype(np.int32))))
        piece = second[max(0, min(at, len(second) - PIECE)) :][:PIECE]
        if len(np.unique(piece)) > PIECE // 8 and len(self._pieces) < MOST_PIECES:
            self._pieces.append(piece)  # silence stands in any file


def left_in(
    files: Iterable[Path], pieces: Sequence[bytes], pairs: set[tuple[str, str]]
) -> list[str]:
    """Return which files hold a piece of sound or two words that were said one after the other."""
    found = []
    for path in files:
        try:
            content = path.read_bytes()
        except OSError:  # gone again, or a device
            continue
        if any(piece in content for piece in pieces):
            found.append(f"{path}: a sound")
        said = set(pairwise(words_of(content.decode("utf-8", "ignore")))) & pairs
        if said:
            found.append(f"{path}: words")
    return found


def _text(result: str) -> str:
    answer = json.loads(result)
    best = answer.get("alternatives", [{}])[0]
    return str(answer.get("text") or best.get("text", ""))
