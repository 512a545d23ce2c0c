"""Words the model lacks: guessed from their letters, written as sounds, read back, and heard."""

from __future__ import annotations

import shutil
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest
import soxr
from ear_sounds import feed, listen, model, recorded, recordings, room, say
from hypothesis import given, settings
from hypothesis import strategies as st

from calmvoice.ears.letters import sounds_of
from calmvoice.ears.model import SpeechModel, default_model_path
from calmvoice.ears.phrases import check_phrase
from calmvoice.ears.vosk_ears import VoskEars
from calmvoice.meanings import Meaning
from calmvoice.sound import MICROPHONE_RATE, PcmSamples
from calmvoice.voice.pyttsx3_voice import Pyttsx3Voice

NAMES = ("zorblik light", "flemox harbor", "wobbly grommit")
ESPEAK = ("en-us+f2", "en-us+m3", "en-gb-x-rp+f4")


def says(name: str) -> dict[Meaning, list[str]]:
    return {Meaning.SIGNAL: [name]}


@lru_cache
def espeak(text: str, voice: str) -> PcmSamples:
    sound = Pyttsx3Voice(voice, 130).render(text)
    samples = soxr.resample(sound.samples, sound.rate, MICROPHONE_RATE)
    loud: PcmSamples = (samples / np.abs(samples).max() * 13_000).astype(np.int16)
    return loud


@pytest.mark.parametrize(
    ("word", "sounds"),
    [
        ("purpel", "P ER P AH L"),
        ("yelow", "Y EH L OW"),
        ("Grommit", "G R AA M AH T"),
    ],
)
def test_a_word_is_said_as_it_is_spelled(word: str, sounds: str) -> None:
    assert " ".join(sounds_of(word)[0]) == sounds


def test_accents_and_apostrophes_are_let_go() -> None:
    assert sounds_of("Zoë") == sounds_of("zo'e") == [("Z", "OW"), ("Z", "OW", "IY")]


@pytest.mark.parametrize("word", ["", "노란불", "42", "c3po", "[any4]", "#aa"])
def test_what_has_no_letters_cannot_be_said(word: str) -> None:
    assert sounds_of(word) == []


def test_a_long_word_ends() -> None:
    assert 1 <= len(sounds_of("qzxj" * 30)[0]) <= 20


def test_a_known_word_is_written_as_it_is_and_another_in_all_its_ways() -> None:
    spelling = model().spelling
    assert spelling.write("yellow light") == ["yellow light"]
    assert spelling.write("zorblik light")[1] == "#z #ao #r #b #l #ih #k light"


@settings(deadline=None)  # the first time a word is guessed
@given(st.lists(st.sampled_from(["yellow", "light", "zorblik", "flemox", "not"]), min_size=1))
def test_what_is_written_is_read_back(words: list[str]) -> None:
    spelling = model().spelling
    text = " ".join(way for word in words for way in spelling.write(word)[:1])
    assert spelling.read_text(text) == " ".join(words)


def test_two_in_five_of_the_sounds_are_a_candidate_and_fewer_are_none() -> None:
    spelling = model().spelling
    spelling.write("zorblik light")
    assert spelling.read_text("not #l #ih #k light") == "not zorblik light"
    assert spelling.read_text("#ih #k light") == "#ih #k light"


def test_the_couple_may_say_how_a_word_sounds() -> None:
    speech = SpeechModel()
    speech.spelling.teach("zorblik", "zor blick")
    assert speech.spelling.write("zorblik")[0] == "#z #ao #r #b #l #ih #k"
    speech.spelling.teach("light", "lite")
    assert speech.spelling.write("light")[0] == "#l #ay #t"
    with pytest.raises(ValueError, match="42"):
        speech.spelling.teach("light", "42")


def test_a_made_up_word_needs_enough_sounds() -> None:
    report = check_phrase(model(), "zorp", {})
    assert "4 sounds" in report.problems[0]
    assert check_phrase(model(), "zorp window", {}).usable


def test_a_model_without_sounds_refuses_unknown_words_and_says_which_are_near(
    tmp_path: Path,
) -> None:
    copy = shutil.copytree(default_model_path(), tmp_path / "model")
    (copy / "SHA256SUMS").unlink()
    words = copy / "graph/words.txt"
    words.write_text(words.read_text().replace("\n#", "\nnone-"))
    report = check_phrase(SpeechModel(copy), "purpel window", {})
    assert report.problems == ('"purpel" is not among the words that can be heard',)
    assert "purple" in report.suggestions


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_a_made_up_name_is_heard_from_several_voices(name: str) -> None:
    voices = [say(name, voice) for voice in ("en-GB", "en-US")]
    voices += [espeak(name, voice) for voice in ESPEAK]
    heard = [listen(np.concatenate([room(0.5), one, room(2.0)]), says(name)) for one in voices]
    assert sum(bool(h) and h[0].sure for h in heard) >= len(voices) - 1
    assert all(one.meaning is Meaning.SIGNAL for h in heard for one in h)


@pytest.mark.slow
@pytest.mark.parametrize("text", ["So we went to the market.", "Is or was it a brick, light?"])
def test_other_words_are_not_the_name(text: str) -> None:
    assert not listen(np.concatenate([say(text), room(2.0)]), says("zorblik light"))


@pytest.mark.slow
def test_recorded_talk_is_not_the_name() -> None:
    ears = VoskEars(model())
    ears.expect({Meaning.SIGNAL: list(NAMES)})
    files = recordings("other/talk/*")[::25][:60]
    assert sum(one.sure for file in files for one in feed(ears, recorded(file))) == 0
