"""The ears hear whole phrases once, in time, however the audio is cut; and nothing else."""

from __future__ import annotations

import resource
import sys
from dataclasses import replace

import numpy as np
import pytest
from ear_sounds import SIGNAL, feed, listen, model, recorded, recordings, room, say, scene
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from calmvoice.ears import vosk_ears
from calmvoice.ears.second_look import SecondLook, Seen
from calmvoice.ears.thresholds import SURE, UNSURE
from calmvoice.ears.vosk_ears import LIKELY_SECONDS, VoskEars
from calmvoice.meanings import Meaning
from calmvoice.ports import Ears, Heard
from calmvoice.sound import MICROPHONE_RATE, PcmSamples

COMMANDS = {
    Meaning.SIGNAL: ["yellow light"],
    Meaning.NOT_NOW: ["not now"],
    Meaning.STOP: ["stop", "please stop"],
    Meaning.HOW_LONG: ["how long"],
    Meaning.MORE_TIME: ["more time"],
    Meaning.HERE: ["here", "i'm here"],
    Meaning.AGAIN: ["again"],
}


def meanings(heard: list[Heard]) -> list[Meaning]:
    return [h.meaning for h in heard if h.sure]


def test_vosk_ears_are_ears() -> None:
    ears: Ears = VoskEars(model())
    assert ears.feed(room(1.0)) == []


@pytest.mark.parametrize("voice", ["en-GB", "en-US"])
def test_the_signal_is_heard_once_and_soon(voice: str) -> None:
    spoken = say("yellow light", voice)
    audio = np.concatenate([room(1.0), spoken, room(2.0)])
    [heard] = listen(audio)
    assert heard.meaning is Meaning.SIGNAL
    assert heard.sure
    assert heard.start_seconds == pytest.approx(1.0, abs=0.2)
    assert heard.at_seconds == pytest.approx(1.0 + len(spoken) / MICROPHONE_RATE, abs=0.25)
    assert 0.0 < heard.known_seconds - heard.at_seconds <= 0.6


@pytest.mark.parametrize(
    ("text", "sure"),
    [
        ("Yellow light, please, I need it", True),
        ("I think we need yellow light before this goes on", False),  # a film might say it
    ],
)
def test_the_signal_is_heard_within_a_sentence(text: str, sure: bool) -> None:
    [heard] = listen(scene(0.5, text, 0.3))
    assert (heard.meaning, heard.sure) == (Meaning.SIGNAL, sure)


@pytest.mark.parametrize(
    "text",
    ["light yellow", "red light", "yellow", "light", "where did you put the car keys", "mellow"],
)
def test_other_words_are_not_the_signal(text: str) -> None:
    assert meanings(listen(scene(0.5, text))) == []


def test_a_phrase_across_a_long_gap_is_not_heard() -> None:
    assert meanings(listen(scene(0.5, "yellow", 0.9, "light"))) == []


def test_the_signal_said_twice_is_heard_twice() -> None:
    heard = listen(scene(0.5, "yellow light", 1.0, "yellow light"))
    assert meanings(heard) == [Meaning.SIGNAL] * 2
    assert heard[1].start_seconds > heard[0].at_seconds


def test_a_near_miss_is_unsure_and_two_soon_after_each_other_are_sure() -> None:
    alone = listen(scene(0.5, "yolo light"))
    far = listen(scene(0.5, "yolo light", 6.5, "yolo light"))
    near = listen(scene(0.5, "yolo light", 2.0, "yolo light"))
    assert [h.sure for h in alone] == [False]
    assert not any(h.sure for h in far)
    assert [h.sure for h in near] == [False, True]


class LikelyWhileFresh(SecondLook):
    """Finds the phrase likely, and once what comes after it is known surely, or no more."""

    is_sure_then = False

    def find(
        self, phrase: str, audio: PcmSamples, position: int, *, over_own_voice: bool = False
    ) -> list[Seen]:
        found = super().find(phrase, audio, position, over_own_voice=over_own_voice)
        until = (position + len(audio)) / MICROPHONE_RATE - LIKELY_SECONDS
        fresh = [replace(s, sure=False, score=UNSURE) for s in found if s.end > until]
        over = [replace(s, sure=True, score=SURE) for s in found if s.end <= until]
        return fresh + over if self.is_sure_then else fresh


