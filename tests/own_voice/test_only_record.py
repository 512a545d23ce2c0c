"""Audio never reaches the disk, but by ``calmvoice record``: no other module can take a recording.

That the listening program writes none is shown in tests/loop, with every file it opens listed.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import calmvoice

PACKAGE = Path(calmvoice.__file__).parent
RECORD = "calmvoice/cli/record.py"


def modules() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        yield path.relative_to(PACKAGE.parent).as_posix(), ast.parse(path.read_text("utf-8"))


def imports(tree: ast.Module) -> set[str]:
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom):
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
            names.add(str(node.module))
    return names


def test_only_the_command_takes_a_recording() -> None:
    takers = [name for name, tree in modules() if "calmvoice.own_voice.take" in imports(tree)]
    assert takers == [RECORD]


def test_only_the_command_keeps_one() -> None:
    keepers = [
        name
        for name, tree in modules()
        if {"calmvoice.own_voice.recordings.Recordings", "calmvoice.wiring"} & imports(tree)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr == "keep"
    ]
    assert keepers == [RECORD]


def test_only_what_speaks_writes_sound_files() -> None:
    writers = {name for name, tree in modules() if "calmvoice.sound.write_wav" in imports(tree)}
    assert writers == {
        "calmvoice/cli/tools.py",  # say --out
        "calmvoice/voice/clip_cache.py",
        "calmvoice/own_voice/recordings.py",
    }
