"""The way from the loudspeaker to the microphone, learnt while both are heard.

A filter of 400 ms in the frequency domain, each bin of which is followed by a Kalman filter: how
far its step goes depends on how surely the way is known and on how loud everything else is, so
that a person who speaks does not spoil what was learnt (Kuech, Mabande and Enzner, "State-space
architecture of the partitioned-block-based acoustic echo controller", 2014).

Rules: blocks of ``BLOCK`` samples in -1…1; each is first predicted, then learnt from; single
precision throughout.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from calmvoice.sound import MICROPHONE_RATE, Samples

BLOCK = 160  # samples: 10 ms
PARTS = 40
TAIL_SECONDS = PARTS * BLOCK / MICROPHONE_RATE  # the loop's delay and the room
STEADINESS = 0.9995  # of the way, from block to block; 0.9998 follows a room too slowly
UNKNOWN = 0.1  # variance of each bin at first: a loudspeaker is not much louder at the microphone
OTHERS_MEMORY = 0.9  # of how loud everything but the echo is, from block to block: 0.1 s
# A person begins faster than that. What is louder than ignorance of the way explains is theirs at
# once, taken together with its neighbours: with it 17 dB less is left of the echo than of the
# person in nine words of ten, without it 15.
NEIGHBOURS = np.full(5, 0.2, np.float32)
HISS = 1e-6  # power a sample of the softest room
SURE = 1e-12

Spectra = npt.NDArray[np.complex64]


class EchoPath:
    """Predicts the echo of what is played, and learns from what of it was left."""

    def __init__(self) -> None:
        bins = BLOCK + 1
        self._played = np.zeros(2 * BLOCK, np.float32)
        self._spectra: Spectra = np.zeros((PARTS, bins), np.complex64)  # of the last blocks
        self._way: Spectra = np.zeros((PARTS, bins), np.complex64)
        self._doubt: Samples = np.full((PARTS, bins), UNKNOWN, np.float32)
        self._others: Samples = np.full(bins, HISS * BLOCK, np.float32)

    def predict(self, played: Samples) -> Samples:
        """Take the next block that was played; return its echo, and that of all before it."""
        self._played[:BLOCK], self._played[BLOCK:] = self._played[BLOCK:], played
        self._spectra = np.roll(self._spectra, 1, axis=0)
        self._spectra[0] = np.fft.rfft(self._played)
        echo = np.fft.irfft((self._spectra * self._way).sum(axis=0))[BLOCK:]
        return np.asarray(echo, np.float32)

    def learn(self, left: Samples) -> None:
        """Take what was heard beyond the prediction."""
        power = self._spectra.real**2 + self._spectra.imag**2
        if not power.any():
            return
        left_over = np.fft.rfft(np.concatenate([np.zeros(BLOCK, np.float32), left]))
        loud = np.asarray(np.abs(left_over) ** 2, np.float32)
        self._others += np.float32(1 - OTHERS_MEMORY) * (loud - self._others)
        unknown = np.float32(0.5) * (power * self._doubt).sum(axis=0)
        now = np.convolve(loud, NEIGHBOURS, "same") - unknown
        others = np.maximum(self._others, now)
        gain = self._doubt / (unknown + 2 * others + np.float32(SURE))
        step = np.fft.irfft(gain * self._spectra.conj() * left_over, axis=1)
        step[:, BLOCK:] = 0.0  # each part reaches over its own block only
        self._way += np.fft.rfft(step, axis=1)
        # The way fades as it drifts: where nothing is played (near 8 kHz) a noise in the room would
        # else teach a way that grows without end.
        self._way *= np.float32(STEADINESS)
        drift = np.float32(1 - STEADINESS**2) * (self._way.real**2 + self._way.imag**2)
        known = np.float32(STEADINESS**2) * (1 - np.float32(0.5) * gain * power)
        doubt = known * self._doubt + drift
        self._doubt = np.maximum(doubt, np.float32(SURE))

    def copy_way(self) -> Spectra:
        """Return what is known of the way now."""
        return self._way.copy()

    def move(self, way: Spectra, samples: float) -> None:
        """Go on with this way, on which everything comes later by so many samples."""
        taps = np.fft.irfft(way, axis=1)[:, :BLOCK].ravel()
        count = 2 * len(taps)  # what is moved out of either end is gone
        turn = np.exp(-2j * np.pi * samples / count * np.arange(len(taps) + 1))
        moved = np.fft.irfft(np.fft.rfft(taps, count) * turn)[: len(taps)]
        parts = np.zeros((PARTS, 2 * BLOCK))
        parts[:, :BLOCK] = moved.reshape(PARTS, BLOCK)
        self._way = np.fft.rfft(parts, axis=1).astype(np.complex64)

    def doubt(self) -> None:
        """Learn as quickly as at first: the room or a device may be another one."""
        self._doubt = np.maximum(self._doubt, np.float32(UNKNOWN))
