"""A room in which the microphone hears the loudspeaker too: delayed, reflected, coloured, softer.

Rules: it knows nothing of the canceller; it hears what was put out, at 48 kHz, and makes the echo
of it itself. The same numbers give the same room.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from calmvoice.sound import MICROPHONE_RATE, SPEAKER_RATE, PcmSamples, Samples, from_pcm, to_pcm

STEP = SPEAKER_RATE // MICROPHONE_RATE
PERSON_DB = -24.0  # what a person's active speech is brought to, in dBFS
GUIDANCE_DB = -23.0  # what CalmVoice's own voice is levelled to
DELAY_SECONDS = 0.025  # converters, buffers and two metres of air
REVERBERATION_SECONDS = 0.35  # until it is 60 dB down: a furnished room
HISS = 3e-4  # standard deviation; −70 dBFS

FloatArray = npt.NDArray[np.float64]


def impulse_response(
    seed: int = 0,
    delay_seconds: float = DELAY_SECONDS,
    reverberation_seconds: float = REVERBERATION_SECONDS,
) -> FloatArray:
    """Return a way from the loudspeaker to the microphone at 48 kHz, of unit energy, to 7 kHz."""
    random = np.random.default_rng(seed)
    seconds = np.arange(round(reverberation_seconds * SPEAKER_RATE)) / SPEAKER_RATE
    tail = random.standard_normal(len(seconds)) * 10 ** (-3 * seconds / reverberation_seconds) * 0.1
    tail[0] = 1.0
    size = 2 * len(tail)  # or what the filters put before the first sample came at the end
    spectrum = np.fft.rfft(tail, size)
    hertz = np.fft.rfftfreq(size, 1 / SPEAKER_RATE)
    low = 1 / (1 + (150 / np.maximum(hertz, 1.0)) ** 4)  # a small loudspeaker has no bass
    high = 1 / (1 + (hertz / 7_000) ** 16)
    way = np.fft.irfft(spectrum * low * high, size)[: len(tail)]
    delayed: FloatArray = np.concatenate([np.zeros(round(delay_seconds * SPEAKER_RATE)), way])
    return delayed / np.linalg.norm(delayed)


class EchoRoom:
    """Takes what the loudspeaker puts out; adds its echo to what a microphone captures."""

    def __init__(
        self, echo_db: float | None, seed: int = 0, delay_seconds: float = DELAY_SECONDS,
        reverberation_seconds: float = REVERBERATION_SECONDS,
    ) -> None:  # fmt: skip
        """``echo_db`` is the echo's level over a person's; None is no echo at all."""
        gain = 0.0 if echo_db is None else 10 ** ((PERSON_DB + echo_db - GUIDANCE_DB) / 20)
        self._way = impulse_response(seed, delay_seconds, reverberation_seconds) * gain
        self._random = np.random.default_rng(seed)
        self._put_out = np.zeros(0, np.float32)
        self._begin = 0  # the place of the first sample kept
        self._captured = 0  # samples at 16 kHz

    def put_out(self, at: int, samples: Samples) -> None:
        """Take samples at an absolute position of the 48 kHz output: a ``Sink``."""
        missing = at + len(samples) - self._begin - len(self._put_out)
        if missing > 0:
            self._put_out = np.concatenate([self._put_out, np.zeros(missing, np.float32)])
        place = at - self._begin
        self._put_out[place : place + len(samples)] += samples

    def capture(self, person: PcmSamples) -> PcmSamples:
        """Return the next chunk of the microphone: the person, the echo and the hiss."""
        first, count = self._captured * STEP, len(person) * STEP
        past = len(self._way) - 1
        span = np.zeros(past + count)
        kept = self._put_out[: max(0, first + count - self._begin)]
        offset = past + self._begin - first
        if offset < 0:
            kept, offset = kept[-offset:], 0
        span[offset : offset + len(kept)] = kept
        size = 1 << (len(span) + past).bit_length()
        echo = np.fft.irfft(np.fft.rfft(span, size) * np.fft.rfft(self._way, size), size)
        echo = echo[past : past + count : STEP]
        self._captured += len(person)
        self._forget(first + count - past)
        hiss = self._random.normal(0.0, HISS, len(person))
        return to_pcm((from_pcm(person) + echo + hiss).astype(np.float32))

    def _forget(self, before: int) -> None:
        if before > self._begin:
            self._put_out = self._put_out[before - self._begin :]
            self._begin = before


def active_db(samples: Samples, rate: int = MICROPHONE_RATE) -> float:
    """Return the level of the parts that sound: frames of 20 ms within 30 dB of the loudest."""
    frame = rate // 50
    power = np.square(samples[: len(samples) // frame * frame], dtype=np.float64)
    power = power.reshape(-1, frame).mean(axis=1)
    return 10 * float(np.log10(power[power > power.max() / 1000].mean()))


def person(samples: Samples) -> Samples:
    """Bring somebody's speech to ``PERSON_DB``."""
    gain = 10 ** ((PERSON_DB - active_db(samples)) / 20)
    return (samples * np.float32(gain)).astype(np.float32)
