"""What a couple knew when the program was killed, and whether the next start agrees with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from calmvoice.session.stages import Stage


@dataclass(frozen=True)
class Birth:
    """How a life begins: the clock, the seed, and what is broken in it."""

    wall: float
    since_boot: float
    boot: int
    seed: int
    file_limit: int | None = None  # bytes: RLIMIT_FSIZE, a disk that is full
    fault: str = ""  # for the shim: "fsync", "readonly", "full"


@dataclass
class Findings:
    """What the kills showed."""

    kills: int = 0
    promises: int = 0  # times that a promise stood at the kill
    lost: int = 0
    early: int = 0
    wrong: int = 0
    doubted: int = 0  # nothing could be written, and that was said
    crashed: int = 0
    write_ms: list[float] = field(default_factory=list)  # from "it begins to sound" to "on disk"
    stages: dict[str, int] = field(default_factory=dict)
    examples: list[str] = field(default_factory=list)

    def note(self, kind: str, what: str) -> None:
        """Count a failure and keep the first few."""
        setattr(self, kind, getattr(self, kind) + 1)
        if len(self.examples) < 10:
            self.examples.append(f"{kind}: {what}")


Standing = tuple[float, int, bool] | None
"""What a promise says: return, times moved, owed."""


def standing(promise: dict[str, Any] | None) -> Standing:
    """Return what a promise says; None for none."""
    return (promise["return_at"], promise["moved"], promise["owed"]) if promise else None


class Reader:
    """Follows the pipe of one life and judges it."""

    def __init__(self, findings: Findings, may_find: set[Standing], birth: Birth) -> None:
        self.may_find = may_find  # what may be on the disk now
        self.stage = Stage.LISTENING.value
        self.wall, self.since_boot = birth.wall, birth.since_boot
        self._findings = findings
        self._pending: Standing = None
        self._unkept = False
        self._began = 0.0

    def take(self, record: dict[str, Any]) -> None:
        """Take in one line of the pipe."""
        self.wall, self.since_boot = record["wall"], record["since_boot"]
        match record["kind"]:
            case "found":
                self._found(standing(record["promise"]))
            case "writing":
                self._began = record["real"]
                self._pending = standing(record["promise"])
                self.may_find = {*self.may_find, self._pending}
            case "written":
                self.may_find, self._unkept = {self._pending}, False
                self._findings.write_ms.append(1000 * (record["real"] - self._began))
            case "unkept":
                self._unkept = True
            case "told":
                self._told(record["role"], record["t"])
            case "shown":
                self._shown(record["stage"], record["t"])
            case "ended":
                self._findings.note("crashed", record["failure"])

    def _found(self, found: Standing) -> None:
        if found not in self.may_find:
            self._findings.note("lost", f"found {found}, expected {self.may_find}")
        self.may_find = {found}

    def _told(self, role: str, t: float | None) -> None:
        if t is not None:
            self._stands(t, role)

    def _shown(self, stage: str, t: float | None) -> None:
        if stage == Stage.CALLING.value != self.stage and t is not None and self.wall < t:
            self._findings.note("early", f"called at {self.wall}, promised {t}")
        self.stage = stage
        if t is not None:
            self._stands(t, stage)

    def _stands(self, t: float, where: str) -> None:
        """A time was told: it must be the one that is on the disk."""
        on_disk = {entry[0] for entry in self.may_find if entry is not None}
        if on_disk == {t} and len(self.may_find) == 1:
            return
        if self._unkept:
            self._findings.doubted += 1
        else:
            self._findings.note("wrong", f"{where} told {t}, the disk may have {on_disk}")
