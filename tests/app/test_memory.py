"""Memory that was freed is given back; in a process of its own, with a heap that nobody used."""

from __future__ import annotations

import subprocess
import sys

import pytest

LOOK = """
from pathlib import Path

import numpy as np

from calmvoice.memory import LARGE_BYTES, give_back_large_blocks


def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


large = np.ones(24 * LARGE_BYTES, np.uint8)
del large  # from now on glibc keeps blocks of up to 24 MB
if {told} and not give_back_large_blocks():
    raise SystemExit("another C library")
before = resident()
blocks = [np.ones(2 * LARGE_BYTES, np.uint8) for _ in range(20)]
behind = np.ones(LARGE_BYTES // 2, np.uint8)
blocks.clear()
print((resident() - before) // LARGE_BYTES)
"""


def kept_mb(*, told: bool) -> int:
    """How much of 40 MB in blocks is still there when they were freed."""
    script = LOOK.format(told=told)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    if "another C library" in done.stderr:
        pytest.skip("another C library")
    return int(done.stdout)


def test_freed_blocks_go_back_though_a_smaller_one_lies_behind_them() -> None:
    assert kept_mb(told=False) > 30
    assert kept_mb(told=True) < 4
