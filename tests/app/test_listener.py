"""What the ears heard goes into the inbox, unless we said it ourselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pytest

from calmvoice.listener import Cleaner, Listener, holds
from calmvoice.meanings import Meaning
from calmvoice.ports import Heard
from calmvoice.session.events import Said
from calmvoice.sound import PcmSamples

PHRASES = {
    Meaning.SIGNAL: ("yellow light",),
    Meaning.OTHER_SIGNAL: ("green river",),
    Meaning.STOP: ("stop",),
    Meaning.HERE: ("here", "i'm here"),
}
CHUNK: PcmSamples = np.zeros(1600, np.int16)


class WordAt:
    """Ears that find one meaning in the chunk that reaches a second of audio."""

    def __init__(self, meaning: Meaning, at_seconds: float, sure: bool = True) -> None:
        self.meaning, self.at_seconds, self.sure = meaning, at_seconds, sure
        self.fed = 0.0
        self.over_own_voice: list[float] = []  # the audio second that each such chunk ends with
        self.cleared = 0
        self.expected: list[Mapping[Meaning, Sequence[str]]] = []

    def expect(self, phrases: Mapping[Meaning, Sequence[str]]) -> None:
        self.expected.append(phrases)

    def feed(self, samples: PcmSamples, *, own_voice: bool = False) -> list[Heard]:
        before, self.fed = self.fed, self.fed + len(samples) / 16_000
        if own_voice:
            self.over_own_voice.append(round(self.fed, 1))
        if not before < self.at_seconds <= self.fed:
            return []
        return [Heard(self.meaning, self.at_seconds - 0.4, self.at_seconds, self.fed, self.sure)]

    def clear(self) -> None:
        self.cleared += 1


class Saying:
    """A loudspeaker of which only what it says when matters: texts with steady times."""

    def __init__(self, *said: tuple[float, float, str]) -> None:
        self.said = said

    def spoken(self, start: float, end: float) -> tuple[str, ...]:
        return tuple(text for a, b, text in self.said if a < end and b > start)


def listen(
    ears: WordAt, speaker: Saying, chunks: int = 30, cleaner: Cleaner | None = None
) -> list[Said]:
    """Feed three seconds whose first sample was captured at steady second 100."""
    posted: list[Said] = []
    listener = Listener(ears, PHRASES, speaker, posted.append, cleaner)
    listener.expect(frozenset({Meaning.STOP}))
    for n in range(chunks):
        listener.take(CHUNK, 100 + (n + 1) * 0.1)
    return posted


class Failing(WordAt):
    """Ears that fail on the first chunk, and before that where they are told what to expect."""

    def __init__(self) -> None:
        super().__init__(Meaning.STOP, 0.2)
        self.failures = 2

    def expect(self, phrases: Mapping[Meaning, Sequence[str]]) -> None:
        self._fail(2)
        super().expect(phrases)

    def feed(self, samples: PcmSamples, *, own_voice: bool = False) -> list[Heard]:
        self._fail(1)
        return super().feed(samples, own_voice=own_voice)

    def _fail(self, at: int) -> None:
        if self.failures == at:
            self.failures -= 1
            raise OSError("a file of the model is gone")


def test_ears_that_fail_begin_anew_and_what_was_wanted_is_wanted_still() -> None:
    ears, said = Failing(), list[Said]()
    listener = Listener(ears, PHRASES, Saying(), said.append)
    listener.expect(frozenset({Meaning.STOP}))
    for _ in range(2):
        with pytest.raises(OSError, match="is gone"):
            listener.take(CHUNK, 100.0)
    assert ears.cleared == 2
    for number in range(3):
        listener.take(CHUNK, 100.1 + number / 10)
    assert [set(phrases) for phrases in ears.expected] == [{Meaning.STOP}]
    assert [one.meaning for one in said] == [Meaning.STOP]


def test_the_ears_are_told_while_our_own_voice_sounds() -> None:
    """And for 0.8 s after: the loop through the room."""
    ears = WordAt(Meaning.STOP, 9.0)
    listen(ears, Saying((100.5, 101.0, "Breathe in.")))
    assert ears.over_own_voice == [round(0.6 + n / 10, 1) for n in range(13)]


def test_what_a_person_says_is_posted_as_a_meaning() -> None:
    assert listen(WordAt(Meaning.SIGNAL, 2.0), Saying()) == [Said(Meaning.SIGNAL)]
    assert listen(WordAt(Meaning.SIGNAL, 2.0, sure=False), Saying()) == [
        Said(Meaning.SIGNAL, sure=False)
    ]


def test_our_own_voice_is_let_pass() -> None:
    speaker = Saying((101.0, 103.0, 'When you hear this, say "here".'))
    assert listen(WordAt(Meaning.HERE, 2.0), speaker) == []


def test_while_it_is_paused_nothing_reaches_the_ears_and_they_forget() -> None:
    ears = WordAt(Meaning.SIGNAL, 0.05)
    posted: list[Said] = []
    listener = Listener(ears, PHRASES, Saying(), posted.append)
    listener.pause()
    listener.take(CHUNK, 100.1)
    assert (ears.cleared, ears.fed, posted) == (1, 0.0, [])
    listener.resume()
    listener.take(CHUNK, 200.1)
    assert posted == [Said(Meaning.SIGNAL)]


class Told:
    """A cleaner that changes nothing and was told whether what is heard is somebody else."""

    def __init__(self, is_other: bool) -> None:
        self.other = is_other
        self.asked: list[tuple[float, float]] = []

    def clean(self, samples: PcmSamples, captured_at: float) -> tuple[PcmSamples, float]:
        return samples, captured_at

    def is_ours(self, start: float, end: float) -> bool:
        return False

    def is_other(self, start: float, end: float) -> bool:
        self.asked.append((start, end))
        return self.other


@pytest.mark.parametrize("is_other", [True, False])
def test_our_word_over_our_voice_is_heard_from_somebody_who_is_surely_another(
    is_other: bool,
) -> None:
    speaker = Saying((101.0, 103.0, 'When you hear this, say "here".'))
    cleaner = Told(is_other)
    posted = listen(WordAt(Meaning.HERE, 2.0), speaker, cleaner=cleaner)
    assert posted == ([Said(Meaning.HERE)] if is_other else [])
    assert cleaner.asked == [pytest.approx((101.6, 102.0))]


class Late(Told):
    """A cleaner that keeps 100 samples for the next chunk."""

    def clean(self, samples: PcmSamples, captured_at: float) -> tuple[PcmSamples, float]:
        late = samples if self.asked else samples[100:]
        self.asked.append((0.0, 0.0))
        return late, captured_at - 100 / 16_000


def test_what_the_cleaner_keeps_does_not_move_our_words() -> None:
    speaker = Saying((101.0, 101.203, "Here."))  # until 0.797 s before the word: 0.8 is near
    assert listen(WordAt(Meaning.HERE, 2.4), speaker, cleaner=Late(False)) == []


def test_another_word_over_our_voice_is_heard() -> None:
    speaker = Saying((101.0, 103.0, "Squeeze both fists."))
    assert listen(WordAt(Meaning.STOP, 2.0), speaker) == [Said(Meaning.STOP)]


def test_our_word_is_only_ours_while_it_sounds() -> None:
    speaker = Saying((90.0, 99.0, "If this feels wrong, say stop."))
    assert listen(WordAt(Meaning.STOP, 2.0), speaker) == [Said(Meaning.STOP)]


def test_the_ears_are_told_what_means_something_now() -> None:
    ears = WordAt(Meaning.STOP, 2.0)
    listen(ears, Saying())
    assert ears.expected == [{Meaning.STOP: ("stop",)}]


def test_a_phrase_must_stand_whole_in_what_we_say() -> None:
    assert holds("You're both here.", "here")
    assert not holds("Where are you?", "here")
    assert not holds("I am not here.", "i'm here")
    assert holds('Say "not now" if I misheard.', "not now")


def test_the_log_does_not_tell_which_signal_it_was(caplog: pytest.LogCaptureFixture) -> None:
    """Each of two people may have a signal of their own."""
    with caplog.at_level("INFO", "calmvoice.listener"):
        for meaning in (Meaning.SIGNAL, Meaning.OTHER_SIGNAL):
            assert listen(WordAt(meaning, 2.0), Saying()) == [Said(meaning)]
    assert {record.getMessage() for record in caplog.records} == {"heard signal"}
