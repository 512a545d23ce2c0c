"""The recordings of a couple on their disk: each one line of theirs, until they remove it.

Rules a change must respect:

- Files are for their owner alone (0600 in a folder of 0700), and appear whole or not at all.
- What is removed is overwritten first, as far as the disk overwrites anything.
- A recording belongs to the words it was made for: when the line changes, it is not used any more,
  for it might promise what is no longer agreed on.
- A file that cannot be read is as good as none: the voice speaks. The log names the line.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
from dataclasses import dataclass
from pathlib import Path

from calmvoice.errors import SoundError
from calmvoice.sound import SPEAKER_RATE, Sound, read_wav, write_wav

MARK = "~"  # between the name of a line and the sign of its words; no role holds it

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Kept:
    """One recording: the name of its line, the sign of its words, its file."""

    name: str
    sign: str
    path: Path

    def holds_for(self, words: str) -> bool:
        """Say whether these are the words it was made for."""
        return self.sign == _sign(words)


class Recordings:
    """The recordings in a folder; reading is safe from any thread."""

    def __init__(self, folder: Path) -> None:
        """Touch no disk yet."""
        self.folder = folder

    def find(self, name: str, words: str) -> Sound | None:
        """Return the recording of a line at 48 kHz, if there is one for these words."""
        path = self._path(name, words)
        if not path.is_file():
            return None
        try:
            sound = read_wav(path)
            if sound.rate == SPEAKER_RATE:
                return sound
        except SoundError:
            pass
        log.warning("the recording of %s cannot be used; the voice says it", name)
        return None

    def keep(self, name: str, words: str, sound: Sound) -> None:
        """Put it in place of an older one of this line; raises ``SoundError``."""
        path = self._path(name, words)
        part = path.with_suffix(".part")
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.folder.chmod(0o700)
            part.unlink(missing_ok=True)
            part.touch(mode=0o600)
            write_wav(part, sound)
            part.replace(path)
        except OSError as error:
            raise SoundError(
                f"{self.folder}: cannot be written ({error.strerror})", "Is the disk full?"
            ) from error
        finally:
            with contextlib.suppress(OSError):  # it never came to be, or cannot be reached
                part.unlink()
        self._remove([one for one in self.kept() if one.name == name and one.path != path])

    def kept(self) -> tuple[Kept, ...]:
        """Return what there is, by name."""
        found = []
        for path in sorted(self.folder.glob(f"*{MARK}*.wav")):
            name, _, sign = path.stem.rpartition(MARK)
            found.append(Kept(name, sign, path))
        return tuple(found)

    def remove(self, name: str) -> bool:
        """Remove the recording of a line; return whether there was one."""
        return self._remove([one for one in self.kept() if one.name == name]) > 0

    def wipe(self) -> int:
        """Remove all; return how many there were."""
        return self._remove(list(self.kept()))

    def _remove(self, those: list[Kept]) -> int:
        try:
            for one in those:
                with one.path.open("r+b") as file:
                    file.write(bytes(one.path.stat().st_size))
                    file.flush()
                    os.fsync(file.fileno())
                one.path.unlink()
        except OSError as error:
            raise SoundError(f"{self.folder}: cannot be removed ({error.strerror})") from error
        return len(those)

    def _path(self, name: str, words: str) -> Path:
        return self.folder / f"{name}{MARK}{_sign(words)}.wav"


def _sign(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()[:12]
