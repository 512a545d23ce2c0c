"""Other programs on a real sound server: softer, and as before; after a crash too."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pulsectl
import pytest
from soundcard import MICROPHONE_SINK, SPEAKER_SINK, SoundCard

from calmvoice.errors import SoundError
from calmvoice.others.pulse_others import SOFTER, PulseOthers
from calmvoice.others.record import Record
from calmvoice.sound import SPEAKER_RATE, Sound, write_wav

pytestmark = [pytest.mark.sound_card, pytest.mark.usefixtures("sound_card")]


class Player:
    """Another program that plays a tone for a minute, on the loudspeaker or elsewhere."""

    def __init__(self, card: SoundCard, *options: str, sink: str = SPEAKER_SINK) -> None:
        path = card.directory / "tone.wav"
        if not path.exists():
            tone = 0.3 * np.sin(2 * np.pi * 440 * np.arange(60 * SPEAKER_RATE) / SPEAKER_RATE)
            write_wav(path, Sound(tone.astype(np.float32)))
        self._process = subprocess.Popen(
            ["paplay", f"--device={sink}", *options, str(path)], env=card.variables
        )
        self.volume = self._wait_until_it_plays()

    def _wait_until_it_plays(self) -> float:
        with pulsectl.Pulse("test") as pulse:
            pulse.event_mask_set("sink_input")
            pulse.event_callback_set(_stop_listening)
            while not self._stream(pulse):
                pulse.event_listen(0.5)
        return self.heard()

    def heard(self) -> float:
        """Return its volume as the server has it."""
        with pulsectl.Pulse("test") as pulse:
            (stream,) = self._stream(pulse)
            return float(stream.volume.value_flat)

    def set(self, volume: float) -> None:
        """Let a person move its slider."""
        with pulsectl.Pulse("test") as pulse:
            (stream,) = self._stream(pulse)
            pulse.volume_set_all_chans(stream, volume)

    def end(self) -> None:
        self._process.kill()
        self._process.wait()

    def _stream(self, pulse: pulsectl.Pulse) -> list[pulsectl.PulseSinkInputInfo]:
        own = str(self._process.pid)
        streams = pulse.sink_input_list()
        return [s for s in streams if s.proplist.get("application.process.id") == own]


def _stop_listening(_: object) -> None:
    raise pulsectl.PulseLoopStop


@pytest.fixture
def record(tmp_path: Path) -> Record:
    return Record(tmp_path / "softened.json")


@pytest.fixture
def others(record: Record) -> Iterator[PulseOthers]:
    others = PulseOthers(record)
    yield others
    others.close()


@pytest.fixture
def player(sound_card: SoundCard) -> Iterator[Player]:
    player = Player(sound_card)
    yield player
    player.end()


def test_softer_and_as_before(others: PulseOthers, player: Player, record: Record) -> None:
    player.set(0.8)
    others.soften()
    others.soften()
    assert player.heard() == pytest.approx(0.8 * SOFTER, abs=0.01)
    assert len(record.read()) == 1
    others.restore()
    assert player.heard() == pytest.approx(0.8, abs=0.001)
    assert record.read() == ()


def test_a_killed_run_is_mended_by_the_next(
    others: PulseOthers, player: Player, record: Record
) -> None:
    others.soften()
    others.close()
    assert player.heard() < 0.5
    PulseOthers(record).restore()
    assert player.heard() == pytest.approx(1.0, abs=0.001)


def test_a_slider_that_was_moved_meanwhile_stays(others: PulseOthers, player: Player) -> None:
    others.soften()
    player.set(0.7)
    others.restore()
    assert player.heard() == pytest.approx(0.7, abs=0.001)


def test_what_plays_elsewhere_or_is_a_call_or_a_screen_reader_stays(
    sound_card: SoundCard, others: PulseOthers
) -> None:
    spared = [
        Player(sound_card, sink=MICROPHONE_SINK),
        Player(sound_card, "--property=media.role=phone"),
        Player(sound_card, "--property=media.role=a11y"),
    ]
    others.soften()
    assert [player.heard() for player in spared] == [1.0, 1.0, 1.0]
    for player in spared:
        player.end()


def test_the_next_song_of_a_program_is_as_loud_as_it_was(
    sound_card: SoundCard, others: PulseOthers
) -> None:
    """The server remembers a program's volume, the softened one too."""
    options = ("--client-name=Music",)
    with sound_card.remembering_volumes():
        song = Player(sound_card, *options)
        song.set(0.9)
        others.soften()
        song.end()
        next_song = Player(sound_card, *options)
        assert next_song.volume == pytest.approx(0.9 * SOFTER, abs=0.01)
        others.soften()
        assert next_song.heard() == pytest.approx(0.9 * SOFTER, abs=0.01)  # not twice
        next_song.end()
        others.restore()
        third = Player(sound_card, *options)
        assert third.volume == pytest.approx(0.9, abs=0.01)
        third.end()


def test_no_server_is_said(record: Record, sound_card: SoundCard) -> None:
    sound_card.kill()
    with pytest.raises(SoundError, match="no sound server"):
        PulseOthers(record).soften()
