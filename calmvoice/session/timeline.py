"""The session's own time: counted since the computer was switched on, which nobody can set.

Rules:
1. While no promise runs, the wall clock is followed.
2. While one runs, time goes on by the clock that counts since the computer was switched on. What
   the wall clock says beside it is a claim, and ``moves/clock.py`` decides whether it is taken.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from calmvoice.ports import Now, Trust


@dataclass(frozen=True)
class Timeline:
    """Wall time as the session counts it: seconds since boot plus ``offset``.

    ``trust`` is how far the clock could be believed that the offset was taken from; ``told`` says
    that it came from a person's watch.
    """

    offset: float
    trust: Trust
    told: bool = False

    def reading(self, now: Now) -> Now:
        """Return the reading with the session's own wall time in it."""
        return replace(now, wall=now.since_boot + self.offset)

    def ahead(self, now: Now) -> float:
        """Return how much the computer's wall clock is ahead of the session's time."""
        return now.wall - now.since_boot - self.offset


FOLLOWING = Timeline(0.0, Trust.NEVER_SET)
"""Before the first reading."""


def following(now: Now) -> Timeline:
    """Return the time as the wall clock tells it."""
    return Timeline(now.wall - now.since_boot, now.trust)
