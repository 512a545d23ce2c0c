"""Waits on the main thread until somebody, or a signal, ends the run."""

from __future__ import annotations

import signal
import threading

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
# A signal that the system hands to another thread (one in ten did, while a library waited for a
# frozen sound server) does not wake this one: it looks.
LOOK_SECONDS = 0.25


class UntilEnded:
    """One run's end; ``wait`` belongs to the main thread, ``end`` to any."""

    def __init__(self) -> None:
        self._ended = threading.Event()

    def wait(self) -> None:
        """Return at Ctrl-C, SIGTERM, a closed terminal, or ``end``."""
        for number in SIGNALS:
            signal.signal(number, lambda *_: self.end())
        while not self._ended.wait(LOOK_SECONDS):
            pass

    def end(self) -> None:
        """End it."""
        self._ended.set()
