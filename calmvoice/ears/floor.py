"""A noise floor under everything the ears hear.

Rule: it belongs to the place in audio time, so that the same audio gives the same however it is
cut. The model never met digital silence: with exact zeros around the voice, 8 of 33 "mellow night"
were taken for "yellow light", with noise of 3 steps (−81 dBFS) none.
"""

from __future__ import annotations

import random

import numpy as np

from calmvoice.sound import PcmSamples

STEPS = 3.0  # standard deviation, in int16 steps
PERIOD = 32_000  # samples
_SOURCE = random.Random(0)  # numpy's own costs 3 MB, and nothing else asks for it while listening
_NOISE = np.tile(np.array([round(_SOURCE.gauss(0.0, STEPS)) for _ in range(PERIOD)], np.int32), 2)


def with_floor(samples: PcmSamples, position: int) -> PcmSamples:
    """Return samples, the first of which is at ``position``, with the floor under them.

    At most ``PERIOD`` samples at once.
    """
    begin = position % PERIOD
    noisy = samples + _NOISE[begin : begin + len(samples)]
    return np.asarray(np.minimum(np.maximum(noisy, -32768), 32767), np.int16)
