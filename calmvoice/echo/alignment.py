"""Notices that the echo comes earlier or later than it was learnt.

A device gives the time of each new stream to some milliseconds only (7 on the card measured), and
an echo that moves has to be learnt again: seconds in which nobody is heard. The room is the same,
so what is heard is held against what was expected: where they agree best is how far it has moved.
Only phases count (each frequency weighs the same), or the pitch of the voice would agree at every
period.

Rules: two looks that agree, or one that is beyond doubt; a person as loud as CalmVoice does not
hide it.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from calmvoice.sound import MICROPHONE_RATE, Samples

WINDOW = 4800  # samples, 0.3 s
REACH = 200  # samples either way, 12.5 ms
BAND = (200, 6_000)  # Hz: where a voice is, and a small loudspeaker
AUDIBLE = 3e-4  # root mean square of the echo expected in each of the last 50 ms: −70 dBFS
CLEAR = 8.0  # a peak in standard deviations of the rest; true shifts 8 to 120, others up to 12
BEYOND_DOUBT = 20.0
RATIO = 1.5  # over the agreement where it was learnt
SAME = 1.0  # samples
BETTER = 0.1  # of the echo's energy; a chime agrees at every period: moved by one it is no better
UNMOVED = 0.6  # samples; half a sample off still takes 10 dB out at 1.6 kHz, and is learnt quickly

Spectrum = npt.NDArray[np.complexfloating]


class Alignment:
    """Keeps the last moments of what was heard and expected; pure."""

    def __init__(self) -> None:
        self._heard = np.zeros(WINDOW, np.float32)
        self._expected = np.zeros(WINDOW, np.float32)
        self._taper = np.sqrt(np.hanning(WINDOW)).astype(np.float32)
        hertz = np.arange(WINDOW + 1) * (MICROPHONE_RATE / (2 * WINDOW))
        self._band = (hertz >= BAND[0]) & (hertz <= BAND[1])
        self._before: float | None = None

    def note(self, heard: Samples, expected: Samples) -> None:
        """Take the next block of both."""
        count = len(heard)
        self._heard = np.concatenate([self._heard[count:], heard])
        self._expected = np.concatenate([self._expected[count:], expected])

    def forget(self) -> None:
        """Begin anew: what was expected before says nothing any more."""
        self._heard[:] = 0.0
        self._expected[:] = 0.0
        self._before = None

    def shift(self) -> float | None:
        """Return by how many samples the echo comes later than expected; None if nobody can say."""
        before, self._before = self._before, None
        latest = np.square(self._expected[-WINDOW // 3 :]).reshape(2, -1).mean(axis=1)
        if float(latest.min()) < AUDIBLE**2:
            return None
        heard = np.fft.rfft(self._heard * self._taper, 2 * WINDOW) * self._band
        expected = np.fft.rfft(self._expected * self._taper, 2 * WINDOW) * self._band
        agreement, rest = _agreement(heard, expected)
        best = int(agreement.argmax())
        if agreement[best] < CLEAR * rest:
            return None
        shift = best - REACH + _vertex(agreement[best - 1 : best + 2])
        if abs(shift) < UNMOVED:
            return 0.0
        near = abs(shift) < 2  # so near that both peaks are one
        if not near and agreement[best] < RATIO * agreement[REACH]:
            return None
        if not _explains_more(heard, expected, shift):
            return None
        self._before = shift
        agreed = before is not None and abs(before - shift) <= SAME
        beyond_doubt = not near and agreement[best] > BEYOND_DOUBT * rest
        return shift if agreed or beyond_doubt else None


def _agreement(heard: Spectrum, expected: Spectrum) -> tuple[Samples, float]:
    """Return it for each shift within reach, and how large it is elsewhere by chance."""
    crossed = heard * expected.conj()
    everywhere = np.fft.irfft(crossed / (np.abs(crossed) + 1e-12))
    near = np.concatenate([everywhere[-REACH:], everywhere[: REACH + 1]])
    return near.astype(np.float32), float(everywhere[2 * REACH : WINDOW].std()) + 1e-12


def _explains_more(heard: Spectrum, expected: Spectrum, shift: float) -> bool:
    """Return whether less would be left with the shift than without it."""
    turn = np.exp(-1j * np.pi * shift / WINDOW * np.arange(len(expected)))
    left, left_moved = (np.square(np.abs(heard - e)).sum() for e in (expected, expected * turn))
    return bool(left - left_moved > BETTER * np.square(np.abs(expected)).sum())


def _vertex(three: Samples) -> float:
    """Return where a parabola through three points has its vertex, seen from the middle one."""
    if len(three) < 3:
        return 0.0
    before, here, after = (float(one) for one in three)
    bend = before - 2 * here + after
    return 0.5 * (before - after) / bend if bend else 0.0