def test_what_was_likely_is_not_told_when_what_follows_speaks_against_it() -> None:
    ears = VoskEars(model())
    ears._second = LikelyWhileFresh(model())
    ears.expect(SIGNAL)
    assert feed(ears, scene(0.5, "yellow light", 3.0)) == []


def test_what_was_likely_is_looked_at_once_more_when_what_follows_is_known() -> None:
    ears = VoskEars(model())
    ears._second = second = LikelyWhileFresh(model())
    second.is_sure_then = True
    ears.expect(SIGNAL)
    [heard] = feed(ears, scene(0.5, "yellow light", 3.0))
    assert heard.sure
    assert LIKELY_SECONDS <= heard.known_seconds - heard.at_seconds < LIKELY_SECONDS + 0.2


def test_a_last_sound_that_fades_in_noise_is_not_taken_for_talk() -> None:
    spoken = say("pineapple")
    around = np.concatenate([room(1.0), spoken, room(2.0)])
    level = np.sqrt((spoken.astype(float) ** 2).mean()) * 10 ** (-10 / 20)
    noise = np.random.default_rng(3).normal(0, level, len(around))
    heard = listen((around + noise).astype(np.int16), {Meaning.SIGNAL: ["pineapple"]})
    assert [h.sure for h in heard] == [True]


def test_only_the_signal_is_ever_unsure() -> None:
    audio = scene(0.5, "yolo light", 1.5, "yolo light")
    assert listen(audio, {Meaning.SLOW_DOWN: ["yellow light"]}) == []
    heard = listen(audio, {Meaning.STOP: ["yellow light"]})
    assert heard
    assert all(one.sure for one in heard)


class OnlyLikely(SecondLook):
    """Finds what is there, and is never sure of it."""

    def find(
        self, phrase: str, audio: PcmSamples, position: int, *, over_own_voice: bool = False
    ) -> list[Seen]:
        found = super().find(phrase, audio, position, over_own_voice=over_own_voice)
        return [replace(seen, sure=False, score=UNSURE) for seen in found]


@pytest.mark.parametrize(
    ("meaning", "taken"),
    [(Meaning.HOW_LONG, True), (Meaning.AGAIN, True), (Meaning.MORE_TIME, False),
     (Meaning.BACK, False)],
)  # fmt: skip
def test_what_moves_the_promise_is_never_taken_on_a_doubt(meaning: Meaning, taken: bool) -> None:
    ears = VoskEars(model())
    ears._second = OnlyLikely(model())
    ears.expect({meaning: ["how long"]})
    assert meanings(feed(ears, scene(0.5, "how long", 2.0))) == [meaning] * taken


@pytest.mark.parametrize("text", ["stop", "how long", "more time", "not now", "again", "I'm here"])
def test_commands_are_heard_side_by_side(text: str) -> None:
    wanted = next(m for m, group in COMMANDS.items() if text.lower() in group)
    assert meanings(listen(scene(0.7, text), COMMANDS)) == [wanted]


def test_quiet_and_clipped_voices_are_heard() -> None:
    loud = say("yellow light")
    quiet = (loud * 10 ** (-26 / 20)).astype(np.int16)
    clipped = np.clip(loud * 4.0, -32768, 32767).astype(np.int16)  # 4 dB over full scale
    for voice in (quiet, clipped):
        audio = np.concatenate([room(0.7), voice, room(2.0)])
        assert meanings(listen(audio)) == [Meaning.SIGNAL]


def test_silence_and_noise_say_nothing() -> None:
    rng = np.random.default_rng(5)
    noise = rng.normal(0, 2000, 20 * MICROPHONE_RATE).astype(np.int16)
    assert listen(np.zeros(10 * MICROPHONE_RATE, np.int16)) == []
    assert listen(noise) == []


