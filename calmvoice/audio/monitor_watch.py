"""Is what we hear a loudspeaker's own sound instead of a microphone?

When a microphone is unplugged and there is no other, a sound server of PulseAudio's kind may go on
with the loudspeaker's monitor: what the loudspeaker plays, and nobody in the room. PortAudio does
not show it, the server does.

Rules: asking may hang with a frozen server, so a thread that can be abandoned asks; where there is
no such server, or it does not answer, nothing is said against the microphone.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable
from typing import Any

log = logging.getLogger(__name__)

LOOK_SECONDS = 2.0
NO_SINK = 0xFFFFFFFF  # PulseAudio's PA_INVALID_INDEX: this source is no monitor


class MonitorWatch:
    """Looks every two seconds, from ``begin`` to ``close``."""

    def __init__(
        self, on_change: Callable[[], None], ask: Callable[[], bool] | None = None
    ) -> None:
        """Call ``on_change`` from the watch's thread when ``hears_monitor`` changed."""
        self.hears_monitor = False
        self._on_change, self._ask = on_change, ask or _Server().hears_monitor
        self._closed = threading.Event()

    def begin(self) -> None:
        """Begin to look."""
        threading.Thread(target=self._run, name="monitor-watch", daemon=True).start()

    def close(self) -> None:
        """Look no more; does not wait."""
        self._closed.set()

    def _run(self) -> None:
        while not self._closed.wait(LOOK_SECONDS):
            before, self.hears_monitor = self.hears_monitor, self._ask()
            if before != self.hears_monitor:
                log.warning("heard: %s", "a loudspeaker" if self.hears_monitor else "a microphone")
                self._on_change()


class _Server:
    """The sound server, as far as this program's own recording is concerned."""

    def __init__(self) -> None:
        self._pulse: Any = None

    def hears_monitor(self) -> bool:
        """Return whether this process records a monitor; False where nobody knows."""
        try:
            import pulsectl
        except (ImportError, OSError):  # no libpulse
            return False
        try:
            if self._pulse is None:
                self._pulse = pulsectl.Pulse("calmvoice", connect=False)
                self._pulse.connect()
            return self._look(self._pulse)
        except (pulsectl.PulseError, pulsectl.PulseDisconnected, OSError):
            self._pulse = None
            return False

    def _look(self, pulse: Any) -> bool:
        own = str(os.getpid())
        sources = {
            stream.source
            for stream in pulse.source_output_list()
            if stream.proplist.get("application.process.id") == own
        }
        return any(
            source.index in sources and source.monitor_of_sink != NO_SINK
            for source in (pulse.source_list() if sources else ())
        )
