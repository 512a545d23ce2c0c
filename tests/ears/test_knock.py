"""The double knock: two sharp sounds with quiet around them, and nothing else."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from knock_sounds import KINDS, double, one
from people import scene

from calmvoice.ears.knock import Knock, KnockDetector
from calmvoice.knocking import STAGES, Knocking
from calmvoice.meanings import Meaning
from calmvoice.session.events import Said
from calmvoice.session.stages import AWAY, Stage
from calmvoice.shell import Status
from calmvoice.sound import MICROPHONE_RATE, PcmSamples, to_pcm

LISTENING = Status(Stage.LISTENING, None, frozenset(), is_speaking=False)


def heard(samples: PcmSamples, chunk: int = 1600) -> list[Knock]:
    detector = KnockDetector()
    return [
        knock
        for at in range(0, len(samples), chunk)
        for knock in detector.feed(samples[at : at + chunk])
    ]


def knocks(*at_seconds: float, kind: str = "table", seconds: float = 4.0) -> PcmSamples:
    """Return a quiet room in which one hand knocks at these seconds."""
    rng = np.random.default_rng(3)
    room = rng.normal(0, 3.0, round(seconds * MICROPHONE_RATE))
    sound = one(kind, rng) * 6000
    for at in at_seconds:
        begin = round(at * MICROPHONE_RATE)
        room[begin : begin + len(sound)] += sound[: len(room) - begin]
    return np.round(room).astype(np.int16)


@pytest.mark.parametrize("kind", KINDS)
def test_most_in_small_rooms_are_found(kind: str) -> None:
    rng = np.random.default_rng(20)
    scenes = [double(kind, rng) for _ in range(20)]
    found = [heard(scene.samples) for scene in scenes]
    assert sum(len(one) == 1 for one in found) >= 17  # how many of 200: scripts/bench/knock.py
    for scene_, told in zip(scenes, found, strict=True):
        for knock in told:
            assert abs(knock.first_seconds - scene_.first_seconds) < 0.02
            assert abs(knock.second_seconds - scene_.second_seconds) < 0.02
            assert knock.known_seconds - scene_.second_seconds < 0.55


@pytest.mark.parametrize("chunk", [7, 80, 1601, 40_000])
def test_the_chunks_do_not_matter(chunk: int) -> None:
    samples = knocks(1.0, 1.3, seconds=2.5)
    assert heard(samples, chunk) == heard(samples, len(samples)) != []


@pytest.mark.parametrize(
    "at_seconds",
    [
        (1.0,),
        (1.0, 1.08),  # one bounce
        (1.0, 1.7),  # two things that fell
        (1.0, 1.3, 1.6),  # somebody hammers
        (0.8, 1.0, 1.3),
        (1.0, 1.3, 1.6, 1.9, 2.2),
    ],
)
def test_other_rhythms_are_not_meant(at_seconds: tuple[float, ...]) -> None:
    assert heard(knocks(*at_seconds)) == []


def test_two_of_very_different_loudness_are_two_things() -> None:
    loud, soft = knocks(1.0), knocks(1.3)
    assert heard((loud + soft // 8).astype(np.int16)) == []
    assert len(heard((loud + soft // 2).astype(np.int16))) == 1


def test_talk_around_it_is_not_asked_about() -> None:
    talk = to_pcm(scene((0.2, "The kettle is still warm, and the cups are."), seconds=4.0).samples)
    assert heard(talk) == []
    assert (
        heard((talk.astype(np.int32) + knocks(1.0, 1.3)).clip(-32768, 32767).astype(np.int16)) == []
    )


@pytest.mark.parametrize(
    "text", ["Pick it up. Take that. Stop it.", "Tick tock.", "Cut. Cut.", "Back, back."]
)
def test_sharp_words_are_no_knocks(text: str) -> None:
    assert heard(to_pcm(scene((1.0, text), seconds=5.0).samples)) == []


def test_nothing_is_kept_but_levels_of_two_seconds() -> None:
    detector = KnockDetector()
    for _ in range(100):
        detector.feed(knocks(1.0, 1.3))
    kept = [value for value in vars(detector).values() if hasattr(value, "__len__")]
    assert sum(np.size(value) for value in kept) < 2500


class TestKnocking:
    """As it is wired: what a double knock becomes."""

    def setup_method(self) -> None:
        self.posted: list[Said] = []
        self.knocking = Knocking(self.posted.append)
        self.knocking.show_status(LISTENING)

    def hear(self) -> None:
        samples = knocks(1.0, 1.3)
        for at in range(0, len(samples), 1600):
            self.knocking.take(samples[at : at + 1600], 100.0)

    def test_it_is_a_silent_signal_that_asks_first(self) -> None:
        self.hear()
        assert self.posted == [Said(Meaning.SIGNAL, sure=False, by_key=True)]

    def test_not_while_we_speak(self) -> None:
        self.knocking.before_speaking()
        self.hear()
        self.knocking.show_status(replace(LISTENING, is_speaking=True))
        self.hear()
        assert self.posted == []
        self.knocking.show_status(LISTENING)
        self.hear()
        assert len(self.posted) == 1

    def test_not_with_the_microphone_off(self) -> None:
        self.knocking.show_status(replace(LISTENING, is_deaf=True))
        self.hear()
        assert self.posted == []

    @pytest.mark.parametrize("stage", [Stage.CALLING, Stage.DOUBT, *sorted(AWAY, key=str)])
    def test_it_answers_for_nobody(self, stage: Stage) -> None:
        self.knocking.show_status(replace(LISTENING, stage=stage))
        self.hear()
        assert self.posted == []

    def test_where_it_may_begin_a_pause(self) -> None:
        assert {Stage.LISTENING, Stage.TALKING, Stage.OWED} <= STAGES
        assert not STAGES & (AWAY | {Stage.CALLING, Stage.DOUBT})
