"""Prepared clips on disk: only a convenience, so nothing that fails here may stop the voice.

Rules a change must respect:

- A file appears under its name whole or not at all: it is written under another name first.
- What cannot be read, or is not a sound that ``levels`` could have made, is as good as missing.
- A directory that cannot be written to is said once, at WARNING, and never with the text.
- Names are hashes, the directory is for its owner only: a couple's lines are not on show.
"""

from __future__ import annotations

import hashlib
import logging
import os
import threading
from pathlib import Path

import numpy as np

from calmvoice.errors import SoundError
from calmvoice.sound import SPEAKER_RATE, Sound, read_wav, write_wav
from calmvoice.voice.levels import LEAD, TAIL

PIPELINE_VERSION = "1"  # raise it when levels, pace or an adapter would make another sound
PRUNED_TO = 0.9  # of the limit, so that pruning is not repeated at each clip

log = logging.getLogger(__name__)


class ClipCache:
    """Keeps sounds by voice identity and text, up to a size; safe to call from any thread."""

    def __init__(self, directory: Path, identity: str, limit_bytes: int) -> None:
        """Touch no disk yet."""
        self._directory = directory
        self._identity = identity
        self._limit_bytes = limit_bytes
        self._lock = threading.Lock()
        self._bytes: int | None = None  # unknown until the first write counts them
        self._complained = False

    def path(self, text: str) -> Path:
        """Return where the text's clip is, or would be."""
        parts = "\0".join((self._identity, PIPELINE_VERSION, text))
        return self._directory / f"{hashlib.sha256(parts.encode()).hexdigest()}.wav"

    def has(self, text: str) -> bool:
        """Say whether a file is there; whether it is whole is known when it is loaded."""
        try:
            return self.path(text).stat().st_size > 44
        except OSError:
            return False

    def load(self, text: str) -> Sound | None:
        """Return the sound, marking it as used, or None if there is no good one."""
        path = self.path(text)
        if not self.has(text):
            return None
        try:
            sound = read_wav(path)
        except SoundError:
            log.info("a damaged clip is made again: %s", path.name)
            return None
        if sound.rate != SPEAKER_RATE or not np.any(sound.samples[LEAD:-TAIL]):
            log.info("a damaged clip is made again: %s", path.name)
            return None
        try:
            os.utime(path)
        except OSError:
            log.debug("a clip's time of use could not be set: %s", path.name)
        return sound

    def save(self, text: str, sound: Sound) -> None:
        """Keep the sound if the disk allows it."""
        path = self.path(text)
        part = path.with_suffix(f".{os.getpid()}-{threading.get_ident()}.part")
        try:
            self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            part.touch()  # fails cleanly; the wave module would print a stray traceback
            write_wav(part, sound)
            part.replace(path)
            self._prune(path.stat().st_size)
        except (OSError, SoundError) as error:
            reason = error.strerror if isinstance(error, OSError) else error
            with self._lock:
                first, self._complained = not self._complained, True
            if first:
                log.warning("clips cannot be kept in %s: %s", self._directory, reason)
            try:
                part.unlink(missing_ok=True)
            except OSError:
                log.debug("an unfinished clip is left behind: %s", part.name)

    def _prune(self, added: int) -> None:
        with self._lock:
            if self._bytes is not None and self._bytes + added <= self._limit_bytes:
                self._bytes += added
                return
            # Counted anew: another process may use the directory too. ".part" files of a process
            # that was killed are counted and go with the oldest.
            found = []
            for path in (*self._directory.glob("*.wav"), *self._directory.glob("*.part")):
                try:
                    status = path.stat()
                except FileNotFoundError:
                    continue
                found.append((status.st_mtime_ns, status.st_size, path))
            found.sort(key=lambda entry: entry[0])
            self._bytes = sum(size for _, size, _ in found)
            if self._bytes <= self._limit_bytes:
                return
            for _, size, path in found:
                if self._bytes <= PRUNED_TO * self._limit_bytes:
                    break
                path.unlink(missing_ok=True)
                self._bytes -= size
