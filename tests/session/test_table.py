"""The table itself: complete, drawn in the docs, and free of the world."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from calmvoice.meanings import Meaning
from calmvoice.session import diagram
from calmvoice.session.stages import AWAY, Due, Stage
from calmvoice.session.table import MEANINGS, ROWS, TABLE

ROOT = Path(__file__).parents[2]
SPEAKING = AWAY | {Stage.DOUBT, Stage.SLOWING, Stage.CALLING, Stage.REENTRY, Stage.REFLECTING}


def test_no_row_stands_twice() -> None:
    assert len(TABLE) == len(ROWS)


def test_the_diagram_in_the_docs_is_drawn_from_the_table() -> None:
    written = (ROOT / "docs" / "STAGES.md").read_text("utf-8")
    assert written == diagram.document(), "run: python -m calmvoice.session.diagram"


@pytest.mark.parametrize("stage", sorted(SPEAKING, key=str))
def test_stop_works_wherever_something_sounds_or_is_promised(stage: Stage) -> None:
    assert Meaning.STOP in MEANINGS[stage]


@pytest.mark.parametrize("stage", list(Stage))
def test_every_stage_can_be_left_and_every_stage_can_be_reached(stage: Stage) -> None:
    assert any(row.stage is stage and set(row.to) != {stage} for row in ROWS)
    assert any(stage in row.to and row.stage is not stage for row in ROWS)


@pytest.mark.parametrize("stage", sorted(AWAY, key=str))
def test_from_everywhere_apart_there_is_the_return(stage: Stage) -> None:
    assert TABLE[stage, Due.RETURN].to == (Stage.CALLING,)


def test_every_meaning_means_something_somewhere() -> None:
    assert set().union(*MEANINGS.values()) == set(Meaning)


def test_the_session_imports_no_sound_no_clock_no_disk_and_no_thread() -> None:
    allowed = {"__future__", "collections", "dataclasses", "enum", "itertools", "logging", "math"}
    allowed |= {"calmvoice", "typing"}
    core = {"errors", "meanings", "ports", "session"}
    for path in (ROOT / "calmvoice" / "session").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            for name in names:
                parts = name.split(".")
                assert parts[0] in allowed, f"{path.name} imports {name}"
                assert parts[0] != "calmvoice" or parts[1] in core, f"{path.name} imports {name}"
