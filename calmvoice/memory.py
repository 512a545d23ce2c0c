"""Memory that is given back: the C library keeps what was freed for later.

glibc learns from the first large block that is freed (a model's file, 7 MB) to keep such blocks in
a heap that only shrinks from its end. Told a size once, it returns every larger block at once;
at this size the ears take no more of the processor. What smaller blocks leave, some ten megabytes
after the start or a pause, is given back when CalmVoice listens again.
"""

from __future__ import annotations

import ctypes

from calmvoice.attendants import Attendant
from calmvoice.session.stages import Stage
from calmvoice.shell import Status

LARGE_BYTES = 1 << 20
_MMAP_THRESHOLD = -3  # glibc's malloc.h


def give_back_large_blocks() -> bool:
    """Let freed blocks of a megabyte go back to the system; False with another C library."""
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):
        return False
    return bool(mallopt(_MMAP_THRESHOLD, LARGE_BYTES))


def give_back_freed() -> bool:
    """Give back all that was freed, 10 ms; False with another C library."""
    try:
        trim = ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError, TypeError):
        return False
    return bool(trim(0))


class Tidying(Attendant):
    """Gives back what was freed each time CalmVoice comes to rest."""

    def __init__(self) -> None:
        self._at_rest = False

    def show_status(self, status: Status) -> None:
        """Give it back when nothing sounds and nobody is apart."""
        before, self._at_rest = self._at_rest, is_at_rest(status)
        if self._at_rest and not before:
            give_back_freed()


def is_at_rest(status: Status) -> bool:
    """Say whether it only listens."""
    return status.stage is Stage.LISTENING and not status.is_speaking
