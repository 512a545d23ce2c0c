"""What is known of a phrase and advised on it, with the real model and language file."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from ear_sounds import model

from calmvoice import language
from calmvoice.ears.advice import SAFE_SOUNDS, SAFE_SYLLABLES, advise, is_good
from calmvoice.ears.facts import facts_of
from calmvoice.ears.model import SpeechModel, default_model_path
from calmvoice.language import words_of
from calmvoice.meanings import Meaning

PACK = language.load("en")
OTHERS = {**PACK.hear, Meaning.SLOW_DOWN: ("slow down",)}


def warned(phrase: str) -> str:
    advice = advise(model(), phrase, OTHERS, PACK.ideas)
    assert advice.problems == ()
    return " ".join(advice.warnings)


def test_the_facts_of_a_phrase() -> None:
    facts = facts_of(model(), "Yellow light!", OTHERS)
    assert (facts.phrase, facts.spelt) == ("yellow light", ())
    assert facts.pronunciations[0] == "Y EH L OW L AY T"
    assert (facts.syllables, facts.sounds) == (3, 7)
    assert "mellow light" in facts.like
    assert [like.distance for like in facts.commands] == sorted(c.distance for c in facts.commands)


def test_a_made_up_word_has_facts_too() -> None:
    facts = facts_of(model(), "zorblik window", {})
    assert facts.spelt == ("zorblik",)
    assert facts.said_per_hour == 0.0
    assert facts.sounds == 12


def test_talk_is_always_the_same_and_has_what_people_say() -> None:
    assert SpeechModel().talk.said_per_hour("thank you") > 1.0
    one, other = SpeechModel().talk, model().talk
    way = model().lexicon.pronunciations("window")
    assert (one.distances(way) == other.distances(way)).all()
    assert one.distances(way).min() == 0.0
    assert sum(one.share(word) for word in ("the", "to", "and")) == pytest.approx(0.113, abs=0.01)


def test_short_and_common_phrases_are_expected_to_be_misheard_most() -> None:
    rates = [
        facts_of(model(), phrase, {}).false_alarms_per_hour or 0.0
        for phrase in ("golden lantern", "yellow light", "thank you", "water")
    ]
    assert rates == sorted(rates)
    assert rates[0] < 0.5 < 5 < rates[-1]


@pytest.mark.parametrize(
    ("phrase", "warning"),
    [
        ("banana", '"banana" is short: 3 syllables, 6 sounds.'),
        ("refrigerator", "is one word"),
        ("thank you", 'People say "thank you" anyway, about 2 times an hour.'),
        ("low town", '"low town" sounds like "slow down", which means slow down.'),
        ("purpel window", 'I listen for its sounds: P ER P AH L. Did you mean "purple"?'),
    ],
)
def test_what_is_to_be_minded_is_said_with_its_reason(phrase: str, warning: str) -> None:
    assert warning in warned(phrase)


def test_a_good_phrase_is_let_be() -> None:
    advice = advise(model(), "golden lantern", OTHERS, PACK.ideas)
    assert (advice.problems, advice.warnings, advice.suggestions) == ((), (), ())


@pytest.mark.parametrize("phrase", ["banana", "yellow light", "slow town", "zorp", "stop it", "?"])
def test_three_better_ones_pass_the_same_checks(phrase: str) -> None:
    better = advise(model(), phrase, OTHERS, PACK.ideas).suggestions
    assert len(set(better)) == 3
    assert phrase not in better
    assert all(is_good(model(), one, OTHERS) for one in better)


def test_suggestions_keep_what_the_couple_had_in_mind() -> None:
    assert advise(model(), "purpel window", OTHERS, PACK.ideas).suggestions[0] == "purple window"
    first = advise(model(), "banana", OTHERS, PACK.ideas).suggestions[0]
    assert first.endswith(" banana")


def test_suggestions_stay_away_from_the_couples_other_words() -> None:
    others = {**OTHERS, Meaning.SLOW_DOWN: ("paper umbrella",)}
    better = advise(model(), "yellow light", others, PACK.ideas).suggestions
    assert "paper umbrella" not in better
    assert better != advise(model(), "yellow light", OTHERS, PACK.ideas).suggestions


def test_every_idea_of_the_language_is_good() -> None:
    assert len(PACK.ideas) >= 12
    assert [idea for idea in PACK.ideas if not is_good(model(), idea, OTHERS)] == []


def test_what_is_said_is_short() -> None:
    for phrase in ("zorblik", "thank you", "low town"):
        for line in advise(model(), phrase, OTHERS, PACK.ideas).warnings:
            assert all(len(words_of(part)) <= 16 for part in line.split(". "))


def test_a_model_without_talk_has_no_rates_and_advises_all_the_same(tmp_path: Path) -> None:
    copy = shutil.copytree(default_model_path(), tmp_path / "model")
    (copy / "graph/Gr.fst").write_bytes(b"nothing")
    (copy / "SHA256SUMS").unlink()
    speech = SpeechModel(copy)
    facts = facts_of(speech, "banana", {})
    assert (facts.said_per_hour, facts.false_alarms_per_hour) == (None, None)
    assert (SAFE_SYLLABLES, SAFE_SOUNDS) == (4, 8)
    assert advise(speech, "banana", {}, PACK.ideas).warnings
