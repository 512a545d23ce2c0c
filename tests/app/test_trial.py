"""A phrase tried aloud: from files, as fast as they are read, and once through the sound card."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from people import speech
from soundcard import SoundCard
from theatre import Home, Program

from calmvoice.ears.model import SpeechModel
from calmvoice.errors import PhraseError
from calmvoice.meanings import Meaning
from calmvoice.ports import Heard
from calmvoice.settings import Agreement, Settings
from calmvoice.sound import MICROPHONE_RATE, PcmSamples, to_pcm
from calmvoice.trial import SAY_SECONDS, Tried, count_mistakes, count_tries, signal_ears

CHUNK = 1600


def quiet(seconds: float) -> PcmSamples:
    rng = np.random.default_rng(5)
    return rng.normal(0, 3, round(seconds * MICROPHONE_RATE)).astype(np.int16)


def said(text: str) -> PcmSamples:
    return to_pcm(speech(text).samples)


def chunks(*parts: PcmSamples) -> Iterator[PcmSamples]:
    sound: PcmSamples = np.concatenate(parts)
    return iter([sound[at : at + CHUNK] for at in range(0, len(sound), CHUNK)])


class Marked:
    """Ears that hear what a chunk is marked with: 1 the phrase, 2 perhaps the phrase, 0 nothing."""

    def expect(self, phrases: object) -> None:
        raise AssertionError("a trial changes nothing that is listened for")

    def clear(self) -> None:
        raise AssertionError("a trial forgets nothing")

    def feed(self, samples: PcmSamples, *, own_voice: bool = False) -> list[Heard]:
        if not samples[0]:
            return []
        return [Heard(Meaning.SIGNAL, 0.0, 0.1, 0.1, sure=samples[0] == 1)]


def marks(*firsts: int) -> Iterator[PcmSamples]:
    return iter([np.full(CHUNK, first, np.int16) for first in firsts])


def tries(sound: Iterator[PcmSamples], count: int) -> tuple[Tried, Sequence[int]]:
    asked: list[int] = []
    return count_tries(Marked(), sound, asked.append, count), asked


def test_each_try_ends_when_it_is_heard() -> None:
    result, asked = tries(marks(0, 1, 0, 0, 2, 1), 3)
    assert result == Tried(said=3, heard=2, unsure=1)
    assert asked == [1, 2, 3]


def test_a_try_that_is_not_heard_ends_after_its_time() -> None:
    many = round(SAY_SECONDS * MICROPHONE_RATE / CHUNK)
    assert tries(marks(*[0] * many, 1), 2)[0] == Tried(2, 1, 0)
    assert tries(marks(*[0] * (many - 1), 1), 1)[0] == Tried(1, 1, 0)


def test_sound_that_ends_ends_the_trial() -> None:
    assert tries(marks(), 5)[0] == Tried(5, 0, 0)


def test_all_that_is_taken_for_the_phrase_in_talk_is_told() -> None:
    when: list[float] = []
    result = count_mistakes(Marked(), marks(0, 1, 0, 2, 0, 0), when.append, 0.5)
    assert result.seconds == pytest.approx(0.5)
    assert (result.sure, result.unsure) == (1, 1)
    assert when == pytest.approx([0.2, 0.4])


@pytest.mark.parametrize("phrase", ["golden lantern", "zorblik light"])
def test_a_phrase_said_five_times_is_heard_and_talk_is_not(phrase: str) -> None:
    ears = signal_ears(Settings(agreement=Agreement(signal=phrase)), SpeechModel())
    one = [quiet(1.0), said(phrase), quiet(1.0)]
    sound = chunks(*one * 5)
    assert count_tries(ears, sound, lambda n: None).heard == 5
    talk = chunks(
        quiet(1.0), said("We could go to the sea on Sunday."), quiet(1.0), said("If it is dry.")
    )
    result = count_mistakes(ears, talk, lambda second: None)
    assert (result.sure, result.unsure) == (0, 0)
    assert 4 < result.seconds < 12


def test_a_phrase_that_cannot_be_heard_is_not_tried() -> None:
    with pytest.raises(PhraseError):
        signal_ears(Settings(agreement=Agreement(signal="zorp")), SpeechModel())


@pytest.mark.slow
@pytest.mark.sound_card
def test_trying_aloud_counts_and_ends_cleanly(sound_card: SoundCard, tmp_path: Path) -> None:
    variables = {**os.environ, **sound_card.environment}
    with (
        sound_card.hiss(),
        Program(
            Home(tmp_path), "phrases", "try", "golden lantern", environment=variables
        ) as program,
    ):
        program.wait_for('1: say "golden lantern" now.', limit=60)
        sound_card.say(speech("golden lantern")).wait()
        program.wait_for('2: say "golden lantern" now.', limit=10)
        program.interrupt()
        program.wait_for("Stopped. Nothing was kept.", limit=10)
        assert program.wait() == 0
