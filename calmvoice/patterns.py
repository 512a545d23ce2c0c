"""What one breath is, in seconds, and what no breath may be. Pure numbers.

Rules: the limits are EVIDENCE's (contraindication lists); a breath outside them cannot be built.
A pattern is written as its seconds: "4-6" in and out, "4-2-6" with a hold between them, "4-4-4-4"
with a rest after them; a few have a name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

SHORTEST_BREATH_SECONDS = 8.0
LONGEST_HOLD_SECONDS = 7.0
IN_SECONDS = (2.0, 8.0)
OUT_SECONDS = (2.0, 12.0)


class Part(Enum):
    """What is done in a part of a breath, in the order of a breath."""

    IN = "in"
    MORE = "more"  # the second breath in of a sigh
    HOLD = "hold"
    OUT = "out"
    REST = "rest"


@dataclass(frozen=True)
class Breath:
    """One breath; a part of 0 seconds is not there. Raises ``ValueError`` outside the limits."""

    in_seconds: float = 4.0
    out_seconds: float = 6.0
    hold_seconds: float = 0.0
    rest_seconds: float = 0.0
    more_seconds: float = 0.0

    def __post_init__(self) -> None:
        """Check the limits."""
        for name, seconds, (low, high) in (
            ("breathing in", self.in_seconds, IN_SECONDS),
            ("breathing out", self.out_seconds, OUT_SECONDS),
        ):
            if not low <= seconds <= high:
                raise ValueError(f"{name} for {seconds:g} seconds: it must be {low:g} to {high:g}")
        for seconds in (self.hold_seconds, self.rest_seconds):
            if not 0 <= seconds <= LONGEST_HOLD_SECONDS:
                raise ValueError(
                    f"a hold of {seconds:g} seconds: the most is {LONGEST_HOLD_SECONDS:g}"
                )
        if self.seconds < SHORTEST_BREATH_SECONDS:
            raise ValueError(
                f"a breath of {self.seconds:g} seconds: "
                f"it must not be shorter than {SHORTEST_BREATH_SECONDS:g} seconds"
            )

    @property
    def seconds(self) -> float:
        """The whole breath."""
        return sum(seconds for _, seconds in self._all)

    @property
    def holds(self) -> bool:
        """Whether the breath is held anywhere: only for those who ask for it."""
        return self.hold_seconds > 0 or self.rest_seconds > 0

    @property
    def parts(self) -> tuple[tuple[Part, float, float], ...]:
        """Each part that is there, with its begin in the breath and its length."""
        found: list[tuple[Part, float, float]] = []
        begin = 0.0
        for part, seconds in self._all:
            if seconds > 0:
                found.append((part, begin, seconds))
            begin += seconds
        return tuple(found)

    @property
    def _all(self) -> tuple[tuple[Part, float], ...]:
        return (
            (Part.IN, self.in_seconds),
            (Part.MORE, self.more_seconds),
            (Part.HOLD, self.hold_seconds),
            (Part.OUT, self.out_seconds),
            (Part.REST, self.rest_seconds),
        )


NAMED = {
    "4-6": Breath(),  # EVIDENCE: exhale
    "5.5-5.5": Breath(5.5, 5.5),  # EVIDENCE: counter-finding
    "box": Breath(4.0, 4.0, hold_seconds=4.0, rest_seconds=4.0),
    "4-7-8": Breath(4.0, 8.0, hold_seconds=7.0),
}
SIGH = Breath(2.5, 7.0, more_seconds=3.0)  # EVIDENCE: cyclic sigh; 3 s is what its words need
TOGETHER = Breath()  # the one breath when they meet again, whatever they breathe apart


def parse(text: str) -> Breath:
    """Read a pattern; raises ``ValueError`` that says what is wrong with it."""
    plain = text.strip().lower()
    if plain in NAMED:
        return NAMED[plain]
    parts = re.split(r"\s*[-–/]\s*", plain)
    if not 2 <= len(parts) <= 4 or not all(re.fullmatch(r"\d{1,2}(\.\d{1,3})?", p) for p in parts):
        raise ValueError(
            f"{text!r} is no pattern; there are {', '.join(NAMED)}, "
            'or seconds of your own: "in-out", "in-hold-out" or "in-hold-out-rest"'
        )
    seconds = [float(part) for part in parts]
    if len(seconds) == 2:
        return Breath(seconds[0], seconds[1])
    return Breath(seconds[0], seconds[2], seconds[1], seconds[3] if len(seconds) > 3 else 0.0)


def require_asked_for(text: str, holds: bool) -> None:
    """Raise ``ValueError`` for a pattern that holds the breath where nobody asked for holds."""
    if parse(text).holds and not holds:
        raise ValueError(
            f"{text!r} holds the breath, which is not for everybody (not with heart or lung "
            "trouble, in pregnancy, or in panic); if you both want it, write holds = true"
        )
