"""A loudspeaker for a computer without one: the same tickets and ends in real time, unheard.

Rule: time comes from the clock alone; a wait is a condition's time-out, and what is due by the
clock is played however late the wait ends.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from calmvoice.audio.desk_speaker import DeskSpeaker
from calmvoice.audio.wav_track import WavTrack
from calmvoice.ports import ClipEnd, Clock
from calmvoice.sound import SPEAKER_RATE, Samples

STEP = 0.02  # seconds; ends are reported at most this late
BLOCK = 8192  # samples drawn at most at a time


class TimedSpeaker(DeskSpeaker):
    """Plays to nobody; a WAV file, if given, gets what would have been heard, with silences."""

    def __init__(self, on_end: ClipEnd, clock: Clock, wav: Path | None = None) -> None:
        """Begin the file, whose first sample is now; raises ``SoundError`` if it cannot."""
        super().__init__(clock, "silent-speaker")
        self._on_end = on_end
        self._track = WavTrack(wav) if wav is not None else None
        self._origin = clock.now().steady
        self._written = (0, 0)  # the serial and the sample up to which the file has been written
        self._thread.start()

    def played(self, start: float, count: int) -> Samples:  # noqa: ARG002 - at any time
        """Return silence: nothing of it was in the room."""
        return np.zeros(count, np.float32)

    def _run(self) -> None:
        while True:
            with self._desk.changed:
                if self._closing:
                    break
                steady = self._clock.now().steady
                serial, due = self._desk.serial, self._desk.due
                blocks = self._draw(steady) if self._desk.playing else []
                ended = self._desk.take_end(steady)
                if not blocks and ended is None:
                    self._desk.changed.wait(STEP if self._desk.playing else None)
            self._write(serial, due, blocks)
            if ended is not None:
                self._on_end(*ended)
        if self._track is not None:
            self._track.close()

    def _draw(self, steady: float) -> list[Samples]:
        blocks = []
        while (count := int((steady - self._desk.due) * SPEAKER_RATE)) > 0:
            block = np.zeros(min(count, BLOCK), np.float32)
            self._desk.draw(self._desk.serial, block, self._desk.due)
            blocks.append(block)
        return blocks

    def _write(self, serial: int, due: float, blocks: list[Samples]) -> None:
        """Put blocks, the first of which was due at ``due``, where they belong in the file."""
        if self._track is None or not blocks:
            return
        last_serial, at = self._written
        if serial != last_serial:
            at = max(at, round((due - self._origin) * SPEAKER_RATE))
        for block in blocks:
            self._track.write(at, block)
            at += len(block)
        self._written = (serial, at)
