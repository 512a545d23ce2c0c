"""The second look, part by part: spectrum, network, evidence, rivals, language, weights."""

from __future__ import annotations

import shutil
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from ear_sounds import model, room, say
from hypothesis import given
from hypothesis import strategies as st

from calmvoice.ears.evidence import SILENCE, Evidence, Sighting, Ways
from calmvoice.ears.language import LOOKS, Language
from calmvoice.ears.model import SpeechModel, default_model_path
from calmvoice.ears.network import Network
from calmvoice.ears.nnet_file import Array, read_network
from calmvoice.ears.quietness import levels, quietness
from calmvoice.ears.second_look import SecondLook, Seen
from calmvoice.ears.spectrum import cepstra
from calmvoice.ears.spoken import spoken
from calmvoice.ears.thresholds import (
    ACCENT_COST,
    AFTER_WEIGHT,
    BEFORE_WEIGHT,
    NOISY_SURE,
    RIVAL_WEIGHT,
    SHORT_ALONE,
    SHORT_MOST_TALK,
    SHORT_SURE,
    SHORT_UNSURE,
    SURE,
    UNASKED_SURE,
    UNSURE,
    WORDS_WEIGHT,
    Against,
    sure_from,
    weigh,
)
from calmvoice.meanings import UNASKED
from calmvoice.sound import MICROPHONE_RATE, PcmSamples

PHRASE = [3, 4, SILENCE, 5, 6]


def rows_of(*units: int) -> Array:
    """Rows in which each unit in turn sounds clearly for three rows, of eight units."""
    rows = np.zeros((3 * len(units), 16), np.float32)
    for i, unit in enumerate(units):
        rows[3 * i, 2 * unit] = rows[3 * i + 1 : 3 * i + 3, 2 * unit + 1] = 6.0
    return rows


def test_a_phrase_is_seen_where_it_is() -> None:
    evidence = Evidence(rows_of(1, 2, 3, 4, 5, 6, 2, 1))
    [sighting] = evidence.sightings(Ways([PHRASE]), 0.0)
    assert (sighting.first, sighting.last, sighting.silent) == (6, 17, 0)
    assert sighting.score > SURE


def test_the_silence_between_words_is_counted() -> None:
    [sighting] = Evidence(rows_of(1, 3, 4, 0, 0, 5, 6, 1)).sightings(Ways([PHRASE]), 0.0)
    assert sighting.silent == 6


def test_other_sounds_and_the_wrong_order_are_no_evidence() -> None:
    for units in ((1, 2, 1, 2, 1, 2), (5, 6, 3, 4, 1, 2), (3, 4, 1, 2, 5, 6)):
        assert Evidence(rows_of(*units)).sightings(Ways([PHRASE]), 0.0) == []


def test_the_best_pronunciation_counts_and_each_place_once() -> None:
    other = [3, 7, SILENCE, 5, 6]
    evidence = Evidence(rows_of(3, 4, 5, 6, 1, 1, 3, 7, 5, 6))
    both = evidence.sightings(Ways([PHRASE, other]), -50.0)
    assert [s.last for s in both if s.score > 0] == [11, 29]
    assert all(a.last < b.first for a, b in pairwise(both))


def test_a_rival_that_was_said_beats_the_phrase() -> None:
    rival = [3, 7, SILENCE, 5, 6]
    evidence = Evidence(rows_of(1, 3, 7, 5, 6, 1))
    [sighting] = evidence.sightings(Ways([PHRASE]), -50.0)
    assert evidence.best_rival(Ways([rival, [1, 2]]), sighting) > sighting.score + 3


def test_what_speaks_against_a_phrase_is_taken_off() -> None:
    assert weigh(8.0, Against()) == weigh(8.0, Against(rival=3.0, words=-5.0)) == 8.0
    assert weigh(8.0, Against(rival=10.0)) == 8.0 - 2 * RIVAL_WEIGHT
    assert weigh(8.0, Against(words=5.0)) == 8.0 - 5 * WORDS_WEIGHT
    assert weigh(8.0, Against(talk_before=1.0)) == 8.0 - BEFORE_WEIGHT
    assert weigh(8.0, Against(talk_after=0.5)) == 8.0 - 0.5 * AFTER_WEIGHT


@given(quiet=st.floats(0, 1), louder=st.floats(0, 1))
def test_the_quieter_it_is_the_more_a_rival_counts_and_the_less_talk_does(
    quiet: float, louder: float
) -> None:
    noisier, quieter = sorted((quiet, louder))
    beaten, in_talk = (
        [weigh(8.0, replace(what, quietness=q)) for q in (noisier, quieter)]
        for what in (Against(rival=10.0), Against(talk_before=1.0, talk_after=1.0))
    )
    assert beaten[0] >= beaten[1]
    assert in_talk[0] <= in_talk[1]
    assert NOISY_SURE <= sure_from(noisier) <= sure_from(quieter) <= SURE


