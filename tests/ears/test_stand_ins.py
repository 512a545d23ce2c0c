"""What the loose recogniser writes for a phrase when it does not write the phrase."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from ear_sounds import feed, model, room, say
from people import speech

from calmvoice import wiring
from calmvoice.ears.lexicon import Lexicon
from calmvoice.ears.stand_ins import StandIns
from calmvoice.meanings import Meaning
from calmvoice.session.stages import Stage
from calmvoice.session.table import MEANINGS
from calmvoice.settings import Settings
from calmvoice.sound import PcmSamples, to_pcm

PHRASES = {
    "stop": Meaning.STOP,
    "please stop": Meaning.STOP,
    "i'm still waiting": Meaning.WAITING,
    "we're back": Meaning.BACK,
    "we are back": Meaning.BACK,
    "here": Meaning.HERE,
    "again": Meaning.AGAIN,
    "pause again": Meaning.PAUSE_AGAIN,
    "who asked": Meaning.WHO_ASKED,
    "who called it": Meaning.WHO_ASKED,
}


def counted(text: str) -> dict[str, int]:
    counts = StandIns(PHRASES, model().lexicon).count(text)
    return {phrase: count for phrase, count in counts.items() if count}


def test_a_phrase_stands_for_itself_and_for_like_ways_to_say_the_same() -> None:
    assert counted("we're back") == {"we're back": 1, "we are back": 1}
    assert counted("please stop") == {"please stop": 1, "stop": 1}
    assert counted("stop") == {"stop": 1}
    assert counted("who asked") == {"who asked": 1}
    assert counted("[any5] here [any5] here") == {"here": 2}
    assert counted("back are we") == {}


def test_a_lone_word_stands_for_a_phrase_of_one_word_that_sounds_like_it() -> None:
    assert counted("[any5] still") == {"stop": 1}
    assert counted("we're [any5] still") == {"here": 1, "stop": 1}
    assert counted("waiting") == {}


def test_a_word_within_a_phrase_that_is_there_stands_for_nothing_else() -> None:
    assert counted("i'm still waiting") == {"i'm still waiting": 1}
    assert counted("i'm still waiting still") == {"i'm still waiting": 1, "stop": 1}


def test_a_phrase_within_a_longer_one_that_means_something_else_is_not_meant() -> None:
    assert counted("pause again") == {"pause again": 1}
    assert counted("pause again [any5] again") == {"pause again": 1, "again": 1}
    nested = {"again": 1, "pause again": 2, "please pause again": 3}
    counts = StandIns(nested, model().lexicon).count("please pause again")
    assert counts == {"again": 0, "pause again": 0, "please pause again": 1}


def test_without_a_lexicon_a_phrase_stands_for_itself(tmp_path: Path) -> None:
    empty = Lexicon(tmp_path)
    assert len(empty) == 0
    found = StandIns(PHRASES, empty).count("still we are back")
    assert {phrase for phrase, count in found.items() if count} == {"we are back"}


def heard_while(stage: Stage, audio: PcmSamples) -> list[Meaning]:
    said = wiring.phrases(Settings(), wiring.pack(Settings()))
    ears = wiring.ears(model(), said)
    ears.expect({meaning: said[meaning] for meaning in MEANINGS[stage]})
    return [one.meaning for one in feed(ears, audio) if one.sure]


@pytest.mark.slow
def test_a_slow_stop_is_heard_wherever_it_begins_while_much_else_is_listened_for() -> None:
    """Its grammar writes "still" for it, by where in time it begins."""
    stop = to_pcm(speech("Stop.", speed=0.7).samples)
    for late in range(0, 2000, 209):
        audio = np.concatenate([room(2.0), room(2.0)[:late], stop, room(2.0)])
        assert heard_while(Stage.BREATHING, audio) == [Meaning.STOP], late


@pytest.mark.slow
@pytest.mark.parametrize("voice", ["en-GB", "en-US"])
def test_pause_again_is_not_again_too(voice: str) -> None:
    audio = np.concatenate([room(2.0), say("Pause again", voice), room(2.0)])
    assert heard_while(Stage.TALKING, audio) == [Meaning.PAUSE_AGAIN]


@pytest.mark.slow
def test_i_am_still_waiting_is_no_stop() -> None:
    for text in ("I'm still waiting", "I am still waiting", "still"):
        for voice in ("en-GB", "en-US"):
            audio = np.concatenate([room(2.0), say(text, voice), room(2.0)])
            assert Meaning.STOP not in heard_while(Stage.BREATHING, audio), (text, voice)
