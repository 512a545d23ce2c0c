"""Another program plays while CalmVoice speaks: softer meanwhile, and as loud as before after it.

It plays a tone of 15 kHz, where the voice has nothing: so its level can be read in what sounds.
"""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest
from soundcard import SPEAKER_SINK, Recording, SoundCard, level_db
from theatre import Home, Program

from calmvoice.sound import SPEAKER_RATE, Samples, Sound, write_wav

pytestmark = [pytest.mark.sound_card, pytest.mark.slow]

QUIET = ("--plain", "--no-microphone")
TONE_HZ = 15_000
WINDOW = SPEAKER_RATE // 5
WITHIN_DB = 1.0


@contextmanager
def music(card: SoundCard) -> Iterator[None]:
    seconds = np.arange(180 * SPEAKER_RATE) / SPEAKER_RATE
    path = card.directory / "music.wav"
    write_wav(path, Sound((0.1 * np.sin(2 * np.pi * TONE_HZ * seconds)).astype(np.float32)))
    player = subprocess.Popen(["paplay", f"--device={SPEAKER_SINK}", str(path)], env=card.variables)
    yield
    player.kill()
    player.wait()


def level(recording: Recording, at: float) -> float:
    """Return the level of the tone from this steady time on, in dB."""
    recording.wait_until(at + 0.4, limit=20)
    begin = round((at - recording.start) * SPEAKER_RATE)
    return tone_db(recording.samples[begin : begin + WINDOW])


def tone_db(samples: Samples) -> float:
    spectrum = np.fft.rfft(samples * np.hanning(len(samples)).astype(np.float32))
    near = np.abs(np.fft.rfftfreq(len(samples), 1 / SPEAKER_RATE) - TONE_HZ) < 100
    return level_db(np.fft.irfft(spectrum * near).astype(np.float32))


def test_softer_while_we_speak_as_before_after_and_after_a_kill(
    sound_card: SoundCard, home: Home
) -> None:
    with music(sound_card), sound_card.record() as recording:
        with Program(home, *QUIET, environment=sound_card.variables) as program:
            program.wait_for("[Listening")
            before = level(recording, time.monotonic())
            program.type("yellow light")
            bridge = program.wait_for("Nobody is leaving")
            assert level(recording, bridge + 0.3) == pytest.approx(before - 20, abs=WITHIN_DB)
            assert level(recording, bridge + 3) == pytest.approx(before - 20, abs=WITHIN_DB)
            program.type("stop")
            stopped = program.wait_for("[A pause")
            stopped = max(stopped, time.monotonic())
            assert level(recording, stopped + 4) == pytest.approx(before, abs=WITHIN_DB)
            program.type("how long")
            asked = program.wait_for("minutes left. We meet at")
            assert level(recording, asked + 0.5) == pytest.approx(before - 20, abs=WITHIN_DB)
        killed = time.monotonic()
        assert level(recording, killed + 1) == pytest.approx(before - 20, abs=WITHIN_DB)
        with Program(home, *QUIET, environment=sound_card.variables) as program:
            restarted = program.wait_for("I restarted")
            assert level(recording, restarted + 0.5) == pytest.approx(before - 20, abs=WITHIN_DB)
            program.type("stop")
            stopped = time.monotonic()
            assert level(recording, stopped + 4) == pytest.approx(before, abs=WITHIN_DB)
    assert not list((home.folder / "state").rglob("softened*"))


def test_a_sound_server_that_hangs_delays_neither_the_pause_nor_the_end(
    sound_card: SoundCard, home: Home
) -> None:
    with music(sound_card), Program(home, *QUIET, environment=sound_card.variables) as program:
        program.wait_for("[Listening")
        sound_card.freeze()
        asked = time.monotonic()
        program.type("yellow light")
        promised = program.wait_for("[A pause", limit=20)
        program.interrupt()
        assert program.wait(5) == 0
        sound_card.thaw()
    assert promised > asked


def test_left_as_loud_as_it_is_if_they_want_that(sound_card: SoundCard, home: Home) -> None:
    settings = home.settings.read_text("utf-8") + '\n[computer]\nothers = "left"\n'
    home.settings.write_text(settings, "utf-8")
    with (
        music(sound_card),
        sound_card.record() as recording,
        Program(home, *QUIET, environment=sound_card.variables) as program,
    ):
        program.wait_for("[Listening")
        before = level(recording, time.monotonic())
        program.type("yellow light")
        bridge = program.wait_for("Nobody is leaving")
        assert level(recording, bridge + 2) == pytest.approx(before, abs=WITHIN_DB)
