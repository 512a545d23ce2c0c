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
import threading
from collections.abc import Callable
from typing import Protocol

from calmvoice.audio.pulse_server import PulseServer, is_ours, library
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
        self._on_change, self._server = on_change, server or Recorded()
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


class Recorded:
    """What this process records, as the sound server knows it."""

    def __init__(self) -> None:
        self._server = PulseServer()

    def hears_monitor(self) -> bool | None:
        """Return whether all that is recorded are monitors; None if nothing is, or nobody knows."""
        library()
        try:
            with self._server.connected() as pulse:
                recorded = {one.source for one in pulse.source_output_list() if is_ours(one)}
                sources = [one for one in pulse.source_list() if one.index in recorded]
        except SoundError:
            return None
        return all(one.monitor_of_sink != NO_SINK for one in sources) if sources else None

    def close(self) -> None:
        """Let go of the server."""
        self._server.close()
