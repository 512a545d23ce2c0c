"""What the session knows of a microphone that was lost."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Loss:
    """Since when nothing is heard (None: all is well), and when that was last said; steady time.

    ``told`` says that this loss has had its moment, said or not.
    """

    since: float | None = None
    said_at: float | None = None
    told: bool = False
