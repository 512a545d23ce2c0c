"""Spoiled files: a correct run or a clear error, never a traceback, never a promise lost silently.

Some hundred of the cases that scripts/bench/mutate.py tries; a case is told by its seed.
"""

from __future__ import annotations

import random
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mutations import Door, Fault, LostPromiseError, attempt, doors, mutated

with tempfile.TemporaryDirectory() as folder:
    NAMES = [door.name for door in doors(Path(folder))]


@pytest.fixture(scope="module")
def kinds(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Door]:
    return {door.name: door for door in doors(tmp_path_factory.mktemp("good"))}


@pytest.mark.parametrize("name", NAMES)
def test_a_good_file_is_used(name: str, kinds: dict[str, Door], tmp_path: Path) -> None:
    path = tmp_path / "good.toml"
    path.write_bytes(kinds[name].good)
    assert kinds[name].enter(path)


@pytest.mark.parametrize("name", NAMES)
def test_a_spoiled_file_is_used_or_refused(
    name: str, kinds: dict[str, Door], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("spoiled")
    door = kinds[name]

    @settings(max_examples=2 * door.share + 10, deadline=None)
    @given(seed=st.integers(0, 2**32))
    def spoil(seed: int) -> None:
        end = attempt(door, seed, folder)
        assert not isinstance(end, Fault), end

    spoil()


def test_an_accident_changes_something() -> None:
    good = b"a = 1\nb = 2\n" * 50
    same = sum(mutated(good, random.Random(seed)) == good for seed in range(300))
    assert same < 30


def test_a_fault_is_found(tmp_path: Path) -> None:
    """The door of a program that loses promises, and that of one that falls over."""

    def loses(path: Path) -> bool:
        if path.exists():
            raise LostPromiseError
        return True

    def falls(path: Path) -> bool:
        return bool(path.read_text("ascii")[9])

    for door in (Door("a", b"content", loses, 1), Door("b", b"\xff", falls, 1)):
        assert isinstance(attempt(door, 1, tmp_path), Fault)
