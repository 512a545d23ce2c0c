"""What the system may do with this process's memory: no core dump, no swap for what was heard.

Rules: where the system refuses, everything goes on; SECURITY.md says what cannot be promised (the
speech library and the sound server hold sound of their own).
"""

from __future__ import annotations

import ctypes
import resource
from functools import cache

from calmvoice.sound import PcmSamples


def forbid_core_dumps() -> None:
    """Let a crash leave no image of the memory; also in processes started from now on."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def keep_out_of_swap(buffer: PcmSamples) -> bool:
    """Ask that a buffer's memory is never written to a swap disk; return whether it is granted."""
    lock = _libc().mlock
    return int(lock(ctypes.c_void_p(buffer.ctypes.data), ctypes.c_size_t(buffer.nbytes))) == 0


@cache
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None)
