"""Small matrices and many threads: the program must not spin on a busy machine."""

from __future__ import annotations

import os
import subprocess
import sys

COUNT = """
import calmvoice.cli, os, numpy as np
np.ones((400, 400)) @ np.ones((400, 400))
print(len(os.listdir("/proc/self/task")))
"""


def test_the_matrix_library_starts_no_threads_of_its_own() -> None:
    surroundings = {k: v for k, v in os.environ.items() if k != "OPENBLAS_NUM_THREADS"}
    done = subprocess.run(
        [sys.executable, "-c", COUNT], env=surroundings, capture_output=True, text=True, check=True
    )
    assert int(done.stdout) == 1
