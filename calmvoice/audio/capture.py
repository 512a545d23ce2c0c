"""Captured sound before it is delivered: brought to 16 kHz, and is it muted? Pure."""

from __future__ import annotations

import numpy as np
import soxr

from calmvoice.sound import MICROPHONE_RATE, PcmSamples

MUTED_SECONDS = 5.0  # of exact zeros: a quiet room is never exactly zero, a muted device is


class Converter:
    """Resamples one stream to ``MICROPHONE_RATE``; a stream at that rate is passed on as it is."""

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._taken = self._given = 0
        self._resampler = (
            None
            if rate == MICROPHONE_RATE
            else soxr.ResampleStream(rate, MICROPHONE_RATE, 1, dtype="int16")
        )

    def convert(self, samples: PcmSamples, captured_at: float) -> tuple[PcmSamples, float]:
        """Return the samples ready now, and the time at which the last of them was captured.

        The resampler keeps some milliseconds back; they come with the next call.
        """
        if self._resampler is None:
            return samples, captured_at
        converted: PcmSamples = self._resampler.resample_chunk(samples)
        self._taken += len(samples)
        self._given += len(converted)
        kept_seconds = self._taken / self._rate - self._given / MICROPHONE_RATE
        return converted, captured_at - kept_seconds


class MuteWatch:
    """Counts exact zeros in audio seconds."""

    def __init__(self) -> None:
        self._zeros = 0

    @property
    def muted(self) -> bool:
        """Whether the last ``MUTED_SECONDS`` were exactly zero."""
        return self._zeros >= MUTED_SECONDS * MICROPHONE_RATE

    def feed(self, samples: PcmSamples) -> None:
        """Look at samples at ``MICROPHONE_RATE``."""
        self._zeros = 0 if np.any(samples) else self._zeros + len(samples)
