"""How quiet it is around a phrase: what is near the ears' own floor, or far under the phrase.

A soft voice in a quiet room is no voice in noise, and a loud one over a motor is: so both are
asked, how far the phrase stands above what is around it, and how far that is above the floor.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from calmvoice.ears.evidence import Sighting
from calmvoice.ears.floor import PERIOD, with_floor
from calmvoice.ears.network import SUBSAMPLING
from calmvoice.ears.spectrum import energies
from calmvoice.sound import PcmSamples

Levels = npt.NDArray[np.float32]
DECIBELS = 10.0 / np.log(10.0)  # in one natural logarithm of power
AROUND_FRAMES = 150, 42  # before and after a phrase, of 10 ms
AROUND_SHARE = 10  # percent: the quietest frames around, between and behind what is said
# A phrase stands 45 dB above a quiet room, and 8 and 6 dB above household noise 10 and 5 dB down.
NOISY_ABOVE, QUIET_ABOVE = 13.0, 35.0
# What is around is within 3 dB of the floor in a quiet room, and 16 above it where a microphone
# hisses at −65 dBFS.
QUIET_ROOM, NOISY_ROOM = 10.0, 25.0


def levels(samples: PcmSamples) -> Levels:
    """Return how loud each 10 ms are: the mean over bands, in decibels; empty below 25 ms."""
    return np.asarray(energies(samples).mean(axis=1) * DECIBELS, np.float32)


def quietness(loud: Levels, place: Sighting) -> float:
    """Return 1 where a sighting was said in a quiet room, 0 in noise, or what lies between.

    ``loud`` are the ``levels`` of the stretch. Where nothing of the sighting is in it, it is 1.
    """
    first, last = place.first * SUBSAMPLING, (place.last + 1) * SUBSAMPLING
    inside = loud[first:last]
    if not len(inside):
        return 1.0
    around = np.percentile(
        loud[max(0, first - AROUND_FRAMES[0]) : last + AROUND_FRAMES[1]], AROUND_SHARE
    )
    above = 10.0 * np.log10(np.mean(10.0 ** (inside / 10.0))) - around
    by_voice = (above - NOISY_ABOVE) / (QUIET_ABOVE - NOISY_ABOVE)
    by_room = (NOISY_ROOM - (around - _floor())) / (NOISY_ROOM - QUIET_ROOM)
    return float(np.clip(max(by_voice, by_room), 0.0, 1.0))


@cache
def _floor() -> float:
    """Return what is around where there is nothing but the ears' own floor."""
    silence = with_floor(np.zeros(PERIOD, np.int16), 0)
    return float(np.percentile(levels(silence), AROUND_SHARE))