def test_nothing_is_heard_when_nothing_is_expected() -> None:
    assert listen(scene(0.5, "yellow light"), {}) == []


@pytest.mark.slow
@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.integers(0, 9000), min_size=1, max_size=40))
def test_any_chunks_of_the_same_audio_give_the_same(sizes: list[int]) -> None:
    audio = scene(0.6, "yellow light", 0.4)
    ears = VoskEars(model())
    ears.expect(SIGNAL)
    heard: list[Heard] = []
    at = 0
    for size in [*sizes, len(audio)]:
        heard += ears.feed(audio[at : at + size])
        at += size
    [whole] = listen(audio)
    assert [(h.meaning, h.start_seconds, h.at_seconds, h.sure) for h in heard] == [
        (whole.meaning, whole.start_seconds, whole.at_seconds, True)
    ]


@pytest.mark.parametrize("chunk", [1, 37, 333])
def test_tiny_chunks_do(chunk: int) -> None:
    assert meanings(listen(scene(0.3, "yellow light"), chunk=chunk)) == [Meaning.SIGNAL]


@pytest.mark.parametrize("share", [0.1, 0.4, 0.7, 0.95])
def test_a_phrase_half_said_at_a_change_is_heard(share: float) -> None:
    audio, spoken = scene(1.0, "yellow light"), say("yellow light")
    cut = MICROPHONE_RATE + round(share * len(spoken))
    ears = VoskEars(model())
    ears.expect({Meaning.STOP: ["stop"]})
    heard = feed(ears, audio[:cut])
    ears.expect(SIGNAL)
    heard += feed(ears, audio[cut:])
    assert meanings(heard) == [Meaning.SIGNAL]
    assert heard[0].start_seconds == pytest.approx(1.0, abs=0.2)


def test_a_phrase_said_before_it_was_expected_does_not_count() -> None:
    audio, spoken = scene(1.0, "yellow light"), say("yellow light")
    cut = MICROPHONE_RATE + len(spoken) + MICROPHONE_RATE // 2
    ears = VoskEars(model())
    ears.expect({Meaning.STOP: ["stop"]})
    heard = feed(ears, audio[:cut])
    ears.expect(SIGNAL)
    heard += feed(ears, audio[cut:])
    assert heard == []


@pytest.mark.parametrize("after", [0.05, 0.3, 0.6])
def test_a_phrase_expected_before_and_after_a_change_is_heard_once(after: float) -> None:
    audio, spoken = scene(1.0, "yellow light"), say("yellow light")
    cut = MICROPHONE_RATE + len(spoken) + round(after * MICROPHONE_RATE)
    ears = VoskEars(model())
    ears.expect(SIGNAL)
    heard = feed(ears, audio[:cut])
    ears.expect(COMMANDS)
    heard += feed(ears, audio[cut:])
    assert meanings(heard) == [Meaning.SIGNAL]


def test_cleared_ears_forget() -> None:
    ears = VoskEars(model())
    ears.expect(SIGNAL)
    half = np.concatenate([room(0.5), say("yellow")])
    feed(ears, half)
    ears.clear()
    assert feed(ears, np.concatenate([say("light"), room(2.0)])) == []


def test_nothing_is_written_to_disk() -> None:
    written: list[str] = []

    def watch(event: str, args: tuple[object, ...]) -> None:
        if watching and event == "open" and isinstance(args[2], int) and args[2] & 3:
            written.append(str(args[0]))

    watching = False
    sys.addaudithook(watch)
    blocks = resource.getrusage(resource.RUSAGE_SELF).ru_oublock
    watching = True
    heard = listen(scene(0.5, "yellow light"))
    watching = False
    assert meanings(heard) == [Meaning.SIGNAL]
    assert written == []
    assert resource.getrusage(resource.RUSAGE_SELF).ru_oublock == blocks


