"""Takes the echo of what was played out of what the microphone hears.

Rules:
1. It works in whole blocks; what is left over waits for the next call.
2. Nothing is taken out before what was expected has been found in what was heard, nor after it
   was wrong for long: where no echo is (headphones, a far microphone), a way that was learnt from
   people would only spoil them. The tone of the breathing cannot be found, nor is it wrong.
3. Where the echo has moved, the way as it was last surely known is moved with it.
4. A microphone that gives exact zeros is muted: nothing is learnt from it.
"""

from __future__ import annotations

import numpy as np

from calmvoice.echo.alignment import Alignment
from calmvoice.echo.echo_path import BLOCK, EchoPath
from calmvoice.sound import PcmSamples, Samples, from_pcm, to_pcm

SOUNDING = 1e-5  # mean square of a block that teaches something: −50 dBFS
LEARNT_BLOCKS = 150  # that sounded, before a shift can be told from ignorance: 1.5 s
LOOK_EVERY = 5  # blocks: 50 ms
NEW_BLOCKS = 200  # 2 s: by then an echo 25 dB under a person is found
FOUND_LOOKS = 4  # one may be chance
TELLING = 0.25  # expected over heard, in energy: less says nothing, somebody speaks
UNTOUCHED = 0.8  # left over heard: what was expected was not there
LOST_BLOCKS = 200  # that were wrong: 2 s; an echo that moved is found in 0.5


class EchoCanceller:
    """One microphone and one loudspeaker; needs some seconds of echo to learn the room."""

    def __init__(self) -> None:
        self._path, self._alignment = EchoPath(), Alignment()
        self._known = self._path.copy_way()  # as it was when the echo was last found
        self._heard: Samples = np.empty(0, np.float32)
        self._played: Samples = np.empty(0, np.float32)
        self._taught = self._blocks = 0
        self._missed = LOST_BLOCKS  # blocks that were wrong since the echo was found
        self._found = 0  # looks that found it since it was lost
        self.moved = False  # in the last call: until then it was taken out badly

    @property
    def is_new(self) -> bool:
        """Whether it has heard too little of our voice to know of any echo."""
        return self._taught < NEW_BLOCKS

    @property
    def sure(self) -> bool:
        """Whether the echo is where it is expected, and taken out."""
        return self._missed < LOST_BLOCKS

    @property
    def kept(self) -> int:
        """How many samples wait for the rest of their block: the end of what was given."""
        return len(self._heard)

    def cancel(self, heard: PcmSamples, played: Samples) -> PcmSamples:
        """Return the microphone without the echo: whole blocks, the rest comes with the next call.

        Both are at 16 kHz, of one length, and of the same moments.
        """
        if len(heard) != len(played):
            raise ValueError(f"{len(heard)} samples heard, {len(played)} played")
        self._heard = np.concatenate([self._heard, from_pcm(heard)])
        self._played = np.concatenate([self._played, played])
        whole = len(self._heard) // BLOCK * BLOCK
        left, self.moved = np.empty(whole, np.float32), False
        for at in range(0, whole, BLOCK):
            block = slice(at, at + BLOCK)
            left[block] = self._take(self._heard[block], self._played[block])
        self._heard, self._played = self._heard[whole:], self._played[whole:]
        return to_pcm(left)

    def flush(self) -> PcmSamples:
        """Return the samples that wait for the rest of their block, as they came."""
        rest, self._heard = self._heard, np.empty(0, np.float32)
        self._played = np.empty(0, np.float32)
        self._alignment.forget()
        return to_pcm(rest)

    def _take(self, heard: Samples, played: Samples) -> Samples:
        expected = self._path.predict(played)
        left = heard - expected
        if not heard.any():
            return heard
        self._alignment.note(heard, expected)
        self._path.learn(left)
        self._blocks += 1
        if float(np.square(played).mean()) > SOUNDING:
            self._taught += 1
            self._missed += _is_wrong(heard, expected, left)
            if self._missed == LOST_BLOCKS:
                self._found = 0
        if self._blocks % LOOK_EVERY == 0 and self._taught >= LEARNT_BLOCKS:
            self._look()
        return left if self.sure else heard

    def _look(self) -> None:
        """Hold what was heard against what was expected."""
        shift = self._alignment.shift()
        if shift == 0.0:
            self._found += 1
            if self.sure or self._found >= FOUND_LOOKS:
                self._known, self._missed = self._path.copy_way(), 0
        elif shift is not None and self.sure:
            self._path.move(self._known, shift)
            self._known = self._path.copy_way()
            self._alignment.forget()
            self.moved = True
        elif self._missed > LOST_BLOCKS + LEARNT_BLOCKS:
            self._path.doubt()
            self._missed, self._found = LOST_BLOCKS, 0


def _is_wrong(heard: Samples, expected: Samples, left: Samples) -> bool:
    """Return whether a block that was expected to hold an echo did not get softer without it."""
    loud = float(np.square(heard).sum())
    told = float(np.square(expected).sum()) > TELLING * loud
    return told and float(np.square(left).sum()) > UNTOUCHED * loud
