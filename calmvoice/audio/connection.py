"""Keeps a device's stream open while it is wanted, through everything a sound server can do.

Rules:
1. Lost means: ended by itself, an opening that failed or took longer than ``OPENING_LIMIT``, or
   no callback for ``SILENT_LIMIT``.
2. A lost stream is let go of, the change is told once, and opening is tried again after 0.25 s,
   then twice as long each time, up to 5 s.
3. All fields are guarded by the lock of whoever keeps it; nothing here waits, except ``wait_gone``.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from calmvoice.audio.device_stream import SILENT_LIMIT, DeviceStream
from calmvoice.errors import SoundError

logger = logging.getLogger(__name__)

FIRST_RETRY, LAST_RETRY = 0.25, 5.0  # seconds
HANGING_LIMIT = 3  # streams that never finished closing; more would only hang more threads


class Connection:
    """The present stream, if any, and when to try again."""

    def __init__(
        self,
        name: str,
        open_stream: Callable[[DeviceStream | None], DeviceStream],
    ) -> None:
        self.works = True
        self.failure: SoundError | None = None
        self.stream: DeviceStream | None = None
        self._name = name
        self._open_stream = open_stream
        self._leaving: list[DeviceStream] = []
        self._retry_at = float("-inf")
        self._retry_seconds = FIRST_RETRY

    @property
    def running(self) -> bool:
        """Whether samples flow."""
        return self.stream is not None and self.stream.running

    def tend(self, steady: float, wanted: bool) -> None:
        """Open, give up or let go of the stream, as it is needed now."""
        if self.stream is not None:
            self.stream.check(steady)
            if self.stream.failure is not None:
                self._lose(self.stream.failure, steady)
            elif self.stream.running and not self.works:
                logger.info("%s: works again", self._name)
                self.works = True
            if self.running:
                self._retry_seconds = FIRST_RETRY
        self._leaving = [stream for stream in self._leaving if not stream.gone.is_set()]
        if self.stream is None and (wanted or not self.works) and steady >= self._retry_at:
            if len(self._leaving) < HANGING_LIMIT:
                before = self._leaving[-1] if self._leaving else None
                self.stream = self._open_stream(before)
            else:
                self._retry_at = steady + self._retry_seconds
        elif self.stream is not None and not wanted and self.works and self.running:
            self.drop()

    def look_at(self, steady: float) -> float:
        """Return the steady time at which to tend again if nothing happens before."""
        if self.stream is not None:
            return steady + SILENT_LIMIT / 4
        return float("inf") if self.works else self._retry_at

    def drop(self) -> None:
        """Let go of the present stream."""
        if self.stream is not None:
            self.stream.drop()
            self._leaving.append(self.stream)
            self.stream = None

    def wait_gone(self, seconds: float) -> bool:
        """Wait until every stream has been closed; false if one still hangs. Holds no lock."""
        return all(stream.gone.wait(seconds / len(self._leaving)) for stream in self._leaving)

    def _lose(self, failure: SoundError, steady: float) -> None:
        if self.works:
            logger.warning("%s: %s", self._name, failure)
        self.works = False
        self.failure = failure
        self.drop()
        self._retry_at = steady + self._retry_seconds
        self._retry_seconds = min(LAST_RETRY, 2 * self._retry_seconds)
