"""Letting go of several things at once, and of none for longer than a person waits."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence
from typing import Protocol

log = logging.getLogger(__name__)

CLOSE_LIMIT = 1.2  # seconds for all together; with the rest, Ctrl-C ends within two


class Closes(Protocol):
    """Something that lets go of what it holds, perhaps slowly."""

    def close(self) -> None:
        """Let go."""


def close_together(parts: Sequence[Closes | None], limit: float = CLOSE_LIMIT) -> None:
    """Close all of these side by side; what has not ended by then ends with the process."""
    threads = [
        threading.Thread(target=part.close, name="closing", daemon=True)
        for part in parts
        if part is not None
    ]
    for thread in threads:
        thread.start()
    until = time.monotonic() + limit
    for thread in threads:
        thread.join(max(0.0, until - time.monotonic()))
        if thread.is_alive():
            log.warning("something does not let go, and is left behind")
