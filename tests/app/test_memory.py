"""Memory that was freed is given back."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from calmvoice.memory import LARGE_BYTES, give_back_large_blocks

MB = 1 << 20


def resident_mb() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / MB


def test_freed_blocks_go_back_though_a_smaller_one_lies_behind_them() -> None:
    del_me = np.ones(24 * MB, np.uint8)
    del del_me  # from now on glibc would keep blocks of up to 24 MB
    if not give_back_large_blocks():
        pytest.skip("another C library")
    before = resident_mb()
    blocks = [np.ones(2 * LARGE_BYTES, np.uint8) for _ in range(20)]
    behind = np.ones(LARGE_BYTES // 2, np.uint8)
    assert resident_mb() > before + 38
    blocks.clear()
    assert resident_mb() < before + 4
    assert behind.all()
