"""A whole pause without any device: the same session, voice and ears, in time that is counted.

Rules: time moves by the sample, never by the wall; the result depends on nothing but its inputs.
It renders a pause to a file, and lets a pause be lived from one file to another.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from calmvoice.audio.played import PlayedLog
from calmvoice.audio.playlist import Playlist
from calmvoice.audio.spoken import SpokenLog
from calmvoice.ports import Now
from calmvoice.prompter import Prompter
from calmvoice.session.events import ClipEnded, DeadlineReached, Event
from calmvoice.session.script import Script
from calmvoice.shell import Stagehand
from calmvoice.sound import MICROPHONE_RATE, SPEAKER_RATE, PcmSamples, Samples

BLOCK = 480  # samples: 10 ms, the step in which time moves
MICROPHONE_CHUNK = 1600  # samples: 0.1 s, as a real microphone delivers

Sink = Callable[[int, Samples], None]
"""Takes samples at an absolute position of the 48 kHz output."""
Take = Callable[[PcmSamples, float], None]
"""Takes a microphone chunk and the steady time of its last sample."""


@dataclass
class CountedClock:
    """A clock that stands until it is moved."""

    reading: Now

    def now(self) -> Now:
        """Return the reading."""
        return self.reading

    def move(self, seconds: float) -> None:
        """Move wall and steady time on."""
        self.reading = replace(
            self.reading,
            wall=self.reading.wall + seconds,
            steady=self.reading.steady + seconds,
        )


class OfflineSpeaker:
    """Speaks into an output that is filled block by block; a ``Mouth`` for the stagehand."""

    def __init__(self, prompter: Prompter, clock: CountedClock) -> None:
        self._prompter, self._clock = prompter, clock
        self._playlist: Playlist | None = None
        self._ticket = 0
        self._log = SpokenLog()
        self._played = PlayedLog()

    def play(self, ticket: int, script: Script, gain_db: float, depth: int = 0) -> None:
        """Begin a script."""
        self._ticket, self._playlist = ticket, Playlist(gain_db)
        for clip in self._prompter.clips(script, depth):
            self._playlist.append(clip)
        self._playlist.seal()

    def finish(self, ticket: int) -> None:
        """End with the breath that is being taken."""
        if self._playlist is not None and ticket == self._ticket:
            self._playlist.finish()

    def hush(self) -> None:
        """Be silent at once."""
        self._playlist = None

    def spoken(self, start: float, end: float) -> tuple[str, ...]:
        """Return the texts heard in an interval of steady time."""
        return self._log.between(start, end)

    def played(self, start: float, count: int) -> Samples:
        """Return what sounded from steady time ``start`` on, at ``MICROPHONE_RATE``."""
        return self._played.at(start, count)

    def fill(self, block: Samples) -> ClipEnded | None:
        """Write the next block; return the end of the ticket if it lies in it."""
        if self._playlist is None:
            return None
        steady = self._clock.now().steady
        self._log.add(steady, self._playlist.fill(block))
        self._played.add(steady, block)
        if self._playlist.end is None:
            return None
        ended = ClipEnded(self._ticket, self._playlist.breaks_passed)
        self._playlist = None
        return ended


class OfflineStage:
    """Moves the time, fills the output, feeds the microphone, and lets people answer."""

    def __init__(
        self, stagehand: Stagehand, speaker: OfflineSpeaker, clock: CountedClock, sink: Sink
    ) -> None:
        self._stagehand, self._speaker, self._clock, self._sink = stagehand, speaker, clock, sink
        self._position = 0
        self._waiting: list[Event] = []

    @property
    def seconds(self) -> float:
        """How much output there is."""
        return self._position / SPEAKER_RATE

    def finish(self) -> None:
        """Give the sink the last sample, so that the silence at the end is there too."""
        self._sink(self._position - 1, np.zeros(1, np.float32))

    def post(self, event: Event) -> None:
        """Let something happen at the end of this block."""
        self._waiting.append(event)

    def apply(self, event: Event) -> None:
        """Let something happen now."""
        self._stagehand.apply(event, self._clock)

    def step(self) -> None:
        """Move on by one block."""
        block = np.zeros(BLOCK, np.float32)
        ended = self._speaker.fill(block)
        if block.any():
            self._sink(self._position, block)
        self._position += BLOCK
        self._clock.move(BLOCK / SPEAKER_RATE)
        if ended is not None:
            self.apply(ended)
        waiting, self._waiting = self._waiting, []
        for event in waiting:
            self.apply(event)
        if self._stagehand.session.deadline.seconds_from(self._clock.now()) == 0:
            self.apply(DeadlineReached())

    def run(self, goes_on: Callable[[], bool], limit_seconds: float) -> None:
        """Move on while ``goes_on`` says so, at most to this length of output."""
        while goes_on() and self.seconds < limit_seconds:
            self.step()

    def run_with_microphone(self, samples: PcmSamples, take: Take) -> None:
        """Move on through a recording of 16 kHz, given to the ears as a microphone would."""
        per_chunk = MICROPHONE_CHUNK * SPEAKER_RATE // MICROPHONE_RATE // BLOCK
        for at in range(0, len(samples), MICROPHONE_CHUNK):
            for _ in range(per_chunk):
                self.step()
            take(samples[at : at + MICROPHONE_CHUNK], self._clock.now().steady)
