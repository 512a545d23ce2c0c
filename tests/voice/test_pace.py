"""Falling ends, counted words and syllables, and the one correction of the pace."""

from __future__ import annotations

import numpy as np
import pytest

from calmvoice.sound import Sound
from calmvoice.voice.pace import count_syllables, count_words, paced, with_falling_end


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ("Ten more, or twenty?", "Ten more, or twenty."),
        ("Enough for tonight? Say one thing.", "Enough for tonight. Say one thing."),
        ('Try: "Could you stay?"', 'Try: "Could you stay."'),
        ("When it got loud, I felt…", "When it got loud, I felt."),
        ("Back at seven forty", "Back at seven forty."),
        ("In… and out.", "In… and out."),
        ("Really?!", "Really."),
    ],
)
def test_every_sentence_reaches_the_engine_with_a_full_stop(text: str, given: str) -> None:
    assert with_falling_end(text) == given


def test_words_and_syllables_are_counted() -> None:
    assert count_words("It's 7:40, don't worn-out us!") == 6
    assert count_syllables("You two are the team.") == pytest.approx(5, abs=1)
    assert count_syllables("Nobody is leaving.") == pytest.approx(6, abs=1)


class Talker:
    """An engine that takes 60 / (rate times ``speed``) seconds a word, and notes its rates."""

    def __init__(self, words: int, speed: float) -> None:
        self._words, self._speed = words, speed
        self.rates: list[float] = []

    def speak(self, rate: float) -> Sound:
        self.rates.append(rate)
        seconds = 60 * self._words / (rate * self._speed)
        return Sound(np.ones(round(seconds * 16_000), np.float32), 16_000)


@pytest.mark.parametrize(
    ("text", "speed", "rates"),
    [
        ("One two three four.", 1.0, [100]),
        ("One two three four.", 1.05, [100]),
        ("One two three four.", 1.5, [100, 70.7]),
        ("One two three four.", 0.5, [100, 188]),
        ("One two three four.", 4.0, [100, 60]),
        ("Pause.", 4.0, [100]),
        ("In… two… three… four.", 0.4, [100]),
    ],
)
def test_a_pace_missed_is_corrected_once(text: str, speed: float, rates: list[float]) -> None:
    talker = Talker(count_words(text), speed)
    paced(talker.speak, text, 100, 100, (60, 300))
    assert talker.rates == pytest.approx(rates, rel=0.01)
