"""A crash leaves no image of the memory; what was heard is kept out of swap."""

from __future__ import annotations

import mmap
import re
import subprocess
import sys
from pathlib import Path

import numpy as np

from calmvoice.ears.ring import Ring
from calmvoice.process_memory import keep_out_of_swap
from calmvoice.sound import PcmSamples

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


def flags_of_the_memory_of(buffer: PcmSamples) -> list[set[str]]:
    """The kernel's flags of each mapping that holds a part of the buffer."""
    first, last = buffer.ctypes.data, buffer.ctypes.data + buffer.nbytes
    found = []
    for mapping in re.split(r"\n(?=[0-9a-f]+-[0-9a-f]+ )", Path("/proc/self/smaps").read_text()):
        start, end = (int(at, 16) for at in mapping.split(" ", 1)[0].split("-"))
        if start < last and first < end:
            found.append(set(mapping.rsplit("VmFlags:", 1)[1].split()))
    return found


def test_the_ring_is_locked_and_cleared() -> None:
    if not keep_out_of_swap(np.zeros(64, np.int16)):
        return  # this system locks nothing; SECURITY.md says so
    ring = Ring(1_000_000)
    flags = flags_of_the_memory_of(ring._data)
    assert flags
    assert all("lo" in each for each in flags)
    ring.append(np.full(500, 7, np.int16))
    ring.clear()
    assert not ring._data.any()


def test_memory_that_nobody_locked_is_seen_as_such() -> None:
    flags = flags_of_the_memory_of(np.frombuffer(mmap.mmap(-1, 1_000_000), np.int16))
    assert flags
    assert not all("lo" in each for each in flags)
