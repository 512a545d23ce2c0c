"""The microphone through PortAudio: chunks at 16 kHz from one thread, whatever the device does.

Rules:
1. The callback copies into a bounded queue and returns; the thread does the rest.
2. Old sound is worse than none: what is more than a second late when the device hands it over,
   as after a suspended server, is dropped.
3. Nothing that was heard leaves memory from here, not even to a log.
4. A microphone that became a loudspeaker's monitor is lost.
5. So is one that nobody can listen to: what fails on a chunk is told like a lost device, until all
   went well for some seconds.
"""

from __future__ import annotations

import logging
import math
import threading
from collections import deque
from dataclasses import dataclass
from typing import Any

import numpy as np

from calmvoice.audio import portaudio
from calmvoice.audio.capture import Converter, MuteWatch
from calmvoice.audio.connection import Connection
from calmvoice.audio.device_stream import OPENING_LIMIT, SILENT_LIMIT, DeviceStream
from calmvoice.audio.devices import find_device
from calmvoice.audio.monitor_watch import MonitorWatch
from calmvoice.errors import SoundError
from calmvoice.ports import Chunk, Clock, SoundChange
from calmvoice.sound import MICROPHONE_RATE, PcmSamples

log = logging.getLogger(__name__)

CHUNK_SECONDS = 0.1  # 1600 samples at 16 kHz
LATENCY = 0.2  # seconds; no slips under load 8
STALE_SECONDS = 1.0
QUEUED_CHUNKS = 50  # 5 s: longer than a recogniser ever falls behind, short enough to forget
FAILING_SECONDS = 10.0  # without another failure, and it works again
OPEN_LIMIT = OPENING_LIMIT + SILENT_LIMIT  # seconds for the first opening
CLOSE_LIMIT = 1.5  # seconds
INVALID_SAMPLE_RATE = -9997  # PortAudio's paInvalidSampleRate: raw ``hw:`` devices refuse 16 kHz


@dataclass(frozen=True, eq=False)
class _Captured:
    samples: PcmSamples
    at: float
    converter: Converter


class SounddeviceMicrophone:
    """Hears the input device whose name contains ``device``, or the default one for ""."""

    def __init__(self, device: str, on_change: SoundChange, clock: Clock) -> None:
        self._device = device
        self._on_change = on_change
        self._clock = clock
        self._changed = threading.Condition()
        self._connection = Connection("microphone", self._open_stream)
        self._queue: deque[_Captured] = deque(maxlen=QUEUED_CHUNKS)
        self._mute = MuteWatch()
        self._monitor = MonitorWatch(self._look_again)
        self._told = True
        self._failing_until = -math.inf  # steady time
        self._closing = False
        self._thread: threading.Thread | None = None

    def open(self, on_chunk: Chunk) -> None:
        """Begin; raises ``SoundError`` when there is no such device, or it does not answer.

        After an error it may be called again; once it has returned, a lost device is reopened
        without end.
        """
        with self._changed:
            if self._thread is not None and self._thread.is_alive():
                raise SoundError("the microphone is open already")
            self._closing = False
            self._thread = threading.Thread(
                target=self._run, args=(on_chunk,), name="microphone", daemon=True
            )
            self._connection = Connection("microphone", self._open_stream)
            self._connection.tend(self._clock.now().steady, wanted=True)
            first = self._connection.stream
            assert first is not None
            self._changed.wait_for(
                lambda: first.running or first.failure is not None, timeout=OPEN_LIMIT
            )
            if not first.running:
                self._connection.drop()
                raise first.failure or SoundError(
                    f"the microphone did not answer for {OPEN_LIMIT:g} s",
                    "Is the sound server running?",
                )
            self._told = True
            self._monitor = MonitorWatch(self._look_again)
            if not self._closing:
                self._monitor.begin()
        self._thread.start()

    def close(self) -> None:
        """Let go of the device within two seconds, whatever state it is in."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        self._monitor.close()
        thread = self._thread
        if thread is not None and thread.is_alive() and threading.current_thread() is not thread:
            thread.join(CLOSE_LIMIT)

    def _run(self, on_chunk: Chunk) -> None:
        while True:
            with self._changed:
                if self._closing:
                    break
                steady = self._clock.now().steady
                self._connection.tend(steady, wanted=True)
                if not self._connection.works:
                    self._queue.clear()
                    self._mute = MuteWatch()
                is_ours = not self._monitor.hears_monitor
                works = self._connection.works and not self._mute.muted and is_ours
                works = works and steady >= self._failing_until
                captured = self._queue.popleft() if self._queue else None
                if captured is None and works == self._told:
                    left = self._connection.look_at(steady) - self._clock.now().steady
                    self._changed.wait(max(0.0, left))
                    continue
            if works != self._told:
                self._told = works
                self._on_change("microphone", works)
            if captured is not None:
                samples, at = captured.converter.convert(captured.samples, captured.at)
                self._mute.feed(samples)
                if len(samples) and is_ours and not self._closing:
                    self._give(on_chunk, samples, at)
        with self._changed:
            self._connection.drop()
            self._queue.clear()
        self._connection.wait_gone(CLOSE_LIMIT / 2)

    def _give(self, on_chunk: Chunk, samples: PcmSamples, at: float) -> None:
        try:
            on_chunk(samples, at)
        except Exception as error:  # noqa: BLE001 - nobody would listen any more, without a word
            steady = self._clock.now().steady
            if steady >= self._failing_until:  # ten chunks a second may fail
                log.error("what was heard could not be recognised (%s)", type(error).__name__)
            self._failing_until = steady + FAILING_SECONDS

    def _look_again(self) -> None:
        with self._changed:
            self._changed.notify_all()

    def _open_stream(self, before: DeviceStream | None) -> DeviceStream:
        return DeviceStream(self._make, self._changed, self._clock, before)

    def _make(self, library: Any, stream: DeviceStream) -> portaudio.Stream:
        device = find_device(self._device, "input")
        try:
            return self._make_at(library, stream, device.index, MICROPHONE_RATE)
        except library.PortAudioError as error:
            if INVALID_SAMPLE_RATE not in error.args:
                raise
            return self._make_at(library, stream, device.index, device.default_rate)

    def _make_at(
        self, library: Any, stream: DeviceStream, index: int, rate: int
    ) -> portaudio.Stream:
        converter = Converter(rate)

        def callback(samples: PcmSamples, frames: int, time: Any, _status: Any) -> None:
            try:
                steady = self._clock.now().steady
                if not stream.beat():
                    return
                at = steady + stream.ahead(time.inputBufferAdcTime) + frames / rate
                if at < steady - STALE_SECONDS:
                    return
                with self._changed:
                    self._queue.append(_Captured(samples[:, 0].copy(), at, converter))
                    self._changed.notify_all()
            except Exception as error:  # noqa: BLE001 - would end the stream without a word
                stream.fail(SoundError(f"the audio callback failed ({error!r})"))

        opened: portaudio.Stream = library.InputStream(
            samplerate=rate,
            channels=1,
            dtype=np.int16,
            blocksize=round(CHUNK_SECONDS * rate),
            latency=LATENCY,
            device=index,
            callback=callback,
            finished_callback=stream.ended,
        )
        return opened
