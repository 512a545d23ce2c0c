"""Every spoken line in the real voice: at the pace of a calm person."""

from __future__ import annotations

import statistics
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from calmvoice import wiring
from calmvoice.clock_words import number
from calmvoice.language import PhrasePack
from calmvoice.roles import UNSPOKEN
from calmvoice.sentences import sentences
from calmvoice.settings import Settings
from calmvoice.sound import SPEAKER_RATE
from calmvoice.voice.pace import FEWEST_WORDS, count_words
from calmvoice.voice.studio import Studio

pytestmark = pytest.mark.slow  # the real voice; what holds no time is in the cache of all tests

SLOWEST, FASTEST = 110, 140  # words a minute (EVIDENCE)
FILLED = {
    **{"signal": "yellow light", "meaning": "We are pressing pause, not walking away."},
    **{"event": "food first, then us", "bid": "a squeeze of the hand", "ritual": "a hug"},
    **{"promise": "Whoever waits lets the time be.", "enough": "sitting side by side"},
}


def spoken(pack: PhrasePack) -> list[str]:
    """Return all sentences a pause can speak that are long enough to have a pace."""
    values = {**FILLED, "n": number(20), "t": pack.speller(12)(19, 40), "value": "this"}
    lines = [
        line
        for role in pack.lines
        if not role.startswith(UNSPOKEN)
        for line in pack.fill(role, values)
    ]
    found = dict.fromkeys(sentence for line in lines for sentence in sentences(line))
    return [s for s in found if count_words(s) >= FEWEST_WORDS and "…" not in s]


def test_every_line_is_spoken_at_110_to_140_words_a_minute(voice_cache: Path) -> None:
    settings = Settings()
    studio = Studio(wiring.voice(settings), voice_cache / "calmvoice" / "voice")
    texts = spoken(wiring.pack(settings))
    with ThreadPoolExecutor(2) as pool:
        paces = dict(zip(texts, pool.map(lambda text: pace(studio, text), texts), strict=True))
    off = {text: round(p) for text, p in paces.items() if not SLOWEST <= p <= FASTEST}
    assert not off
    assert len(paces) > 100
    assert 118 <= statistics.median(paces.values()) <= 132


def pace(studio: Studio, text: str) -> float:
    """Count words over the seconds from the first to the last sound."""
    (cue,) = studio.clip(text).cues
    return 60 * count_words(text) / ((cue.end - cue.start) / SPEAKER_RATE)
