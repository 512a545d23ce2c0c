"""Memory that is given back: the C library keeps what was freed for later, 10 MB in this program.

glibc learns from the first large block that is freed (a model's file, 7 MB) to keep such blocks in
a heap that only shrinks from its end. Told a size once, it returns every larger block at once;
at this size the ears take no more of the processor.
"""

from __future__ import annotations

import ctypes

LARGE_BYTES = 1 << 20
_MMAP_THRESHOLD = -3  # glibc's malloc.h


def give_back_large_blocks() -> bool:
    """Let freed blocks of a megabyte go back to the system; False with another C library."""
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):
        return False
    return bool(mallopt(_MMAP_THRESHOLD, LARGE_BYTES))
