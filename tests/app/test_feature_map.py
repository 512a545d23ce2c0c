"""Each feature has code, words and a test that are really there; what has none is counted."""

from __future__ import annotations

import ast
import importlib
import importlib.util
from functools import cache
from pathlib import Path

import pytest
from feature_map import BUILT, NOT_YET, Feature, path_of, table

from calmvoice import language

ROOT = Path(__file__).parents[2]
ROWS = 60


def test_all_sixty_are_there_once_and_what_is_not_built_is_known() -> None:
    built = [feature.number for feature in BUILT]
    assert sorted([*built, *NOT_YET]) == list(range(1, ROWS + 1))
    assert built == sorted(built)


def test_what_is_not_yet_built_is_exactly_this() -> None:
    """Whoever builds one of these moves it in ``feature_map``, and takes it out here."""
    assert sorted(NOT_YET) == []


@pytest.mark.parametrize("feature", BUILT, ids=lambda feature: str(feature.number))
def test_it_has_code_words_and_a_test(feature: Feature) -> None:
    assert feature.code
    assert feature.lines
    assert feature.tests
    for name in feature.code:
        assert found(f"calmvoice.{name}"), f"{name} is not there"
    spoken = language.load("en").lines
    for role in feature.lines:
        assert role in spoken, f"no line for {role}"
    for name in feature.tests:
        file, _, function = path_of(name).partition("::")
        assert function in functions(ROOT / file), f"{file} has no {function}"


def test_the_table_in_the_docs_is_drawn_from_it() -> None:
    drawn = "\n".join(table()) + "\n"
    assert (ROOT / "docs" / "FEATURES.md").read_text("utf-8") == drawn


@pytest.mark.parametrize("name", ["calmvoice.nothing", "calmvoice.wiring.nothing", "calmvoice.x.y"])
def test_what_is_not_there_is_not_found(name: str) -> None:
    assert not found(name)


def found(name: str) -> bool:
    """Say whether a dotted name is a module, or something in one."""
    module, _, last = name.rpartition(".")
    try:
        if importlib.util.find_spec(name) is not None:
            return True
    except ModuleNotFoundError:
        pass  # the last name is no module of a package
    try:
        return hasattr(importlib.import_module(module), last)
    except ModuleNotFoundError:
        return False


@cache
def functions(file: Path) -> frozenset[str]:
    tree = ast.parse(file.read_text("utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))
