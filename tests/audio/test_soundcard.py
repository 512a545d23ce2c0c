"""The virtual sound card itself: its two ends, and the way from one to the other."""

from __future__ import annotations

import subprocess

import numpy as np
import pytest
from audio_world import RealClock, Reports
from soundcard import SoundCard, level_db

from calmvoice.audio.sounddevice_microphone import SounddeviceMicrophone
from calmvoice.audio.sounddevice_speaker import SounddeviceSpeaker
from calmvoice.sound import Clip, PcmSamples, Sound, from_pcm

pytestmark = pytest.mark.sound_card

TONE = Clip(Sound((0.2 * np.sin(np.arange(96_000) * 2 * np.pi / 100)).astype(np.float32)))


def test_the_microphone_hears_the_loudspeaker_softer_over_the_loopback(
    sound_card: SoundCard,
) -> None:
    ends: Reports[int] = Reports()
    changes: Reports[bool] = Reports()
    heard: list[PcmSamples] = []
    clock = RealClock()
    speaker = SounddeviceSpeaker(
        "", lambda ticket, _: ends.add(ticket), lambda _, works: changes.add(works), clock
    )
    microphone = SounddeviceMicrophone("", lambda _, works: changes.add(works), clock)
    try:
        with sound_card.loopback(-20.0), sound_card.record() as recording:
            microphone.open(lambda samples, _: heard.append(samples))
            speaker.start(1)
            speaker.append(1, TONE)
            speaker.seal(1)
            recording.wait_until(ends.wait_for(1) + 0.5)
            played = recording.samples
    finally:
        speaker.close()
        microphone.close()
    loudest = max(level_db(from_pcm(samples)) for samples in heard)
    assert loudest - level_db(played[np.flatnonzero(played)]) == pytest.approx(-20.0, abs=1.0)


def test_a_second_server_does_not_disturb_the_first(sound_card: SoundCard) -> None:
    with SoundCard() as other:
        assert other.environment["PULSE_SERVER"] != sound_card.environment["PULSE_SERVER"]
    answer = subprocess.run(["pactl", "info"], env=sound_card.variables, check=True, timeout=5,
                            capture_output=True, text=True).stdout  # fmt: skip
    assert "Default Sink: speaker" in answer