def test_what_is_asked_about_is_less_than_what_is_sure() -> None:
    assert SHORT_UNSURE < UNSURE < NOISY_SURE < SURE
    assert SHORT_UNSURE < SHORT_SURE < min(UNASKED_SURE.values())
    assert UNASKED_SURE.keys() == UNASKED


@pytest.mark.parametrize(
    ("voice", "noise", "said_in"),
    [
        (3000.0, 3.0, 1.0),
        (150.0, 3.0, 1.0),  # a soft voice, 26 dB down: the room is as quiet
        (3000.0, 1000.0, 0.0),
        (150.0, 50.0, 0.0),
    ],
)
def test_a_soft_voice_in_a_quiet_room_is_no_voice_in_noise(
    voice: float, noise: float, said_in: float
) -> None:
    rng = np.random.default_rng(0)
    sound = rng.normal(0, noise, 3 * MICROPHONE_RATE)
    sound[MICROPHONE_RATE : 2 * MICROPHONE_RATE] += rng.normal(0, voice, MICROPHONE_RATE)
    loud = levels(sound.round().astype(np.int16))
    assert quietness(loud, Sighting(34, 65, 0.0, 0)) == pytest.approx(said_in, abs=0.2)
    assert quietness(loud, Sighting(200, 205, 0.0, 0)) == 1.0  # beyond its end


def test_talk_is_heard_on_either_side_of_a_phrase() -> None:
    alone = Evidence(rows_of(0, 0, 0, 3, 4, 5, 6, 0, 0, 0))
    in_talk = Evidence(rows_of(0, 0, 0, 3, 4, 5, 6, 1, 2, 1))
    at_the_edge = Evidence(rows_of(3, 4, 5, 6))
    [place], [same], [edge] = (
        e.sightings(Ways([PHRASE]), 0.0) for e in (alone, in_talk, at_the_edge)
    )
    assert max(alone.talk_around(place)) < 0.1
    before, after = in_talk.talk_around(same)
    assert before < 0.1
    assert after > 0.9
    assert at_the_edge.talk_around(edge) == (0.0, 0.0)


def test_a_last_sound_that_fades_is_no_talk_where_a_pause_follows_soon() -> None:
    fading = Evidence(rows_of(0, 0, 0, 3, 4, 5, 6, 1, 1, 0, 0, 0))
    going_on = Evidence(rows_of(0, 0, 0, 3, 4, 5, 6, 1, 2, 1, 2, 1, 2))
    [place], [same] = (e.sightings(Ways([PHRASE]), 0.0) for e in (fading, going_on))
    assert fading.talk_around(place)[1] < 0.1
    assert going_on.talk_around(same)[1] > 0.9


def test_where_nothing_tells_sounds_apart_silence_is_as_likely_as_each() -> None:
    evidence = Evidence(np.zeros((40, 12), np.float32))
    assert evidence.talk_around(Sighting(15, 20, 0.0, 0)) == pytest.approx((5 / 6, 5 / 6))


def test_the_spectrum_has_a_row_every_ten_milliseconds() -> None:
    assert cepstra(room(1.0)).shape == (98, 40)
    assert cepstra(room(0.02)).shape == (0, 40)


def test_the_network_has_a_row_every_thirty_milliseconds() -> None:
    network = Network(default_model_path())
    rows = network(np.concatenate([room(0.5), say("yellow light"), room(0.5)]))
    assert network.units == len(model().lexicon.units) == 41
    assert rows.shape[1] == 82
    assert len(rows) == pytest.approx((1.0 + len(say("yellow light")) / MICROPHONE_RATE) / 0.03, 2)
    assert rows[:10].argmax(axis=1).max() <= 1  # silence
    assert network(room(0.01)).shape == (0, 82)


def test_the_network_sees_the_same_wherever_a_stretch_begins() -> None:
    network = Network(default_model_path())
    sound = np.concatenate([room(1.0), say("yellow light"), room(0.5)])
    whole, later = network(sound), network(sound[4800:])
    assert np.abs(whole[10 + 11 :] - later[11:]).max() < 1e-3  # 310 ms of context are held


