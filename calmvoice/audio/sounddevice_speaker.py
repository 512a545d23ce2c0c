"""The loudspeaker through PortAudio: one output stream for each ticket, none while nothing plays.

Rules:
1. A stream is opened for a ticket's first clip. A stream kept open would play it its whole latency
   (0.3 s) later; a new one is heard after 0.04 s, and waiting costs nothing.
2. The callback checks, copies, returns; an exception in it would end the stream without a word,
   so it is caught and treated as the loss of the device.
3. While the device is away the ticket goes on unheard in real time, so that its end is reported
   when it was promised; when the device is back the ticket is heard from where it would be by then.
"""

from __future__ import annotations

import logging
from typing import Any

import numpy as np

from calmvoice.audio import portaudio
from calmvoice.audio.connection import Connection
from calmvoice.audio.desk_speaker import CLOSE_LIMIT, DeskSpeaker
from calmvoice.audio.device_stream import SILENT_LIMIT, DeviceStream
from calmvoice.audio.devices import find_device
from calmvoice.errors import SoundError
from calmvoice.ports import ClipEnd, Clock, SoundChange
from calmvoice.sound import SPEAKER_RATE, Samples

logger = logging.getLogger(__name__)

BLOCK = 2048  # samples
LATENCY = 0.3  # seconds; with 0.1 a hold of the GIL for 0.2 s is heard as a gap
LINGER = 0.5  # seconds a stream stays after a ticket: the DAC's time is exact to 0.05 s
AWAY_STEP = 0.05  # seconds between two steps of a ticket that nobody hears


class SounddeviceSpeaker(DeskSpeaker):
    """Plays on the output device whose name contains ``device``, or on the default one for ""."""

    def __init__(self, device: str, on_end: ClipEnd, on_change: SoundChange, clock: Clock) -> None:
        """Look whether there is such a device, without waiting for the answer: raises nothing."""
        super().__init__(clock, "speaker")
        self.slips = 0  # times the device ran dry, which is heard as a gap
        self._device = device
        self._on_end = on_end
        self._on_change = on_change
        self._connection = Connection("speaker", self._open_stream)
        self._stream_serial = 0
        self._idle_since = clock.now().steady
        self._told = True
        with self._desk.changed:
            self._connection.tend(self._idle_since, wanted=True)
        self._thread.start()

    def look(self) -> None:
        """Find out whether the loudspeaker works, where nothing plays that would show it."""
        with self._desk.changed:
            if not self._closing and self._connection.stream is None and self._connection.works:
                self._connection.tend(self._clock.now().steady, wanted=True)
                self._desk.changed.notify_all()

    def _run(self) -> None:
        while True:
            with self._desk.changed:
                if self._closing:
                    break
                steady = self._clock.now().steady
                ended = self._desk.take_end(steady)
                wait_until = self._tend(steady)
                works = self._connection.works
                if ended is None and works == self._told:
                    left = wait_until - self._clock.now().steady
                    self._desk.changed.wait(None if left == float("inf") else max(0.0, left))
                    continue
            if works != self._told:
                self._told = works
                self._on_change("speaker", works)
            if ended is not None:
                self._on_end(*ended)
        with self._desk.changed:
            self._connection.drop()
        if not self._connection.wait_gone(CLOSE_LIMIT / 2):
            logger.warning("speaker: the sound server does not answer, its stream is abandoned")

    def _tend(self, steady: float) -> float:
        """Do what is needed now; return when something will be needed again."""
        desk, connection = self._desk, self._connection
        if desk.playing:
            self._idle_since = steady
        if self._stream_serial != desk.serial:
            connection.drop()
            self._stream_serial = desk.serial
        lingers = steady - self._idle_since < LINGER
        connection.tend(steady, desk.playing or (lingers and connection.stream is not None))
        times = [connection.look_at(steady)]
        if desk.playing:
            overdue = steady - desk.due > SILENT_LIMIT
            if not connection.running and (not connection.works or desk.unheard or overdue):
                desk.pass_over(steady)
                times.append(steady + AWAY_STEP)
            if desk.end_at is not None:
                times.append(desk.end_at)
        return min(times)

    def _open_stream(self, before: DeviceStream | None) -> DeviceStream:
        serial = self._stream_serial

        def make(library: Any, stream: DeviceStream) -> portaudio.Stream:
            def callback(out: Samples, _frames: int, time: Any, status: Any) -> None:
                try:
                    self.slips += bool(status.output_underflow)
                    if not stream.beat():
                        out.fill(0.0)
                        return
                    heard_at = self._clock.now().steady + stream.ahead(time.outputBufferDacTime)
                    self._desk.draw(serial, out[:, 0], heard_at)
                except Exception as error:  # noqa: BLE001 - would end the stream without a word
                    out.fill(0.0)
                    stream.fail(SoundError(f"the audio callback failed ({error!r})"))

            opened: portaudio.Stream = library.OutputStream(
                samplerate=SPEAKER_RATE,
                channels=1,
                dtype=np.float32,
                blocksize=BLOCK,
                latency=LATENCY,
                device=find_device(self._device, "output").index,
                callback=callback,
                finished_callback=stream.ended,
            )
            return opened

        return DeviceStream(make, self._desk.changed, self._clock, before)
