"""Takes the echo of what was played out of what the microphone hears.

Rules:
1. It works in whole blocks; what is left over waits for the next call.
2. Where the echo has moved, the way as it was last surely known is moved with it.
3. Where the prediction makes it louder for long, the room is another one: it is learnt anew.
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
WORSE = 1.3  # left over heard, in energy: 1 is a way that says nothing, 2 one that is wrong
ENERGY_MEMORY = 0.98  # from block to block: half a second


class EchoCanceller:
    """One microphone and one loudspeaker; needs some seconds of echo to learn the room."""

    def __init__(self) -> None:
        self._path, self._alignment = EchoPath(), Alignment()
        self._known = (
            self._path.copy_way()
        )  # as it was when the alignment was last seen to be right
        self._heard: Samples = np.empty(0, np.float32)
        self._played: Samples = np.empty(0, np.float32)
        self._taught = self._blocks = 0
        self._energies = np.zeros(2)  # heard and left, of the last second that sounded

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
        left = np.empty(whole, np.float32)
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
            return left
        self._alignment.note(heard, expected)
        self._blocks += 1
        self._path.learn(left)
        if float(np.square(played).mean()) > SOUNDING:
            self._taught += 1
            self._follow_room(heard, left)
        if self._blocks % LOOK_EVERY == 0 and self._taught >= LEARNT_BLOCKS:
            self._follow_shift()
        return left

    def _follow_shift(self) -> None:
        shift = self._alignment.shift()
        if shift == 0.0:
            self._known = self._path.copy_way()
        elif shift is not None:
            self._path.move(self._known, shift)
            self._known = self._path.copy_way()
            self._alignment.forget()

    def _follow_room(self, heard: Samples, left: Samples) -> None:
        energies = np.array([np.square(heard).sum(), np.square(left).sum()])
        self._energies = ENERGY_MEMORY * self._energies + energies
        if self._taught > LEARNT_BLOCKS and self._energies[1] > WORSE * self._energies[0]:
            self._path.forget()
            self._alignment.forget()
            self._known = self._path.copy_way()
            self._energies[:] = 0.0
            self._taught = 0
