"""What the ears heard goes into the inbox, unless we said it ourselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from calmvoice.listener import Listener, holds
from calmvoice.meanings import Meaning
from calmvoice.ports import Heard
from calmvoice.session.events import Said
from calmvoice.sound import PcmSamples

PHRASES = {
    Meaning.SIGNAL: ("yellow light",),
    Meaning.STOP: ("stop",),
    Meaning.HERE: ("here", "i'm here"),
}
CHUNK: PcmSamples = np.zeros(1600, np.int16)


class WordAt:
    """Ears that find one meaning in the chunk that reaches a second of audio."""

    def __init__(self, meaning: Meaning, at_seconds: float, sure: bool = True) -> None:
        self.meaning, self.at_seconds, self.sure = meaning, at_seconds, sure
        self.fed = 0.0
        self.expected: list[Mapping[Meaning, Sequence[str]]] = []

    def expect(self, phrases: Mapping[Meaning, Sequence[str]]) -> None:
        self.expected.append(phrases)

    def feed(self, samples: PcmSamples) -> list[Heard]:
        before, self.fed = self.fed, self.fed + len(samples) / 16_000
        if not before < self.at_seconds <= self.fed:
            return []
        return [Heard(self.meaning, self.at_seconds - 0.4, self.at_seconds, self.fed, self.sure)]


class Saying:
    """A loudspeaker of which only what it says when matters: texts with steady times."""

    def __init__(self, *said: tuple[float, float, str]) -> None:
        self.said = said

    def spoken(self, start: float, end: float) -> tuple[str, ...]:
        return tuple(text for a, b, text in self.said if a < end and b > start)


def listen(ears: WordAt, speaker: Saying, chunks: int = 30) -> list[Said]:
    """Feed three seconds whose first sample was captured at steady second 100."""
    posted: list[Said] = []
    listener = Listener(ears, PHRASES, speaker, posted.append)
    listener.expect(frozenset({Meaning.STOP}))
    for n in range(chunks):
        listener.take(CHUNK, 100 + (n + 1) * 0.1)
    return posted


def test_what_a_person_says_is_posted_as_a_meaning() -> None:
    assert listen(WordAt(Meaning.SIGNAL, 2.0), Saying()) == [Said(Meaning.SIGNAL)]
    assert listen(WordAt(Meaning.SIGNAL, 2.0, sure=False), Saying()) == [
        Said(Meaning.SIGNAL, sure=False)
    ]


def test_our_own_voice_is_let_pass() -> None:
    speaker = Saying((101.0, 103.0, 'When you hear this, say "here".'))
    assert listen(WordAt(Meaning.HERE, 2.0), speaker) == []


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
