"""A second copy of the promise, beside the journal: two places in one file of fixed size.

Rules:
1. The file has its full size from the start and each step overwrites one of its two places, by
   turns, so that a full disk can still take a promise, and a step that is torn leaves the one
   before it.
2. A place that was not written whole is not read: each carries its own checksum.
3. Where the file cannot be had (a folder that cannot be written), it is kept where the system
   keeps what lasts until it is switched off.
"""

from __future__ import annotations

import contextlib
import json
import os
import stat
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from calmvoice.errors import JournalError
from calmvoice.session.promise import Promise, from_plain

PLACE = 512  # bytes: one sector of the oldest disks
NAME = "promise.copy"


@dataclass(frozen=True)
class Copied:
    """What was found: the step, and the promise that stood then; None when there was none."""

    serial: int
    promise: Promise | None


class PromiseCopy:
    """The file, open for writing; raises ``JournalError``."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with self._explained():
            self._file = self._open()

    def _open(self) -> int:
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        number = open_plain(self.path, os.O_RDWR | os.O_CREAT)
        missing = 2 * PLACE - os.fstat(number).st_size
        if missing > 0:
            os.pwrite(number, bytes(missing), 2 * PLACE - missing)
            os.fsync(number)
            sync_folder(self.path.parent)
        return number

    def write(self, promise: Promise | None, serial: int) -> None:
        """Put the step on disk; it is there when this returns, though the file was taken away."""
        with self._explained():
            if not is_in_place(os.fstat(self._file), self.path):
                taken_away, self._file = self._file, self._open()
                os.close(taken_away)
        self._write(promise, serial, serial % 2)
        if promise is None:  # nothing of an ended pause stays
            self._write(promise, serial, (serial + 1) % 2)

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._file)

    def _write(self, promise: Promise | None, serial: int, place: int) -> None:
        with self._explained():
            content = framed(promise, serial)
            if os.pwrite(self._file, content, place * PLACE) != PLACE:
                raise OSError("it was written in part only")
            os.fsync(self._file)

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise JournalError(
                f"{self.path}: {error}", "Is the disk full, or the folder not yours?"
            ) from error


def read_copy(path: Path) -> Copied | None:
    """Return the latest step that was written whole; None if there is none."""
    try:
        number = open_plain(path, os.O_RDONLY)
    except OSError:
        return None
    with os.fdopen(number, "rb") as file:
        content = file.read(2 * PLACE)
    found = [copied for at in (0, PLACE) if (copied := parsed(content[at : at + PLACE]))]
    return max(found, key=lambda copied: copied.serial, default=None)


def framed(promise: Promise | None, serial: int) -> bytes:
    """Return one place: checksum, JSON, blanks."""
    values: dict[str, Any] = {"serial": serial}
    if promise is not None:
        values["promise"] = asdict(promise)
    text = json.dumps(values, separators=(",", ":")).encode("ascii")
    return (b"%08x %s" % (zlib.crc32(text), text)).ljust(PLACE)


def parsed(place: bytes) -> Copied | None:
    """Return what stands in one place; None if it is not whole."""
    try:
        checksum, _, text = place.rstrip(b" ").partition(b" ")
        if int(checksum, 16) != zlib.crc32(text):
            return None
        values = json.loads(text)
        promise = values.get("promise")
        return Copied(int(values["serial"]), None if promise is None else from_plain(promise))
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def open_plain(path: Path, flags: int) -> int:
    """Open a file that is one: a link or a pipe in its place is refused with ``OSError``."""
    number = os.open(path, flags | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK, 0o600)
    if not stat.S_ISREG(os.fstat(number).st_mode):
        os.close(number)
        raise OSError("it is no ordinary file")
    return number


def is_in_place(known: os.stat_result, path: Path) -> bool:
    """Say whether a path still leads to a file that was opened by it."""
    try:
        return os.path.samestat(known, path.stat())
    except OSError:
        return False


def sync_folder(folder: Path) -> None:
    """See to it that a name that is new in a folder is on the disk."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def beside(journal: Path) -> Path:
    """Return where the copy is kept."""
    return journal.with_name(NAME)


def until_switched_off(journal: Path) -> Path | None:
    """Return where the copy of this journal is kept when it cannot be beside it."""
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    if not runtime:
        return None
    return Path(runtime) / "calmvoice" / f"{zlib.crc32(os.fsencode(journal)):08x}-{NAME}"
