"""The parts of the ears, one by one: ring, grammar, lexicon, model folder, phrases, files."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from ear_sounds import SIGNAL, model, scene
from hypothesis import given
from hypothesis import strategies as st

from calmvoice.ears.grammar import (
    ENTRY_LIMIT,
    find_phrase,
    loose_grammar,
    normalise,
    occurrences,
    strict_grammar,
    syllables,
)
from calmvoice.ears.hear import hear
from calmvoice.ears.lexicon import Lexicon
from calmvoice.ears.model import SpeechModel, default_model_path
from calmvoice.ears.phrases import check_phrase, require_phrase
from calmvoice.ears.ring import Ring
from calmvoice.ears.spelling import Word
from calmvoice.ears.vosk_ears import VoskEars
from calmvoice.errors import ModelError, PhraseError, SoundError
from calmvoice.meanings import Meaning
from calmvoice.sound import Sound, from_pcm, write_wav


@given(st.lists(st.integers(0, 25), max_size=20), st.integers(1, 12))
def test_the_ring_holds_the_newest_samples(sizes: list[int], size: int) -> None:
    ring = Ring(size)
    everything = np.arange(sum(sizes), dtype=np.int16)
    at = 0
    for part in sizes:
        ring.append(everything[at : at + part])
        at += part
    assert ring.end == len(everything)
    assert ring.read(0).tolist() == everything[-size:].tolist()
    assert ring.read(ring.end - 2).tolist() == everything[-min(2, size) :].tolist()


def test_a_cleared_ring_is_empty_and_goes_on_counting() -> None:
    ring = Ring(4)
    ring.append(np.arange(6, dtype=np.int16))
    ring.clear()
    assert (ring.end, len(ring.read(0))) == (6, 0)
    ring.append(np.array([9], np.int16))
    assert ring.read(0).tolist() == [9]


def test_phrases_are_written_as_the_recogniser_spells_them() -> None:
    assert normalise("  Yellow,  LIGHT! ") == "yellow light"
    assert normalise("I\N{RIGHT SINGLE QUOTATION MARK}m here.") == "i'm here"
    assert normalise("Time-out!") == "time out"


@pytest.mark.parametrize(("text", "count"), [("yellow light", 3), ("time", 1), ("computer", 3)])
def test_syllables(text: str, count: int) -> None:
    assert syllables(text) == count


def test_a_phrase_counts_only_whole() -> None:
    assert occurrences("yes yes [any5] yesterday", "yes") == 2
    assert occurrences("light yellow", "yellow light") == 0


def words(*parts: tuple[str, float, float]) -> list[Word]:
    return [Word(*p) for p in parts]


def test_a_phrase_needs_its_words_adjacent_in_time_and_of_plausible_length() -> None:
    good = words(("yellow", 1.0, 1.4), ("light", 1.4, 1.8))
    assert find_phrase(good, "yellow light") == [(1.0, 1.8)]
    for bad in (
        words(("light", 1.0, 1.4), ("yellow", 1.4, 1.8)),
        words(("yellow", 1.0, 1.4), ("light", 2.4, 2.8)),
        words(("yellow", 1.0, 1.05), ("light", 1.05, 1.1)),
        words(("yellow", 1.0, 4.0), ("light", 4.0, 4.4)),
        words(("yellow", 1.0, 1.4), ("[any4]", 1.4, 1.5), ("light", 1.5, 1.8)),
    ):
        assert find_phrase(bad, "yellow light") == []


def test_grammars_stay_small() -> None:
    many = [f"phrase {n}" for n in range(200)]
    assert len(json.loads(loose_grammar(model(), many[:99]))) == ENTRY_LIMIT
    with pytest.raises(PhraseError, match="200 phrases"):
        loose_grammar(model(), many)
    assert len(json.loads(strict_grammar(model(), "stop", many))) == ENTRY_LIMIT


def test_the_lexicon_is_read_from_the_graph() -> None:
    lexicon = model().lexicon
    assert lexicon.pronunciations("yellow") == [("Y", "EH", "L", "OW")]
    near = lexicon.near("yellow")
    assert {"mellow", "hello"} <= set(near)
    assert "yellows" not in near
    assert lexicon.near("42") == []
    assert "mellow" in lexicon.near("yelow")
    assert "right" in lexicon.decoys("yellow light")


@pytest.mark.parametrize("word", ["light", "umbrella", "we"])
def test_words_one_sound_apart_are_all_that_differ_by_one_edit(word: str) -> None:
    lexicon = model().lexicon
    [said] = lexicon.pronunciations(word)
    known = [other for other in model().words() if other in lexicon]
    others = {way for other in known for way in lexicon.pronunciations(other)}
    apart = {
        other for other in others if _edits(other, said) == 1 and not _begins_alike(other, said)
    }
    assert set(lexicon.one_sound_apart(word)) == apart


def _begins_alike(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    size = min(len(one), len(other))
    return one[:size] == other[:size]


def test_words_one_sound_apart_need_not_be_near() -> None:
    assert ("K", "AY", "T") in model().lexicon.one_sound_apart("light")
    assert "kite" not in model().lexicon.near("light")
    assert model().lexicon.one_sound_apart("42") == []


def _edits(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    """Count edits, told apart only up to one: 2 stands for more."""
    if len(one) > len(other):
        one, other = other, one
    if len(one) == len(other):
        return min(2, sum(a != b for a, b in zip(one, other, strict=True)))
    without = [other[:i] + other[i + 1 :] for i in range(len(other))]
    return 1 if one in without else 2


def test_a_graph_of_another_make_gives_an_empty_lexicon(tmp_path: Path) -> None:
    assert len(Lexicon(tmp_path)) == 0
    (tmp_path / "graph").mkdir()
    for name in ("phones.txt", "words.txt", "HCLr.fst"):
        (tmp_path / "graph" / name).write_text("nothing 0\n")
    assert Lexicon(tmp_path).decoys("yellow light") == []


def test_the_model_knows_what_it_has() -> None:
    speech = model()
    assert (speech.has_fillers, speech.has_unknown, speech.has_phones) == (True, True, True)
    assert speech.has_word("yellow")
    assert not speech.has_word("flibbertigibbety")
    assert speech.fillers(4) == ("[any4]",)
    assert not any(w.startswith(("[", "#")) for w in speech.words())


def test_a_missing_model_says_where(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no such folder") as caught:
        SpeechModel(tmp_path / "none")
    assert caught.value.hint


@pytest.mark.parametrize("name", ["am/final.mdl", "conf/model.conf", "graph/HCLr.fst"])
def test_a_model_without_a_file_is_refused(tmp_path: Path, name: str) -> None:
    copy = shutil.copytree(default_model_path(), tmp_path / "model")
    (copy / name).unlink()
    with pytest.raises(ModelError, match="lacks"):
        SpeechModel(copy)


def test_a_damaged_model_is_refused(tmp_path: Path) -> None:
    copy = shutil.copytree(default_model_path(), tmp_path / "model")
    path = copy / "am/final.mdl"
    path.write_bytes(path.read_bytes()[:-1000])
    with pytest.raises(ModelError, match="damaged"):
        SpeechModel(copy)


def test_a_model_without_silence_phones_is_refused(tmp_path: Path) -> None:
    copy = shutil.copytree(default_model_path(), tmp_path / "model")
    path = copy / "conf/model.conf"
    path.write_text(path.read_text().replace("--endpoint.silence-phones=1", ""))
    with pytest.raises(ModelError, match="silence-phones"):
        SpeechModel(copy)


OTHERS = {Meaning.STOP: ["stop"], Meaning.NOT_NOW: ["not now"], Meaning.MORE_TIME: ["more time"]}


def test_a_good_phrase_has_no_problems() -> None:
    report = check_phrase(model(), "Purple Elephant", OTHERS)
    assert (report.phrase, report.problems) == ("purple elephant", ())
    assert require_phrase(model(), "Purple Elephant", OTHERS) == report


@pytest.mark.parametrize(
    ("phrase", "problem"),
    [
        ("", "no word"),
        ("?!", "no word"),
        ("[any4] light", "not among"),
        ("#aa light", "not among"),
        ("stop", "already means stop"),
        ("please stop it", 'holds "stop"'),
        ("time", 'part of "more time"'),
    ],
)
def test_phrases_that_cannot_be_used(phrase: str, problem: str) -> None:
    report = check_phrase(model(), phrase, OTHERS)
    assert not report.usable
    assert any(problem in p for p in report.problems)
    with pytest.raises(PhraseError, match=r"\w") as caught:
        require_phrase(model(), phrase, OTHERS)
    assert caught.value.hint


def test_a_wav_file_is_heard(tmp_path: Path) -> None:
    ears = VoskEars(model())
    ears.expect(SIGNAL)
    path = tmp_path / "said.wav"
    write_wav(path, Sound(from_pcm(np.repeat(scene(0.5, "yellow light"), 3)), 48_000))
    assert [h.meaning for h in hear(ears, path)] == [Meaning.SIGNAL]
    with pytest.raises(SoundError):
        hear(ears, tmp_path / "none.wav")
