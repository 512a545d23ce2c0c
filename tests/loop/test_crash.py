"""A sample of scripts/bench/crash.py, and that it would notice what must never happen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from crash_findings import Birth, Findings, Reader, Standing
from crashing import BEGAN, Trouble, cut, run

FAILURES = ("lost", "early", "wrong", "crashed")
RETURN = BEGAN + 300


@pytest.fixture(autouse=True)
def no_runtime_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("trouble", "kills"),
    [
        (Trouble("killed"), 16),
        (Trouble("cut", between=cut(("journal.sqlite", "journal.sqlite-wal"))), 12),
        (Trouble("copy cut", between=cut(("promise.copy",))), 4),
        (Trouble("full", file_limit=2048), 6),
    ],
    ids=lambda value: value.name if isinstance(value, Trouble) else "",
)
def test_killed_at_any_moment_the_promise_is_kept(
    tmp_path: Path, trouble: Trouble, kills: int
) -> None:
    found = run(tmp_path, trouble, kills, seed=8)
    assert found.kills == kills
    assert found.promises > 0
    assert {kind: getattr(found, kind) for kind in FAILURES} == dict.fromkeys(FAILURES, 0), (
        found.examples
    )


def judged(*records: dict[str, Any], may_find: Standing = None) -> Findings:
    findings = Findings()
    reader = Reader(findings, {may_find}, Birth(BEGAN, 0.0, 1, 0))
    for record in records:
        reader.take({"wall": BEGAN + 100, "since_boot": 100.0, "real": 0.0, **record})
    return findings


def promise(return_at: float) -> dict[str, Any]:
    return {"return_at": return_at, "moved": 0, "owed": False}


def test_it_notices_a_lost_promise() -> None:
    assert judged({"kind": "found", "promise": None}, may_find=(RETURN, 0, False)).lost == 1
    kept = {"kind": "found", "promise": promise(RETURN)}
    assert judged(kept, may_find=(RETURN, 0, False)).lost == 0


def test_it_notices_an_early_return_and_a_wrong_time() -> None:
    begun = (
        {"kind": "writing", "promise": promise(RETURN)},
        {"kind": "written"},
        {"kind": "told", "role": "bridge.default", "t": RETURN},
    )
    assert judged(*begun) == Findings(write_ms=[0.0])
    early = judged(*begun, {"kind": "shown", "stage": "calling", "t": RETURN})
    assert early.early == 1
    wrong = judged(*begun, {"kind": "told", "role": "time_left.asked", "t": RETURN + 60})
    assert wrong.wrong == 1


def test_it_notices_a_time_that_was_told_before_it_was_written() -> None:
    told = {"kind": "told", "role": "bridge.default", "t": RETURN}
    assert judged(told).wrong == 1
    assert judged({"kind": "writing", "promise": promise(RETURN)}, told).wrong == 1
