"""Where the local socket lies: the user's runtime folder, which nobody else may enter.

Rules: a folder that is not ours, or that others may enter, is not used; a path may be longer than
a socket's address (107 bytes), so the folder is opened and named by its descriptor.
"""

from __future__ import annotations

import hashlib
import os
import stat
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import platformdirs

from calmvoice import journal
from calmvoice.errors import RunningError


def name() -> str:
    """Return the socket's name: a door for each journal, in the one folder that a user has."""
    kept = str(journal.default_path().absolute())
    return "door-" + hashlib.sha256(kept.encode("utf-8", "surrogateescape")).hexdigest()[:12]


def folder() -> Path:
    """Return the folder; it may not be there yet."""
    with warnings.catch_warnings():  # without a login session there is one in the temporary folder
        warnings.simplefilter("ignore")
        return platformdirs.user_runtime_path("calmvoice")


@contextmanager
def address(where: Path, make: bool = False) -> Iterator[str]:
    """Give the socket's address while the folder is held open.

    Raises ``RunningError`` for a folder that is open to others, ``OSError`` if there is none.
    """
    if make:
        where.mkdir(parents=True, exist_ok=True, mode=0o700)
    held = os.open(where, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        found = os.fstat(held)
        if found.st_uid != os.getuid() or stat.S_IMODE(found.st_mode) & 0o077:
            raise RunningError(
                f"{where} is open to others", "It must be yours alone: remove it, and start again."
            )
        yield f"/proc/self/fd/{held}/{name()}"
    finally:
        os.close(held)
