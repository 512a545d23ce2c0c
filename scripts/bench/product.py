"""Which product was measured: benches are long, and the checkout may change while they run."""

from __future__ import annotations

import hashlib
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
