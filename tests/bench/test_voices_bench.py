"""How the benchmark of the voices counts words, draws its intervals and measures a process."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import voices

from calmvoice.errors import VoiceError
from calmvoice.sound import read_wav
from calmvoice.voice.levels import loudness


@pytest.mark.parametrize(
    ("heard", "count"),
    [
        ("nobody is leaving", 3),
        ("nobody leaving", 2),
        ("no body is believing", 1),
        ("leaving is nobody", 1),
        ("nobody nobody is is leaving now", 3),
        ("", 0),
    ],
)
def test_words_count_in_their_order(heard: str, count: int) -> None:
    assert voices.hits(["nobody", "is", "leaving"], heard.split()) == count


def test_the_interval_holds_the_share_and_narrows_with_more_sentences() -> None:
    few, many = np.array([(3, 4), (1, 4), (4, 4)]), np.array([(3, 4), (1, 4), (4, 4)] * 30)
    right, low, high = voices.share(few)
    assert right == pytest.approx(8 / 12)
    assert low < right < high
    assert voices.share(many)[2] - voices.share(many)[1] < (high - low) / 2


def test_all_voices_say_the_same_sentences_some_with_times() -> None:
    texts = voices.sentences(20)
    assert texts == voices.sentences(20)
    assert len(set(texts)) == 20
    assert sum(text.startswith("Back here at") for text in texts) == len(voices.TIMES)


def test_a_voice_is_rendered_and_measured(tmp_path: Path) -> None:
    rendered = voices.render("pico", tmp_path, ["Nobody is leaving.", "We meet at eight."])
    assert rendered.first_seconds > 0
    assert rendered.each_seconds > 0
    assert [round(loudness(read_wav(Path(file)))) for file in rendered.files] == [-23, -23]
    assert 5 < voices.disk_mb("pico") < 50
    with pytest.raises(VoiceError, match="no voice engine 'siren'"):
        voices.settings_for("siren")


def test_the_table_begins_with_the_best_understood() -> None:
    rows = [
        voices.Row(name, 100, right, right - 0.1, right + 0.1, 125.0, 0.5, 0.1, 20.0, 60.0)
        for name, right in (("a/one", 0.4), ("b/two", 0.7))
    ]
    assert [line.split()[0] for line in voices.table(rows).splitlines()] == [
        "voice",
        "b/two",
        "a/one",
    ]
