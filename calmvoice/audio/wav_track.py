"""A WAV file that grows while it is written and can be read after the program was killed.

Rules: only what CalmVoice itself says is written here. The header is made right once a second,
after the samples; silence between sounds is a hole in the file, which takes no space on disk.
"""

from __future__ import annotations

import logging
import struct
from pathlib import Path
from typing import BinaryIO

from calmvoice.errors import SoundError
from calmvoice.sound import SPEAKER_RATE, Samples, to_pcm

logger = logging.getLogger(__name__)

HEADER = struct.Struct("<4sI4s4sIHHIIHH4sI")
LAST_SAMPLE = (2**32 - 1 - HEADER.size) // 2  # 12.4 hours: the format's sizes have 32 bits


class WavTrack:
    """Mono, 16 bits, ``SPEAKER_RATE``; samples are written at absolute positions, ascending."""

    def __init__(self, path: Path) -> None:
        """Begin the file; raises ``SoundError`` if it cannot be written."""
        self._path = path
        self._length = 0
        self._right = 0
        try:
            self._file: BinaryIO | None = path.open("wb")
            self._write_header(self._file)
        except OSError as error:
            raise SoundError(f"{path}: cannot be written ({error.strerror})") from error

    def write(self, at: int, samples: Samples) -> None:
        """Put samples at a position; a full disk or a full file ends the track, not the program."""
        if self._file is None:
            return
        try:
            if at + len(samples) > LAST_SAMPLE:
                raise OSError(0, "a WAV file holds 12 hours at most")
            self._file.seek(HEADER.size + 2 * at)
            self._file.write(to_pcm(samples).astype("<i2").tobytes())
            self._length = max(self._length, at + len(samples))
            if self._length - self._right >= SPEAKER_RATE:
                self._write_header(self._file)
        except OSError as error:
            logger.warning("%s: not written any further (%s)", self._path, error.strerror)
            self._abandon()

    def close(self) -> None:
        """Write what is left."""
        if self._file is not None:
            try:
                self._write_header(self._file)
            except OSError as error:
                logger.warning("%s: the end is not written (%s)", self._path, error.strerror)
            self._abandon()

    def _abandon(self) -> None:
        file, self._file = self._file, None
        try:
            if file is not None:
                file.close()
        except OSError as error:
            logger.warning("%s: not closed (%s)", self._path, error.strerror)

    def _write_header(self, file: BinaryIO) -> None:
        file.flush()
        size = 2 * self._length
        file.seek(0)
        file.write(
            HEADER.pack(
                b"RIFF", HEADER.size - 8 + size, b"WAVE",
                b"fmt ", 16, 1, 1, SPEAKER_RATE, 2 * SPEAKER_RATE, 2, 16,
                b"data", size,
            )
        )  # fmt: skip
        file.flush()
        self._right = self._length
