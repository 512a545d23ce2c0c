"""The speaker for a computer without one keeps the contract, on a clock moved by hand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from audio_world import HandClock, Reports, noise_clip

from calmvoice.audio.silent_speaker import TimedSpeaker
from calmvoice.errors import SoundError
from calmvoice.sound import SPEAKER_RATE, read_wav

BARELY = 0.001  # seconds


class Scene:
    def __init__(self, wav: Path) -> None:
        self.clock = HandClock()
        self.ends: Reports[tuple[int, int]] = Reports()
        self.wav = wav
        self.speaker = TimedSpeaker(lambda *end: self.ends.add(end), self.clock, wav)
        self._beats = 1000

    def settle(self) -> None:
        """Let the speaker's thread come round: a ticket of nothing ends only after it has."""
        self._beats += 1
        self.speaker.start(self._beats)
        self.speaker.seal(self._beats)
        self.ends.wait_for((self._beats, 0))

    def play(self, ticket: int, seconds: float, breaks: tuple[float, ...] = ()) -> None:
        self.speaker.start(ticket)
        self.speaker.append(ticket, noise_clip(seconds, breaks))


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    scene = Scene(tmp_path / "heard.wav")
    yield scene
    scene.speaker.close()


def test_the_end_comes_when_the_clock_has_reached_it_and_not_before(scene: Scene) -> None:
    scene.play(7, 300.0, breaks=(10.0, 20.0, 300.0))
    scene.speaker.seal(7)
    scene.clock.advance(300.0 - BARELY)
    with pytest.raises(AssertionError):
        scene.ends.wait_count(1, limit=0.1)
    scene.clock.advance(2 * BARELY)
    scene.ends.wait_for((7, 3))


def test_finish_ends_at_the_next_break(scene: Scene) -> None:
    scene.play(1, 60.0, breaks=(10.0, 20.0, 30.0))
    scene.clock.advance(12.0)
    scene.clock.wait_for_looks(3)
    scene.speaker.finish(1)
    scene.clock.advance(8.0 + BARELY)
    scene.ends.wait_for((1, 2))


def test_a_hushed_ticket_reports_nothing(scene: Scene) -> None:
    scene.play(1, 1.0)
    scene.speaker.seal(1)
    scene.speaker.hush()
    scene.clock.advance(2.0)
    scene.settle()
    assert (1, 0) not in [report for report, _ in scene.ends.all]


def test_a_new_ticket_hushes_the_one_before_and_old_clips_are_ignored(scene: Scene) -> None:
    scene.play(1, 5.0)
    scene.play(2, 1.0)
    scene.speaker.append(1, noise_clip(5.0))
    scene.speaker.seal(1)
    scene.speaker.seal(2)
    scene.clock.advance(1.0 + BARELY)
    scene.ends.wait_for((2, 0))
    assert len(scene.ends.all) == 1


def test_an_empty_ticket_ends_at_once(scene: Scene) -> None:
    scene.settle()


def test_the_file_holds_what_would_have_been_heard_at_its_time(scene: Scene) -> None:
    scene.clock.advance(2.0)
    scene.play(1, 0.5)
    scene.speaker.seal(1)
    scene.clock.advance(0.5 + BARELY)
    scene.ends.wait_for((1, 0))
    scene.clock.advance(4.0)
    scene.play(2, 0.5)
    scene.speaker.seal(2)
    scene.clock.advance(0.5 + BARELY)
    scene.ends.wait_for((2, 0))
    scene.speaker.close()
    heard, played = read_wav(scene.wav).samples, noise_clip(0.5).sound.samples
    expected = np.zeros(round((2.0 + 0.5 + BARELY + 4.0 + 0.5 + BARELY) * SPEAKER_RATE), np.float32)
    second = round((6.5 + BARELY) * SPEAKER_RATE)
    expected[96_000:120_000] = expected[second : second + 24_000] = played
    np.testing.assert_allclose(heard, expected[: len(heard)], atol=1e-4)
    assert abs(len(heard) - len(expected)) <= 2


def test_the_file_can_be_read_while_it_is_written(scene: Scene) -> None:
    scene.play(1, 3.0)
    scene.clock.advance(2.5)
    scene.clock.wait_for_looks(3)
    assert read_wav(scene.wav).seconds > 1.0


def test_a_file_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SoundError, match="cannot be written"):
        TimedSpeaker(lambda _ticket, _breaks: None, HandClock(), tmp_path / "none" / "x.wav")
