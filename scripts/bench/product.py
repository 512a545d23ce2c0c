"""Which product was measured, and on how busy a machine: benches are long, both may change."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import calmvoice

FOLDER = Path(calmvoice.__file__).parent


def fingerprint() -> str:
    """Return a short hash of every source and language file of the product."""
    digest = hashlib.sha256()
    for path in sorted((*FOLDER.rglob("*.py"), *FOLDER.rglob("*.toml"))):
        digest.update(str(path.relative_to(FOLDER)).encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def require_same(before: str) -> None:
    """Raise ``RuntimeError`` if the product is not the one it was: nothing may be mixed."""
    if (now := fingerprint()) != before:
        raise RuntimeError(
            f"{FOLDER} changed while it was measured ({before}, now {now}): measure again, "
            "or measure a copy (git archive COMMIT | tar -x) with PYTHONPATH set to it"
        )


def warn_if_busy(*loads: float) -> None:
    """Print that times say little if more wanted to run than there are cores (load averages)."""
    cores = os.cpu_count() or 1
    if max(loads) > cores:
        print(
            f"The machine was busy (load {max(loads):.1f} on {cores} cores): delays and misses "
            "are the machine's too; measure again on a free one."
        )
