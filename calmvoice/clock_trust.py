"""How far this computer's wall clock can be believed.

Two facts decide: the kernel knows whether something keeps the clock right (``adjtimex``), and a
board such as a Raspberry Pi, told by its device tree, may have no clock that runs while it is off:
it then starts in 1970, or where it was switched off.
"""

from __future__ import annotations

import ctypes
from pathlib import Path

from calmvoice.ports import Trust

EARLIEST_WALL = 1_767_225_600.0  # 2026-01-01: a clock before it was never set
BOARD = Path("/proc/device-tree/model")
CLOCKS = Path("/sys/class/rtc")
UNSYNCHRONISED = 5  # TIME_ERROR of adjtimex(2)
TIMEX_BYTES = 512  # more than a struct timex; zeros ask only to be told


class ClockTrust:
    """Judges wall times; looks once whether there is a clock of the computer's own."""

    def __init__(self, board: Path = BOARD, clocks: Path = CLOCKS) -> None:
        self._runs_while_off = not board.exists() or any(clocks.glob("rtc*"))
        libc = ctypes.CDLL(None)
        self._adjtimex = getattr(libc, "adjtimex", None)
        self._timex = ctypes.create_string_buffer(TIMEX_BYTES)

    def of(self, wall: float) -> Trust:
        """Return how far a wall time that was read just now can be believed."""
        if wall < EARLIEST_WALL:
            return Trust.NEVER_SET
        if self._is_synchronised():
            return Trust.SYNCHRONISED
        return Trust.OWN if self._runs_while_off else Trust.NEVER_SET

    def _is_synchronised(self) -> bool:
        if self._adjtimex is None:
            return False
        state = int(self._adjtimex(self._timex))
        return 0 <= state < UNSYNCHRONISED