@pytest.mark.parametrize("damage", [b"", b"\0Bnothing", b"\0B<Nnet3> \nnonsense\n\n"])
def test_a_network_of_another_make_is_refused(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "final.mdl"
    path.write_bytes(damage)
    with pytest.raises(ValueError, match=r"."):
        read_network(path)


def test_without_a_network_the_words_are_asked(tmp_path: Path) -> None:
    copy = shutil.copytree(default_model_path(), tmp_path / "model")
    speech = SpeechModel(copy)
    (copy / "am/final.mdl").write_bytes(b"\0Bnothing")
    assert speech.network is None
    look = SecondLook(speech)
    look.learn("yellow light")
    audio = np.concatenate([room(0.5), say("yellow light"), room(1.0)])
    [seen] = look.find("yellow light", audio, 0)
    assert (look.weighs("yellow light"), seen.sure, seen.score) == (False, True, None)


@pytest.mark.parametrize(
    ("phrase", "text", "more"),
    [
        ("yellow light", "I think yellow light for now", 3.0),
        ("again", "Once again we are late", 2.0),  # short: a bound, a television says it too often
    ],
)
def test_over_our_own_voice_talk_around_a_phrase_is_held_against_it_less_or_not_at_all(
    phrase: str, text: str, more: float
) -> None:
    look = SecondLook(model())
    look.learn(phrase)
    audio = np.concatenate([room(0.5), say(text, "en-US"), room(1.0)])
    [in_talk], [over_ours] = (look.find(phrase, audio, 0, over_own_voice=o) for o in (False, True))
    assert in_talk.score is not None
    assert over_ours.score is not None
    assert over_ours.score >= in_talk.score + more


def test_what_scores_too_little_is_not_seen() -> None:
    audio = np.concatenate([room(0.5), say("yellow night"), room(1.0)])
    usual, lower = SecondLook(model()), SecondLook(model(), floor=-10.0)
    for look in (usual, lower):
        look.learn("yellow light")
    assert usual.find("yellow light", audio, 0) == []
    [seen] = lower.find("yellow light", audio, 0)
    assert not seen.sure


def test_talk_around_a_short_phrase_counts_up_to_a_bound() -> None:
    in_talk = Against(talk_before=1.0, talk_after=1.0)
    assert weigh(8.0, in_talk, SHORT_MOST_TALK) == 8.0 - SHORT_MOST_TALK
    assert weigh(8.0, in_talk) == 8.0 - BEFORE_WEIGHT - AFTER_WEIGHT


def test_short_phrases_are_asked_for_by_words_and_weighed() -> None:
    look = SecondLook(model())
    phrases = ("stop", "how long", "yellow light")
    for phrase in phrases:
        look.learn(phrase)
        [seen] = look.find(phrase, np.concatenate([room(0.5), say(phrase), room(1.0)]), 0)
        assert seen.sure
        assert (seen.score is not None) == look.weighs(phrase)
    assert [look.weighs(p) for p in phrases] == [False, True, True]
    assert [look.is_short(p) for p in phrases] == [False, True, False]


@pytest.mark.parametrize(
    ("text", "alone"),
    [("Here.", True), ("Yes, here.", True), ("Put the keys over here, please", False)],
)
def test_a_single_syllable_in_talk_is_told_from_one_alone(text: str, alone: bool) -> None:
    """Over our own voice nobody knows: what is around it may be ours."""
    look = SecondLook(model())
    look.learn("here")
    audio = np.concatenate([room(0.5), say(text), room(1.0)])
    [seen], [over_ours] = (look.find("here", audio, 0, over_own_voice=o) for o in (False, True))
    assert (seen.alone, over_ours.alone) == (alone, True)
    noise = np.random.default_rng(1).normal(0, 1500, len(audio))
    drowned = np.clip(audio + noise, -32768, 32767).astype(np.int16)
    assert all(one.alone for one in look.find("here", drowned, 0))  # noise sounds like talk


class AlwaysYes(SecondLook):
    """A strict grammar that takes everything for the phrase."""

    def _by_words(self, phrase: str, audio: PcmSamples, position: int) -> list[Seen]:
        begin = position / MICROPHONE_RATE
        return [Seen(begin, begin + len(audio) / MICROPHONE_RATE)]


def test_where_the_evidence_is_against_it_the_grammars_yes_to_a_short_phrase_is_a_no() -> None:
    look = AlwaysYes(model())
    look.learn("how long")
    for said in ("good morning", "the kettle is still warm", "yellow light"):
        assert look.find("how long", np.concatenate([room(0.5), say(said), room(1.0)]), 0) == []
    [seen] = look.find("how long", np.concatenate([room(0.5), say("how long"), room(1.0)]), 0)
    assert seen.sure


class AlwaysNo(SecondLook):
    """A strict grammar that finds nothing."""

    def _by_words(self, phrase: str, audio: PcmSamples, position: int) -> list[Seen]:
        return []


def test_where_the_evidence_is_overwhelming_the_grammars_no_to_a_short_phrase_is_a_yes() -> None:
    look = AlwaysNo(model())
    for phrase in ("how long", "stop"):
        look.learn(phrase)
    [seen] = look.find("how long", np.concatenate([room(0.5), say("how long"), room(1.0)]), 0)
    assert seen.sure
    assert seen.score is not None
    assert seen.score >= SHORT_ALONE
    assert (seen.start, seen.end) == pytest.approx((0.5, 1.1), abs=0.25)
    blurred = np.concatenate([room(0.5), say("how wrong"), room(1.0)])
    assert look.find("how long", blurred, 0) == []
    assert look.find("stop", np.concatenate([room(0.5), say("stop"), room(1.0)]), 0) == []


def test_a_phrase_has_rivals_near_in_sound() -> None:
    found = spoken(model().lexicon, "yellow light")
    assert found is not None
    assert found.rivals is not None
    assert (found.sounds, len(found.rivals.units)) == (7, 168)
    units = model().lexicon.units
    said = [
        " ".join(units[u] for u in way[: end + 1] if u != SILENCE)
        for way, end in zip(found.rivals.units, found.rivals.ends, strict=True)
    ]
    assert {"Y EH L OW K AY T", "M EH L OW L AY T", "M EH L OW W AY T"} <= set(said)
    assert len(set(said)) == len(said)
    wave = spoken(model().lexicon, "ocean wave")
    assert wave is not None
    assert wave.rivals is not None
    first = [units[way[0]] for way in wave.rivals.units]
    assert first.count("N") == 0  # "notion wave" is also "an ocean wave"
    three = spoken(model().lexicon, "please yellow light")
    assert three is not None
    assert three.rivals is not None
    assert len(three.rivals.units) <= 80
    assert spoken(model().lexicon, "yellow 42") is None


def test_words_explain_speech_and_not_its_absence() -> None:
    language = Language(model())
    talk = say("I never said that and you know it very well")
    first = language.advantage(talk)
    assert first > 5
    for _ in range(LOOKS):
        assert language.advantage(talk) == first  # kept recognisers forget, and so do new ones
    assert language.advantage(room(1.0)) < 1
    assert language.advantage(room(0.0)) == 0


def test_a_place_is_told_in_audio_seconds() -> None:
    look = SecondLook(model())
    look.learn("yellow light")
    audio = np.concatenate([room(1.0), say("yellow light"), room(1.0)])
    [seen] = look.find("yellow light", audio, 5 * MICROPHONE_RATE)
    assert seen.sure
    assert seen.start == pytest.approx(6.0, abs=0.15)
    assert seen.end == pytest.approx(6.0 + len(say("yellow light")) / MICROPHONE_RATE, abs=0.2)


def ways(phrase: str) -> set[str]:
    sounds = spoken(model().lexicon, phrase)
    assert sounds is not None
    units = model().lexicon.units
    return {" ".join(units[u] for u in way if u) for way in sounds.phrase.units}


def test_a_short_a_may_be_a_long_one_where_the_south_of_england_says_it_so() -> None:
    assert {"B AE TH", "B AA TH"} <= ways("bath")
    assert {"L AE S T D AE N S", "L AA S T D AA N S"} <= ways("last dance")
    assert ways("back") == {"B AE K"}
    assert not any("HH AA N D" in way for way in ways("hand"))


def test_a_t_between_vowels_may_be_a_flap_and_an_r_may_be_lost() -> None:
    assert {"W AO T ER", "W AO D ER", "W AO T AH", "W AO D AH"} <= ways("water")
    assert {"S M AA R T", "S M AA T"} <= ways("smart")
    assert "M AO T AY M" in ways("more time")
    assert ways("red time") == {"R EH D T AY M"}  # a vowel follows, and no vowel comes before
    assert not any(way.startswith("D") for way in ways("time to talk"))


def test_another_accent_costs_something_and_the_dictionarys_own_nothing() -> None:
    sounds = spoken(model().lexicon, "water")
    assert sounds is not None
    units = model().lexicon.units
    costs = {
        " ".join(units[u] for u in way[: end + 1]): cost
        for way, end, cost in zip(
            sounds.phrase.units, sounds.phrase.ends, sounds.phrase.costs, strict=True
        )
    }
    assert costs["W AO T ER"] == 0.0
    assert costs["W AO D AH"] == ACCENT_COST


def test_the_cost_of_a_way_is_taken_off_its_score() -> None:
    evidence = Evidence(rows_of(1, 3, 4, 5, 6, 1))
    [free], [dear] = (evidence.sightings(Ways([PHRASE], [cost]), 0.0) for cost in (0.0, 1.5))
    assert dear.score == pytest.approx(free.score - 1.5)
