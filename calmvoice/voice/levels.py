"""How a rendered sentence becomes an even, click-free sound: trimming, 48 kHz, loudness.

Rules a change must respect:

- After ``trimmed`` the first audible sample is at ``LEAD`` and the last is ``TAIL`` before the
  end, so a cue's place is known without looking at the samples again.
- Loudness is computed here in numpy: pyloudnorm gives the same figures (a test compares them) but
  brings scipy, 65 MB resident and 0.8 s at each start.
- Loudness is set by one gain for the whole sentence, never by a limiter. −23 LUFS leaves 20 dB to
  the −3 dBFS ceiling and the voices we use peak 10–18 dB over their loudness, so the ceiling is
  hardly ever met; where it is, the sentence is a little softer. That is not heard, while a
  limiter's pumping or distortion on a slow, calm voice would be.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import soxr

from calmvoice.sound import SPEAKER_RATE, Samples, Sound

TARGET_LUFS = -23.0  # EBU R 128
CEILING = 10 ** (-3.0 / 20.0)  # −3 dBFS, as an amplitude
AUDIBLE = 10 ** (-46.0 / 20.0)  # of the peak: under a final "f" or "s", over the engines' hiss
LEAD = round(0.010 * SPEAKER_RATE)  # 480 samples kept before the first audible one
TAIL = round(0.030 * SPEAKER_RATE)  # 1440 samples kept after the last audible one
FADE = round(0.005 * SPEAKER_RATE)  # 240 samples at either end: no click

_BLOCK = round(0.400 * SPEAKER_RATE)
_STEP = _BLOCK // 4
_SETTLE = 8192  # samples in which the K filter's ringing is long gone; lengths that
# are multiples of it transform fast (a prime length takes ten times as long)
# ITU-R BS.1770-4, tables 1 and 2: the head's shelf and the RLB high-pass, for 48 kHz only.
_K_STAGES = (
    (
        (1.53512485958697, -2.69169618940638, 1.19839281085285),
        (-1.69065929318241, 0.73248077421585),
    ),
    ((1.0, -2.0, 1.0), (-1.99004745483398, 0.99007225036621)),
)


def audible(sound: Sound) -> tuple[int, int]:
    """Return the first audible sample and the one after the last; (0, 0) in pure silence."""
    levels = np.abs(sound.samples)
    peak = float(levels.max(initial=0.0))
    if peak == 0.0:
        return 0, 0
    places = np.flatnonzero(levels >= peak * AUDIBLE)
    return int(places[0]), int(places[-1]) + 1


def audible_seconds(sound: Sound) -> float:
    """Return the time from the first to the last audible sample."""
    first, end = audible(sound)
    return (end - first) / sound.rate


def resampled(sound: Sound) -> Sound:
    """Return the sound at 48 kHz."""
    if sound.rate == SPEAKER_RATE:
        return sound
    return Sound(soxr.resample(sound.samples, sound.rate, SPEAKER_RATE).astype(np.float32))


def trimmed(sound: Sound) -> Sound:
    """Cut silence at both ends of a 48 kHz sound, leaving exactly ``LEAD`` and ``TAIL``.

    Where the engine gave less than that, zeros stand in. The fades lie in what is kept, so they
    touch speech only when the engine began or ended abruptly.
    """
    _require_speaker_rate(sound)
    first, end = audible(sound)
    start, stop = max(0, first - LEAD), min(len(sound.samples), end + TAIL)
    kept = sound.samples[start:stop].copy()
    length = min(FADE, len(kept) // 2)
    ramp = (0.5 - 0.5 * np.cos(np.pi * np.arange(length) / max(1, length))).astype(np.float32)
    kept[:length] *= ramp
    kept[len(kept) - length :] *= ramp[::-1]
    return Sound(np.pad(kept, (LEAD - (first - start), TAIL - (stop - end))))


def loudness(sound: Sound) -> float:
    """Return the integrated loudness of a 48 kHz mono sound in LUFS; −inf when all is gated out.

    Formula: ITU-R BS.1770-4, annex 1: K-weighting, mean square of 400 ms blocks overlapping by
    75 %, absolute gate at −70 LKFS, relative gate 10 LU under the loudness of what passed it.
    A sound shorter than one block is padded with zeros to one block, so it reads softer than a
    long one of the same amplitude and is made louder: as the ear, which also sums over time, does.
    """
    _require_speaker_rate(sound)
    weighted = _k_weighted(sound.samples)
    energy = np.concatenate([[0.0], np.cumsum(weighted**2)])
    starts = np.arange(0, len(weighted) - _BLOCK + 1, _STEP)
    power = (energy[starts + _BLOCK] - energy[starts]) / _BLOCK
    power = power[power > _power(-70.0)]
    if len(power) == 0:
        return -np.inf
    power = power[power > power.mean() * 0.1]
    return float(-0.691 + 10.0 * np.log10(power.mean()))


def levelled(sound: Sound, target_lufs: float = TARGET_LUFS) -> Sound:
    """Return the 48 kHz sound at the target loudness, or softer where it would pass −3 dBFS."""
    measured = loudness(sound)
    peak = float(np.abs(sound.samples).max(initial=0.0))
    if measured == -np.inf or peak == 0.0:
        return sound
    gain = min(10.0 ** ((target_lufs - measured) / 20.0), CEILING / peak)
    return Sound((sound.samples * gain).astype(np.float32))


def _power(lufs: float) -> float:
    return float(10.0 ** ((lufs + 0.691) / 10.0))


def _k_weighted(samples: Samples) -> npt.NDArray[np.float64]:
    """Apply both biquads by their exact frequency response; zeros keep it from wrapping round."""
    length = max(len(samples), _BLOCK)
    padded = (length // _SETTLE + 2) * _SETTLE
    delay = np.exp(-2j * np.pi * np.arange(padded // 2 + 1) / padded)  # z⁻¹ on the unit circle
    spectrum = np.fft.rfft(samples, padded)
    for (b0, b1, b2), (a1, a2) in _K_STAGES:
        spectrum *= (b0 + b1 * delay + b2 * delay * delay) / (1.0 + a1 * delay + a2 * delay * delay)
    return np.fft.irfft(spectrum, padded)[:length]


def _require_speaker_rate(sound: Sound) -> None:
    if sound.rate != SPEAKER_RATE:
        raise ValueError(f"{sound.rate} Hz, only {SPEAKER_RATE} Hz is handled: use resampled()")
