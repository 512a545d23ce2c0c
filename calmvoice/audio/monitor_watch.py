"""Has the microphone become a loudspeaker's own sound?

When a microphone is unplugged and there is no other, a sound server of PulseAudio's kind may go on
with the loudspeaker's monitor: what the loudspeaker plays, and nobody in the room. PortAudio does
not show it, the server does.

Rules: asking may hang with a frozen server, so a thread that can be abandoned asks; where there is
no such server, or it does not answer, nothing is said against the microphone. Who chose a monitor
from the start has one.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable
from typing import Any, Protocol

from calmvoice.errors import SoundError

log = logging.getLogger(__name__)

LOOK_SECONDS = 2.0
NO_SINK = 0xFFFFFFFF  # PulseAudio's PA_INVALID_INDEX: this source is no monitor


class Server(Protocol):
    """Whoever knows what this program records; used by one thread."""

    def hears_monitor(self) -> bool | None:
        """Return whether it is a monitor; None where that is not known now.

        Raises ``SoundError`` where it never will be.
        """

    def close(self) -> None:
        """Let go of it."""


class MonitorWatch:
    """Looks every two seconds, from ``begin`` to ``close``."""

    def __init__(self, on_change: Callable[[], None], server: Server | None = None) -> None:
        """Call ``on_change`` from the watch's thread when ``hears_monitor`` changed."""
        self.hears_monitor = False
        self._on_change, self._server = on_change, server or PulseServer()
        self._had_microphone = False
        self._closed = threading.Event()

    def begin(self) -> None:
        """Begin to look."""
        threading.Thread(target=self._run, name="monitor-watch", daemon=True).start()

    def close(self) -> None:
        """Look no more; does not wait."""
        self._closed.set()

    def _run(self) -> None:
        try:
            while not self._closed.is_set():
                self._look()
                self._closed.wait(LOOK_SECONDS)
        except SoundError as error:
            log.info("%s", error)
        finally:
            self._server.close()

    def _look(self) -> None:
        found = self._server.hears_monitor()
        if found is None:
            return
        self._had_microphone = self._had_microphone or not found
        before, self.hears_monitor = self.hears_monitor, found and self._had_microphone
        if before != self.hears_monitor:
            log.warning("heard: %s", "a loudspeaker" if found else "a microphone")
            self._on_change()


class PulseServer:
    """PulseAudio, or PipeWire's server of that kind (pulsectl)."""

    def __init__(self) -> None:
        self._pulse: Any = None

    def hears_monitor(self) -> bool | None:
        """Return whether all that this process records are monitors; None if it records nothing."""
        try:
            import pulsectl
        except (ImportError, OSError) as error:
            raise SoundError(f"no sound server can be asked ({error})") from error
        try:
            if self._pulse is None:
                self._pulse = pulsectl.Pulse("calmvoice", connect=False)
                self._pulse.connect()
            return self._look()
        except (pulsectl.PulseError, pulsectl.PulseDisconnected, OSError):
            self.close()
            return None

    def close(self) -> None:
        """Let go of the server."""
        if self._pulse is not None:
            self._pulse.close()
            self._pulse = None

    def _look(self) -> bool | None:
        own = str(os.getpid())
        recorded = {
            stream.source
            for stream in self._pulse.source_output_list()
            if stream.proplist.get("application.process.id") == own
        }
        if not recorded:
            return None
        sources = [one for one in self._pulse.source_list() if one.index in recorded]
        return all(source.monitor_of_sink != NO_SINK for source in sources)
