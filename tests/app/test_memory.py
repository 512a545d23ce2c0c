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


TIDY = """
from pathlib import Path

import numpy as np

from calmvoice.memory import LARGE_BYTES, Tidying, give_back_freed
from calmvoice.session.stages import Stage
from calmvoice.shell import Status


def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


if not give_back_freed():
    raise SystemExit("another C library")
tidying = Tidying()
listening = Status(Stage.LISTENING, None, frozenset(), False)
tidying.show_status(listening)
before = resident()
small = [np.ones(4096, np.uint8) for _ in range(10_000)]
behind = np.ones(4096, np.uint8)
small.clear()
kept = resident() - before
tidying.show_status(listening)  # it was at rest before
still = resident() - before
tidying.show_status(Status(Stage.REENTRY, None, frozenset(), False))
tidying.show_status(listening)
print(kept // LARGE_BYTES, still // LARGE_BYTES, (resident() - before) // LARGE_BYTES)
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


def test_what_a_pause_left_goes_back_when_it_listens_again() -> None:
    done = subprocess.run([sys.executable, "-c", TIDY], capture_output=True, text=True)
    if "another C library" in done.stderr:
        pytest.skip("another C library")
    assert done.returncode == 0, done.stderr
    kept, still, after = map(int, done.stdout.split())
    assert kept > 30
    assert still > 30
    assert after < 4
