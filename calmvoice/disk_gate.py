"""Lets the voice begin at once, and tell the time only when the promise is on the disk.

The first sentence of a bridge holds no time and needs no disk; the others wait here. A disk that
does not answer is not waited for without end: the screen shows the trouble, the voice goes on.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator

LONGEST_WAIT_SECONDS = 5.0  # an SD card at its worst; a longer gap would be taken for the end


class DiskGate:
    """Shut while actions are carried out, from the voice's beginning to the written promise."""

    def __init__(self) -> None:
        self._open = threading.Event()
        self._open.set()

    @contextlib.contextmanager
    def shut(self) -> Iterator[None]:
        """Keep the others waiting meanwhile."""
        self._open.clear()
        try:
            yield
        finally:
            self._open.set()

    def wait(self) -> None:
        """Wait until what was promised is written, but not for ever."""
        self._open.wait(LONGEST_WAIT_SECONDS)
