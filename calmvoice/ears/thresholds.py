"""How much evidence a phrase needs (natural logarithms, see ``evidence``)."""

from __future__ import annotations

from collections.abc import Sequence

SURE = 6.0
UNSURE = 3.0


def sure_score(phrase: str, units: Sequence[int]) -> float:
    return SURE


def unsure_score(phrase: str, units: Sequence[int]) -> float:
    return UNSURE
