"""Never two programs on one promise: a lock on a file beside the journal.

Rules: the lock is the system's (``flock``), so it is gone the moment its holder is, however it
ended; the file itself means nothing and is never removed, because a lock on a removed file would
let two in. It lies with the promise and not in the runtime folder, which two logins may not share.
Whoever only looks holds it for some microseconds; whoever starts tries again after that.
"""

from __future__ import annotations

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from calmvoice.errors import JournalError, RunningError

NAME = "running.lock"
TRIES, BETWEEN_SECONDS = 3, 0.05


@contextmanager
def claim(journal: Path, wait: bool = False) -> Iterator[None]:
    """Hold the promise of this journal for one program.

    Raises ``RunningError`` while another holds it, or waits for its end; raises ``JournalError``
    where no lock can be had at all.
    """
    file = _open(journal.with_name(NAME))
    try:
        if wait:
            fcntl.flock(file, fcntl.LOCK_EX)
        elif not any(_take(file, BETWEEN_SECONDS) for _ in range(TRIES)):
            raise RunningError("CalmVoice is already running", holder=_read(file))
        os.ftruncate(file, 0)
        os.pwrite(file, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(file)


def is_claimed(journal: Path) -> bool:
    """Say whether a program holds the promise of this journal now."""
    path = journal.with_name(NAME)
    if not path.exists():
        return False
    file = _open(path)
    try:
        return not _take(file)
    finally:
        os.close(file)


def _open(path: Path) -> int:
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise JournalError(
            f"{path}: {error.strerror}", "Is the disk full, or the folder not yours?"
        ) from error


def _take(file: int, patience: float = 0.0) -> bool:
    """Take the lock if nobody holds it; wait a little if somebody does."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        threading.Event().wait(patience)
        return False
    return True


def _read(file: int) -> int | None:
    """Return the process that holds the lock, as it wrote it down."""
    written = os.pread(file, 20, 0).strip()
    return int(written) if written.isdigit() else None
