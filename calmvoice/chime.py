"""The chime of the return: three soft rising notes, melodic and low, no beep.

A melody leaves people less dazed than a beep (EVIDENCE: chime); it is low so that older ears and
small loudspeakers carry it. Where hearing is lost it is lost from the top: the low chime lies an
octave deeper, with overtones that stay under 800 Hz and that a small loudspeaker still carries.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from calmvoice.sound import SPEAKER_RATE, Clip, Sound

NOTES_HZ = (261.6, 329.6, 392.0)  # C4, E4, G4
STEP_SECONDS = 0.55
RING_SECONDS = 2.2
LOW_NOTES_HZ = (130.8, 164.8, 196.0)  # C3, E3, G3
PARTIALS = ((1.0, 1.0, 1.0), (2.0, 0.35, 1.8), (3.01, 0.12, 3.0))  # (ratio, level, decay rate)
LOW_PARTIALS = ((1.0, 1.0, 1.0), (2.0, 0.7, 1.2), (3.01, 0.35, 1.8))
PEAK = 0.25  # about as loud as the voice
ATTACK_SECONDS = 0.03  # slow enough not to startle


@cache
def chime(low: bool = False) -> Clip:
    """Return the chime at 48 kHz, with a second of rest after it."""
    notes, partials = (LOW_NOTES_HZ, LOW_PARTIALS) if low else (NOTES_HZ, PARTIALS)
    count = round((STEP_SECONDS * (len(notes) - 1) + RING_SECONDS) * SPEAKER_RATE)
    wave = np.zeros(count)
    for index, hertz in enumerate(notes):
        at = round(index * STEP_SECONDS * SPEAKER_RATE)
        time = np.arange(count - at) / SPEAKER_RATE
        attack = np.clip(time / ATTACK_SECONDS, 0.0, 1.0)
        for ratio, level, decay in partials:
            wave[at:] += (
                level
                * attack
                * np.exp(-2.2 * decay * time)
                * np.sin(2.0 * np.pi * hertz * ratio * time)
            )
    fade = round(0.05 * SPEAKER_RATE)
    wave[-fade:] *= np.linspace(1.0, 0.0, fade)
    return Clip(Sound((PEAK * wave / np.max(np.abs(wave))).astype(np.float32)))
