"""A crash leaves no image of the memory; what was heard is kept out of swap."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import numpy as np

from calmvoice.ears.ring import Ring
from calmvoice.process_memory import keep_out_of_swap

CRASH = """
import os, resource
resource.setrlimit(resource.RLIMIT_CORE, (resource.getrlimit(resource.RLIMIT_CORE)[1],) * 2)
from calmvoice.process_memory import forbid_core_dumps
forbid_core_dumps()
print(resource.getrlimit(resource.RLIMIT_CORE), flush=True)
os.abort()
"""


def test_a_crash_leaves_no_core(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", CRASH], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.stdout == "(0, 0)\n"
    assert done.returncode < 0
    assert list(tmp_path.iterdir()) == []


def locked_kb() -> int:
    found = re.search(r"VmLck:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return int(found[1]) if found else 0


def test_the_ring_is_locked_and_cleared() -> None:
    before = locked_kb()
    if not keep_out_of_swap(np.zeros(64, np.int16)):
        return  # this system locks nothing; SECURITY.md says so
    ring = Ring(1_000_000)
    assert locked_kb() - before >= 1_000_000 * 2 // 1024
    ring.append(np.full(500, 7, np.int16))
    ring.clear()
    assert not ring._data.any()