@pytest.mark.slow
def test_memory_does_not_grow_over_many_minutes() -> None:
    def resident() -> int:
        with open("/proc/self/statm") as file:  # noqa: PTH123 - not a file of ours
            return int(file.read().split()[1]) * resource.getpagesize()

    talk = scene(0.4, "I never said that and you know it very well", 0.2, "yellow light", 0.3)
    ears = VoskEars(model())
    ears.expect(COMMANDS)
    feed(ears, np.tile(talk, 3))
    before = resident()
    heard = feed(ears, np.tile(talk, 4), chunk=4321)
    assert meanings(heard).count(Meaning.SIGNAL) == 4
    assert resident() - before < 8_000_000


@pytest.mark.slow
def test_recorded_signals_are_heard() -> None:
    heard = [listen(recorded(f)) for f in recordings("signal/*__yellow-light.flac")[::3]]
    assert all(heard)
    assert sum(one[0].sure for one in heard) >= len(heard) - 2  # three of all 33 are asked about


@pytest.mark.slow
def test_recorded_noise_is_never_a_signal() -> None:
    ears = VoskEars(model())
    ears.expect(SIGNAL)
    for file in recordings("noise/*.flac"):
        assert meanings(feed(ears, recorded(file)[: 10 * MICROPHONE_RATE])) == []


@pytest.mark.parametrize("text", ["Here we go, the milk is gone", "Put the keys over here, please"])
def test_here_within_a_sentence_is_no_answer(text: str) -> None:
    """A television must not answer for a person; whoever says it says it alone."""
    assert Meaning.HERE not in meanings(listen(scene(0.5, text), COMMANDS))
    assert meanings(listen(scene(0.5, text, 1.5, "Yes, here."), COMMANDS)) == [Meaning.HERE]


def test_stop_is_obeyed_within_a_sentence() -> None:
    audio = np.concatenate([room(0.5), say("They stop at every house", "en-US"), room(1.0)])
    assert meanings(listen(audio, {Meaning.STOP: ["stop"]})) == [Meaning.STOP]
    assert meanings(listen(audio, {Meaning.HERE: ["stop"]})) == []


def test_a_signal_of_one_syllable_within_a_sentence_is_asked_about() -> None:
    audio = np.concatenate([room(0.5), say("They stop at every house", "en-US"), room(2.0)])
    assert [one.sure for one in listen(audio, {Meaning.SIGNAL: ["stop"]})] == [False]


class AtTheEdge(SecondLook):
    """Finds the phrase where the stretch that it is shown begins."""

    def find(
        self, phrase: str, audio: PcmSamples, position: int, *, over_own_voice: bool = False
    ) -> list[Seen]:
        begin = position / MICROPHONE_RATE
        return [Seen(begin + 0.1, begin + 0.6)]


@pytest.mark.parametrize(("before", "heard"), [(0.5, [Meaning.STOP]), (4.0, [])])
def test_what_begins_at_the_edge_of_what_is_looked_at_is_not_whole(
    before: float, heard: list[Meaning]
) -> None:
    """It may be the end of another word; where nothing came before, it is a beginning."""
    ears = VoskEars(model())
    ears._second = AtTheEdge(model())
    ears.expect({Meaning.STOP: ["stop"]})
    assert meanings(feed(ears, scene(before, "stop", 0.5)))[:1] == heard


def give_score(monkeypatch: pytest.MonkeyPatch, score: float) -> None:
    """Let whatever is found have this score, and be as sure as it makes it."""
    find = SecondLook.find

    def scored(
        self: SecondLook, phrase: str, audio: PcmSamples, position: int, *, over_own_voice: bool
    ) -> list[Seen]:
        found = find(self, phrase, audio, position, over_own_voice=over_own_voice)
        return [replace(seen, sure=score > SURE, score=score) for seen in found]

    monkeypatch.setattr(SecondLook, "find", scored)


