"""How long preparing will take is foretold from a few sentences, and nothing is made twice."""

from __future__ import annotations

from pathlib import Path

import pytest
from engines import ToneVoice

from calmvoice.sound import Sound
from calmvoice.voice.ahead import SAMPLES, seconds_ahead
from calmvoice.voice.studio import Studio


class SlowVoice(ToneVoice):
    """A voice that takes a second of its own clock a letter, and ten to begin with."""

    steady = 0.0

    def render(self, text: str) -> Sound:
        with self._lock:
            self.steady += len(text) + (0 if self.rendered else 10)
        return super().render(text)


def test_the_rest_is_reckoned_from_a_few(tmp_path: Path) -> None:
    voice = SlowVoice()
    studio = Studio(voice, tmp_path)
    texts = [f"{'word ' * (n % 7 + 1)}{n}." for n in range(60)]
    foretold = seconds_ahead(studio, texts, lambda: voice.steady)
    assert len(voice.rendered) == SAMPLES + 1
    before = voice.steady
    studio.prepare(texts, lambda _done, _of: None)
    assert foretold == pytest.approx(voice.steady - before, rel=0.05)
    assert seconds_ahead(studio, texts, lambda: voice.steady) == 0
    assert sorted(voice.rendered) == sorted(texts)


def test_one_missing_sentence_is_simply_made(tmp_path: Path) -> None:
    voice = SlowVoice()
    assert seconds_ahead(Studio(voice, tmp_path), ["one"], lambda: voice.steady) == 0
    assert voice.rendered == ["one"]
