"""One stream of a device, from the wish to open it until it has been let go of.

Rules:
1. Opening and closing happen on threads of their own, because a frozen server hangs both.
2. A stream that was given up may call back again when its server thaws: ``beat`` tells it apart.
3. All fields are guarded by the condition that was given; it is notified when something happened.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from calmvoice.audio import portaudio
from calmvoice.errors import SoundError
from calmvoice.ports import Clock

SILENT_LIMIT = 1.0  # seconds without a callback; a stream at work calls back every 0.04–0.1 s
OPENING_LIMIT = 5.0  # seconds; 0.25 s with loading PortAudio here, several times that on a Pi
HANDOVER = 0.5  # seconds a new stream waits for the one before it to have freed the device


class DeviceStream:
    """One stream, from the wish to open it until it has been let go of."""

    def __init__(
        self,
        make: Callable[[Any, DeviceStream], portaudio.Stream],
        changed: threading.Condition,
        clock: Clock,
        before: DeviceStream | None,
    ) -> None:
        """Begin opening; ``make`` gets the library and this, for its callbacks to report to."""
        self.running = False
        self.failure: SoundError | None = None
        self.gone = threading.Event()
        self._make = make
        self._changed = changed
        self._clock = clock
        self._before = before
        self._stream: portaudio.Stream | None = None
        self._opening = True
        self._dropped = False
        self._last_sign = clock.now().steady
        threading.Thread(target=self._open, name="open-stream", daemon=True).start()

    def beat(self) -> bool:
        """Note a callback; false when the stream was given up and may neither take nor give."""
        with self._changed:
            self._last_sign = self._clock.now().steady
            wanted = not self._dropped and self.failure is None
            if wanted and not self.running:
                self.running = True
                self._changed.notify_all()
            return wanted

    def ended(self) -> None:
        """Note that the stream has ended by itself: PortAudio's finished callback."""
        self.fail(SoundError("the sound device has ended its stream"))

    def fail(self, error: SoundError) -> None:
        """Note that the stream is of no use any more."""
        with self._changed:
            if not self._dropped and self.failure is None:
                self.failure = error
                self.running = False
                self._changed.notify_all()

    def check(self, steady: float) -> None:
        """Fail if there has been no callback for too long."""
        limit = OPENING_LIMIT if self._opening else SILENT_LIMIT
        if steady - self._last_sign > limit:
            self.fail(SoundError(f"no sign from the sound device for {limit:g} s"))

    def ahead(self, stream_time: float) -> float:
        """Return how many seconds after now a time of the stream's clock is."""
        with self._changed:
            stream = self._stream
        return stream_time - stream.time if stream is not None else 0.0

    def drop(self) -> None:
        """Let go of the device without waiting; ``gone`` is set when that has been done."""
        with self._changed:
            if self._dropped:
                return
            self._dropped = True
            self.running = False
            if not self._opening:
                self._close()

    def _close(self) -> None:
        if self._stream is None:
            self.gone.set()
        else:
            portaudio.let_go(self._stream, self.gone)

    def _open(self) -> None:
        try:
            if self._before is not None:
                self._before.gone.wait(HANDOVER)
            self._before = None
            try:
                stream = portaudio.open_stream(self._create)
            except SoundError:
                if not portaudio.look_again():
                    raise
                stream = portaudio.open_stream(self._create)
            with self._changed:
                self._stream = stream
                self._last_sign = self._clock.now().steady
            portaudio.begin(stream)
        except SoundError as error:
            self.fail(error)
        with self._changed:
            self._opening = False
            self._last_sign = self._clock.now().steady
            if self._dropped:
                self._close()

    def _create(self, library: Any) -> portaudio.Stream:
        return self._make(library, self)
