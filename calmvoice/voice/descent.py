"""The voice that comes down over a pause: a prepared clip, a little slower, lower and softer.

Rules a change must respect:

- It is made from the clip that is there, by playing it slower, so pitch and pace fall together.
  Nothing is rendered or kept for it, and recordings and every engine come down alike. The
  timbre darkens by the same few hundredths, which is not heard as another voice.
- No sentence falls under the pace at which it is still easily followed (EVIDENCE: pace).
- Depth 0 is the clip itself: bridge, return and re-entry are spoken in the usual voice.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import soxr

from calmvoice.sound import SPEAKER_RATE, Clip, Cue, Sound
from calmvoice.voice.pace import FEWEST_WORDS, count_words

SLOWEST_WORDS_PER_MINUTE = 110


@dataclass(frozen=True)
class Lowering:
    """How a clip is played: ``speed`` is that of pitch and pace, 1 as it is."""

    speed: float
    gain_db: float


LOWERINGS = (
    Lowering(1.0, 0.0),
    Lowering(0.98, -1.5),
    Lowering(0.955, -3.0),
    Lowering(0.93, -4.5),  # at most 1.3 semitones and 7 % of the pace
)
"""By depth."""
DEEPEST = len(LOWERINGS) - 1


def lowered(clip: Clip, depth: int) -> Clip:
    """Return a clip of one sentence at a depth; deeper than there is counts as the deepest."""
    lowering = LOWERINGS[min(depth, DEEPEST)]
    if lowering == LOWERINGS[0]:
        return clip
    speed = max(lowering.speed, min(1.0, _slowest(clip)))
    gain = np.float32(10 ** (lowering.gain_db / 20))
    samples = soxr.resample(clip.sound.samples * gain, SPEAKER_RATE * speed, SPEAKER_RATE)
    longest = len(samples)
    cues = tuple(
        Cue(cue.text, round(cue.start / speed), min(longest, round(cue.end / speed)))
        for cue in clip.cues
    )
    return Clip(Sound(samples.astype(np.float32)), cues)


def _slowest(clip: Clip) -> float:
    """Return the speed at which the slowest sentence of a clip is just not too slow."""
    speeds = [0.0]
    for cue in clip.cues:
        words = count_words(cue.text)
        if words >= FEWEST_WORDS and "…" not in cue.text:
            pace = 60.0 * words * SPEAKER_RATE / (cue.end - cue.start)
            speeds.append(SLOWEST_WORDS_PER_MINUTE / pace)
    return max(speeds)
