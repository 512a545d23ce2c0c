"""A take: what the microphone gave between two keys, judged, trimmed and made as loud as the voice.

Rules a change must respect: only ``calmvoice record`` comes here; what is refused is forgotten, and
the refusal says what, the value, the limit and what to do. Levels are dBFS of frames of 20 ms.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np
import numpy.typing as npt

from calmvoice.errors import SoundError
from calmvoice.sound import MICROPHONE_RATE, PcmSamples, Samples, Sound, from_pcm
from calmvoice.voice.levels import levelled, resampled
from calmvoice.voice.pace import count_syllables

LONGEST_SECONDS = 30.0
LONGEST_CUE_SECONDS = 2.0  # the shortest half of a breath
SYLLABLE_SECONDS = 0.06  # nobody speaks faster
ENOUGH_SECONDS = 1.0  # one's own words may be fewer than the line's
AFTER_CHUNKS = 4  # still on their way when the key is pressed: 0.2 s of latency and a chunk
KEY_SECONDS = 0.1  # at the start, in which the key that began it can be heard

FRAME = MICROPHONE_RATE // 50
QUIETEST_DB = -45.0  # a person a metre from a laptop is at −35; levelling would lift the hiss too
LEAST_OVER_ROOM_DB = 15.0
FULL = 32_700  # of 32 767
MOST_CLIPPED = 40  # samples, 2.5 ms
OVER_ROOM_DB = 8.0  # what belongs to the voice
UNDER_VOICE_DB = 35.0
RUN = 3  # frames of voice in a row: a key's click is shorter
LEAD_FRAMES, TAIL_FRAMES = 3, 6  # kept around the voice: soft sounds begin and end it
FADE = MICROPHONE_RATE // 100


@dataclass(frozen=True)
class Length:
    """How many seconds of voice a take may have."""

    shortest: float
    longest: float


def length_for(words: str, is_cue: bool) -> Length:
    """Return how long the recording of these words may be; a cue has its place in a breath."""
    shortest = min(ENOUGH_SECONDS, SYLLABLE_SECONDS * max(2, count_syllables(words)))
    return Length(shortest, LONGEST_CUE_SECONDS if is_cue else LONGEST_SECONDS)


def capture(chunks: Iterator[PcmSamples], ended: Callable[[], bool], longest: float) -> PcmSamples:
    """Collect until ``ended`` says so, and what is still on its way then; at most a bit over
    ``longest`` seconds.
    """
    parts: list[PcmSamples] = []
    limit = (longest + 2.0) * MICROPHONE_RATE
    for samples in chunks:
        parts.append(samples)
        if ended() or sum(map(len, parts)) > limit:
            break
    parts += islice(chunks, AFTER_CHUNKS)
    return np.concatenate(parts) if parts else np.zeros(0, np.int16)


def finished(pcm: PcmSamples, length: Length) -> Sound:
    """Return a good take at 48 kHz, trimmed and levelled; raises ``SoundError`` for another."""
    pcm = pcm[round(KEY_SECONDS * MICROPHONE_RATE) :]
    clipped = int(np.count_nonzero(np.abs(pcm.astype(np.int32)) >= FULL))
    samples = from_pcm(pcm)
    samples = samples - samples.mean() if len(samples) else samples
    levels = _levels(samples)
    if not len(levels) or not pcm.any():
        raise SoundError("the microphone gave nothing", "Is it muted? See: calmvoice doctor")
    loud, room = float(np.max(levels)), float(np.percentile(levels, 5))
    if loud < QUIETEST_DB:
        raise SoundError(
            f"too quiet: {loud:.0f} dB, at least {QUIETEST_DB:.0f} dB is needed",
            "Come nearer, or turn the microphone up.",
        )
    if clipped > MOST_CLIPPED:
        raise SoundError(
            f"too loud: {clipped} samples are clipped, at most {MOST_CLIPPED} may be",
            "Step back a little, or turn the microphone down.",
        )
    if loud - room < LEAST_OVER_ROOM_DB:
        raise SoundError(
            f"the voice is {loud - room:.0f} dB over the room, "
            f"at least {LEAST_OVER_ROOM_DB:.0f} dB is needed",
            "Find a quieter place, or come nearer; leave a moment of quiet before and after.",
        )
    first, end = _voiced(levels, max(room + OVER_ROOM_DB, loud - UNDER_VOICE_DB))
    seconds = (end - first) * FRAME / MICROPHONE_RATE
    if seconds < length.shortest:
        raise SoundError(
            f"too short: {seconds:.1f} s of voice, at least {length.shortest:.1f} s is needed",
            "Press Enter, say it, and press Enter when you have finished.",
        )
    if seconds > length.longest:
        raise SoundError(
            f"too long: {seconds:.1f} s of voice, at most {length.longest:.0f} s can be used",
            "Say it in fewer words; leave the time out, I add it.",
        )
    start = max(0, first - LEAD_FRAMES) * FRAME
    cut = _faded(samples[start : (end + TAIL_FRAMES) * FRAME])
    return levelled(resampled(Sound(cut, MICROPHONE_RATE)))


def _levels(samples: Samples) -> npt.NDArray[np.float64]:
    """Return the level of each whole frame."""
    frames = samples[: len(samples) // FRAME * FRAME].reshape(-1, FRAME).astype(np.float64)
    return np.asarray(10.0 * np.log10(np.maximum((frames**2).mean(axis=1), 1e-12)))


def _voiced(levels: npt.NDArray[np.float64], threshold: float) -> tuple[int, int]:
    """Return the first frame of voice and the one after the last; clicks are left out."""
    is_over = levels > threshold
    runs = np.convolve(is_over, np.ones(RUN, int), "valid") == RUN
    places = np.flatnonzero(runs)
    return (int(places[0]), int(places[-1]) + RUN) if len(places) else (0, 0)


def _faded(samples: Samples) -> Samples:
    faded = samples.astype(np.float32)
    length = min(FADE, len(faded) // 2)
    ramp = np.linspace(0.0, 1.0, length, dtype=np.float32)
    faded[:length] *= ramp
    faded[len(faded) - length :] *= ramp[::-1]
    return faded