@pytest.mark.parametrize(
    ("phrase", "score", "meaning", "heard"),
    [
        ("we're back", 3.0, Meaning.HERE, True),
        ("we're back", 3.0, Meaning.BACK, False),
        ("we're back", 3.0, Meaning.MORE_TIME, False),
        ("we're back", 5.0, Meaning.BACK, True),  # does nothing until it is said by both
        ("we're back", 5.0, Meaning.MORE_TIME, False),  # moves the return at once
        ("we're back", 9.0, Meaning.MORE_TIME, True),
        ("i'm still waiting", 3.0, Meaning.WAITING, True),  # a long one, too
        ("i'm still waiting", 1.5, Meaning.WAITING, False),  # a signal would be asked about
        ("i'm still waiting", 3.0, Meaning.NO_WORDS, False),  # begins a pause
        ("i'm still waiting", 5.0, Meaning.PAUSE_AGAIN, False),  # enough in noise for a signal
        ("i'm still waiting", 9.0, Meaning.NO_WORDS, True),
        ("i'm still waiting", 3.0, Meaning.SLOW_DOWN, False),  # listened for all day
        ("i'm still waiting", 9.0, Meaning.SLOW_DOWN, True),
    ],
)
def test_what_begins_something_or_moves_a_promise_must_be_surer_than_other_words(
    phrase: str, score: float, meaning: Meaning, heard: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A film has them, too: the phrase is really said, the score is the one of a film's."""
    give_score(monkeypatch, score)
    ears = VoskEars(model())
    ears.expect({meaning: [phrase]})
    audio = np.concatenate([room(1.0), say(phrase, "en-US"), room(2.0)])
    assert [one.meaning for one in feed(ears, audio)] == ([meaning] if heard else [])


@pytest.mark.parametrize("meaning", [Meaning.BACK, Meaning.NO_WORDS])
@pytest.mark.parametrize(("apart", "counts"), [(2.0, True), (9.0, False)])
def test_what_is_never_asked_about_counts_when_it_is_said_again_soon(
    apart: float, counts: bool, meaning: Meaning, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody is asked about it, so nothing happens at first; people then say it once more."""
    give_score(monkeypatch, 3.0)
    ears = VoskEars(model())
    ears.expect({meaning: ["we're back"]})
    back = say("we're back", "en-US")
    audio = np.concatenate([room(1.0), back, room(apart), back, room(2.0)])
    assert meanings(feed(ears, audio)) == [meaning] * counts


def test_what_a_later_stage_listens_for_is_prepared_while_nobody_speaks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One phrase in 50 ms of silence, so that a change of stage keeps nobody waiting."""
    learnt: list[str] = []

    class Learning(SecondLook):
        def learn(self, phrase: str) -> None:
            if phrase not in self._spoken:
                learnt.append(phrase)
            super().learn(phrase)

    monkeypatch.setattr(vosk_ears, "SecondLook", Learning)
    ears = VoskEars(model(), ["More time", "how long", "zzzxq7", "stop"])
    ears.expect(SIGNAL)
    feed(ears, scene("yellow light"))
    feed(ears, room(2.0))
    assert set(learnt) == {"yellow light", "more time", "how long", "stop"}
    learnt.clear()
    ears.expect({Meaning.MORE_TIME: ["more time"], Meaning.STOP: ["stop"]})
    assert learnt == []


def test_our_own_voice_counts_for_as_long_as_it_is_in_what_is_looked_at() -> None:
    """Three seconds: after that, talk around a phrase is somebody's."""
    looks: list[bool] = []

    class Looking(SecondLook):
        def find(
            self, phrase: str, audio: PcmSamples, position: int, *, over_own_voice: bool = False
        ) -> list[Seen]:
            looks.append(over_own_voice)
            return super().find(phrase, audio, position, over_own_voice=over_own_voice)

    ears = VoskEars(model())
    ears._second = Looking(model())
    ears.expect(SIGNAL)
    ears.feed(room(1.0), own_voice=True)
    feed(ears, scene(0.5, "yellow light", 5.0))
    assert looks
    assert all(looks)
    looks.clear()
    feed(ears, scene(0.5, "yellow light", 1.0))
    assert looks
    assert not any(looks)
