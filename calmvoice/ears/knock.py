"""Two knocks or claps, for someone who has no words: two sharp sounds with quiet around them.

Rules: it works in audio seconds and by level alone; it would rather miss than ask in the middle of
talk, so whatever is not quiet before, between and after is no knock; a third knock makes it none.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from calmvoice.sound import MICROPHONE_RATE, PcmSamples, Samples

FRAME = 80  # samples: 5 ms, the rise of a knock
BANDS_HZ = (200, 600, 1400, 3200, 7400)  # edges; a knock rises in nearly all of them at once
RISE_DB = 18.0  # over the loudest of the 50 ms before, within two frames
BAND_RISE_DB, BANDS_THAT_RISE = 9.0, 3
DECAY_DB = 8.0  # from its peak after 80 ms, in a room that rings; a word goes on
PAIR_SECONDS = (0.15, 0.5)
ALIKE_DB = 9.0  # two knocks of one hand
BEFORE_SECONDS, BEFORE_DB = 0.5, 14.0  # how much softer all that is before the first is
AFTER_SECONDS, AFTER_DB = 0.5, 11.0  # and after the second

FRAME_SECONDS = FRAME / MICROPHONE_RATE
RISING, LOOK_BACK, PEAK, DECAYED, SETTLED = 2, 10, 4, 16, 28  # frames
BEFORE, AFTER = round(BEFORE_SECONDS / FRAME_SECONDS), round(AFTER_SECONDS / FRAME_SECONDS)
PAIR = tuple(round(seconds / FRAME_SECONDS) for seconds in PAIR_SECONDS)
KEPT = BEFORE + PAIR[1] + AFTER + LOOK_BACK
LEAST = 0.1  # a level under one step of the converter is silence
SILENCE_DB = -10.0


@dataclass(frozen=True)
class Knock:
    """Two knocks: the begin of each, and when it was known, in audio seconds."""

    first_seconds: float
    second_seconds: float
    known_seconds: float


class KnockDetector:
    """Fed with any number of samples at 16 kHz; keeps levels of two seconds, and no sound."""

    def __init__(self) -> None:
        self._rest: PcmSamples = np.zeros(0, np.int16)
        self._bands: Samples = np.zeros((0, len(BANDS_HZ) - 1), np.float32)
        self._levels: list[float] = []
        self._gone = 0  # frames that are no longer kept
        self._known = 0  # frames up to which all has been looked at
        self._onsets: list[int] = []

    def feed(self, samples: PcmSamples) -> list[Knock]:
        """Take samples; return the double knocks that are known with them."""
        samples = np.concatenate([self._rest, samples])
        whole = len(samples) // FRAME * FRAME
        self._rest = samples[whole:].copy()
        power = _power(samples[:whole].reshape(-1, FRAME))
        self._bands = np.concatenate([self._bands, _db(power)])
        self._levels += _db(power.sum(axis=1)).tolist()
        found = []
        for _ in range(len(power)):
            self._known += 1
            knock = self._step()
            if knock is not None:
                found.append(knock)
        self._forget()
        return found

    def _step(self) -> Knock | None:
        """Look at what has become known with the last frame."""
        begin = self._known - SETTLED
        if begin >= LOOK_BACK and self._is_onset(begin):
            self._onsets = [*self._onsets[-1:], begin]
        if len(self._onsets) == 2 and self._onsets[-1] + AFTER == self._known:
            return self._pair(*self._onsets)
        return None

    def _is_onset(self, begin: int) -> bool:
        before, after = begin - LOOK_BACK, begin + RISING
        since = begin - self._onsets[-1] if self._onsets else KEPT
        rise = self._loudest(begin, after) - self._loudest(before, begin)
        if rise < RISE_DB or since < SETTLED:
            return False
        bands, at = self._bands, begin - self._gone
        rises = bands[at : at + RISING].max(axis=0) - bands[at - LOOK_BACK : at].max(axis=0)
        if np.sum(rises >= BAND_RISE_DB) < BANDS_THAT_RISE:
            return False
        return self._loudest(begin + DECAYED, begin + SETTLED) <= self._peak(begin) - DECAY_DB

    def _pair(self, first: int, second: int) -> Knock | None:
        """Return two onsets as a double knock if they are alike, with quiet around them."""
        if not PAIR[0] <= second - first <= PAIR[1]:
            return None
        one, other = self._peak(first), self._peak(second)
        softer = min(one, other)
        is_quiet = (
            self._loudest(first - BEFORE, first) <= softer - BEFORE_DB
            and self._loudest(first + SETTLED, second) <= softer - DECAY_DB
            and self._loudest(second + SETTLED, second + AFTER) <= softer - AFTER_DB
        )
        if not is_quiet or abs(one - other) > ALIKE_DB:
            return None
        return Knock(*(frame * FRAME_SECONDS for frame in (first, second, self._known)))

    def _peak(self, begin: int) -> float:
        return self._loudest(begin, begin + PEAK)

    def _loudest(self, begin: int, end: int) -> float:
        """Return the highest level of these frames, as far as there are any."""
        return max(self._levels[max(0, begin - self._gone) : end - self._gone], default=SILENCE_DB)

    def _forget(self) -> None:
        surplus = max(0, len(self._levels) - KEPT)
        self._gone += surplus
        self._bands, self._levels = self._bands[surplus:], self._levels[surplus:]


_FREQUENCIES = np.fft.rfftfreq(FRAME, 1 / MICROPHONE_RATE)
_BANDS = np.eye(len(BANDS_HZ) + 1, dtype=np.float32)[np.digitize(_FREQUENCIES, BANDS_HZ)][:, 1:-1]
"""Which frequency belongs to which band."""


def _power(frames: PcmSamples) -> Samples:
    """Return the power of each band in each frame, in steps of the converter."""
    spectra = np.fft.rfft(frames.astype(np.float32), axis=1)
    return np.asarray(np.abs(spectra).astype(np.float32) ** 2 @ _BANDS / FRAME**2, np.float32)


def _db(power: Samples) -> Samples:
    return np.asarray(10 * np.log10(np.maximum(power, LEAST)), np.float32)
