"""Never two programs on one promise: a lock on a file beside the journal.

Rules: the lock is the system's (``flock``), so it is gone the moment its holder is, however it
ended; the file itself means nothing and is never removed, because a lock on a removed file would
let two in. It lies with the promise, and in the runtime folder where that cannot be written: two
logins may not share that one. Where there is neither, the pause goes before the lock.
Whoever only looks holds it for some microseconds; whoever starts tries again after that.
Where the folder is taken away and made anew while the program runs, the lock is taken in it again.
"""

from __future__ import annotations

import contextlib
import fcntl
import logging
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from calmvoice.errors import RunningError
from calmvoice.single import place

log = logging.getLogger(__name__)

NAME = "running.lock"
TRIES, BETWEEN_SECONDS = 10, 0.05  # a killed program's child may hold it until it has begun
LOOK_SECONDS = 5.0  # between two looks whether the file is still there


@contextmanager
def claim(journal: Path, wait: bool = False) -> Iterator[None]:
    """Hold the promise of this journal for one program.

    Raises ``RunningError`` while another holds it, or waits for its end.
    """
    file = _open(journal)
    if file is None:
        log.warning("there can be no lock: let no second CalmVoice run")
        yield
        return
    try:
        if wait:
            fcntl.flock(file, fcntl.LOCK_EX)
        elif not _take_in_time(file):
            raise RunningError("CalmVoice is already running", holder=_read(file))
        _sign(file)
        over = threading.Event()
        keeper = threading.Thread(
            target=_keep, args=(file, journal, over), name="claim", daemon=True
        )
        keeper.start()
        try:
            yield
        finally:
            over.set()
            keeper.join()
    finally:
        os.close(file)


def _sign(file: int) -> None:
    with contextlib.suppress(OSError):  # a full disk
        os.ftruncate(file, 0)
        os.pwrite(file, f"{os.getpid()}\n".encode(), 0)


def _keep(file: int, journal: Path, over: threading.Event) -> None:
    """Take the lock again where its file was removed: a lock on that would let two in."""
    while not over.wait(LOOK_SECONDS):
        with contextlib.suppress(OSError):
            if os.fstat(file).st_nlink or not journal.parent.is_dir():
                continue
            fresh = _open(journal)
            if fresh is None:
                continue
            if _take(fresh):
                os.dup2(fresh, file)  # the new one is held before the old one goes
                _sign(file)
            os.close(fresh)


def is_claimed(journal: Path) -> bool:
    """Say whether a program holds the promise of this journal now, and not only to look at it."""
    file = _open(journal)
    if file is None:
        return False
    try:
        return not _take_in_time(file)
    finally:
        os.close(file)


def _open(journal: Path) -> int | None:
    """Open the lock's file where that can be; no two ways of opening give two locks."""
    for path, how in (
        (journal.with_name(NAME), os.O_RDWR | os.O_CREAT),
        (journal.with_name(NAME), os.O_RDONLY),
        (place.folder() / NAME, os.O_RDWR | os.O_CREAT),
    ):
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            return os.open(path, how, 0o600)
        except OSError as error:
            log.info("%s: %s", path, error.strerror)
    return None


def _take_in_time(file: int) -> bool:
    """Take the lock, unless somebody holds it for longer than a look takes."""
    return any(_take(file, BETWEEN_SECONDS) for _ in range(TRIES))


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
