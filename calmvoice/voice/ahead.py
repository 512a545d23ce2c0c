"""How long it will take to prepare what is missing: a few sentences are made, the rest reckoned."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from calmvoice.voice.studio import Studio

SAMPLES = 4  # sentences; both workers are busy, and an engine's start weighs little


def seconds_ahead(studio: Studio, texts: Sequence[str], steady: Callable[[], float]) -> float:
    """Return about how many seconds the rest will take; raises ``VoiceError``.

    ``steady`` gives a time in seconds. What is made for it is kept like any other clip.
    """
    missing = [text for text in dict.fromkeys(texts) if not studio.ready(text)]
    if not missing:
        return 0.0
    studio.prepare(missing[:1], _ignore)  # an engine that has to be loaded is loaded now
    sample = missing[1 :: max(1, len(missing) // SAMPLES)][:SAMPLES]
    began = steady()
    studio.prepare(sample, _ignore)
    letters = sum(map(len, missing[1:]))
    share = sum(map(len, sample)) / letters if letters else 1.0
    return (steady() - began) * (1.0 - share) / share if share else 0.0


def _ignore(_done: int, _of: int) -> None:
    pass
