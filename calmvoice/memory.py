"""Memory that is given back: libraries keep what was used once for later.

glibc learns from the first large block that is freed (a model's file, 7 MB) to keep such blocks in
a heap that only shrinks from its end. Told a size once, it returns every larger block at once;
at this size the ears take no more of the processor. What smaller blocks leave, some ten megabytes
after the start, a pause or a talk, is given back on demand (``tidying``, ``ears.vosk_ears``).

To list the devices PortAudio opens each one that ALSA knows of. For one of them, which turns sound
into AC-3, a whole film decoder is loaded, 11 MB; ALSA keeps it until its configuration is freed,
and reads that again when it is asked.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable

LARGE_BYTES = 1 << 20
_MMAP_THRESHOLD = -3  # glibc's malloc.h


def give_back_large_blocks() -> bool:
    """Let freed blocks of a megabyte go back to the system; False with another C library."""
    mallopt = _function("mallopt")
    return mallopt is not None and bool(mallopt(_MMAP_THRESHOLD, LARGE_BYTES))


def give_back_freed() -> bool:
    """Give back all that was freed, 10 ms; False with another C library."""
    trim = _function("malloc_trim")
    return trim is not None and bool(trim(0))


def give_back_sound_plugins() -> bool:
    """Unload what ALSA loaded for devices that nobody uses; False where there is no ALSA."""
    free = _function("snd_config_update_free_global", "libasound.so.2")
    return free is not None and free() == 0


def _function(name: str, library: str | None = None) -> Callable[..., int] | None:
    try:
        found: Callable[..., int] = getattr(ctypes.CDLL(library), name)
    except (AttributeError, OSError, TypeError):
        return None
    return found
