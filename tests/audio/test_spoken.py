"""Which words were audible when."""

from __future__ import annotations

from calmvoice.audio.playlist import Piece
from calmvoice.audio.spoken import KEPT_SECONDS, SpokenLog
from calmvoice.sound import SPEAKER_RATE, Clip, Cue, silence

BREATHE = Clip(
    silence(4.0),
    (Cue("breathe in", 0, SPEAKER_RATE), Cue("and out", 2 * SPEAKER_RATE, 3 * SPEAKER_RATE)),
)


def log_of(clip: Clip, start: float, block: int = 2048) -> SpokenLog:
    log = SpokenLog()
    for first in range(0, len(clip.sound.samples), block):
        last = min(first + block, len(clip.sound.samples))
        log.add(start + first / SPEAKER_RATE, [Piece(clip, first, last, 0)])
    return log


def test_words_are_audible_from_their_first_to_their_last_sample() -> None:
    log = log_of(BREATHE, 100.0)
    assert log.between(99.0, 99.9) == ()
    assert log.between(100.2, 100.3) == ("breathe in",)
    assert log.between(101.1, 101.9) == ()
    assert log.between(100.9, 102.1) == ("breathe in", "and out")
    assert log.between(102.5, 102.5) == ("and out",)
    assert log.between(103.1, 200.0) == ()


def test_what_was_hushed_was_not_heard() -> None:
    log = log_of(BREATHE, 100.0)
    log.cut(101.0)
    assert log.between(99.0, 200.0) == ("breathe in",)


def test_a_copy_does_not_change() -> None:
    log = log_of(BREATHE, 100.0)
    copy = log.copy()
    log.cut(0.0)
    assert copy.between(100.0, 101.0) == ("breathe in",)


def test_words_are_forgotten_after_a_while() -> None:
    log = log_of(BREATHE, 100.0)
    log.add(104.5 + KEPT_SECONDS, [Piece(BREATHE, 0, 480, 0)])
    assert log.between(100.0, 104.0) == ()
