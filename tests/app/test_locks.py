"""What is installed is pinned with hashes, and pins all that is asked for."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import tomlkit
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PROJECT = tomlkit.parse((ROOT / "pyproject.toml").read_text("utf-8")).unwrap()["project"]
EXTRAS = {"run": ["install"], "test": ["install", "test", "check"]}


def pinned(name: str) -> dict[str, list[str]]:
    """Return the pinned versions of each package; a hash stands with each of them."""
    entries = re.split(r"\n(?=\S)", (ROOT / "requirements" / f"{name}.lock").read_text("utf-8"))
    versions: dict[str, list[str]] = {}
    for entry in filter(None, map(str.strip, entries)):
        package, version = entry.split()[0].split("==")
        assert "--hash=sha256:" in entry, f"{package} has no hash"
        versions.setdefault(canonicalize_name(package), []).append(version)
    return versions


@pytest.mark.parametrize("name", EXTRAS)
def test_all_that_is_asked_for_is_pinned(name: str) -> None:
    versions = pinned(name)
    wanted = list(PROJECT["dependencies"])
    for extra in EXTRAS[name]:
        wanted += PROJECT["optional-dependencies"][extra]
    for text in wanted:
        asked = Requirement(text)
        found = versions.get(canonicalize_name(asked.name), [])
        assert found, f"{asked.name} is not in {name}.lock: run scripts/lock"
        assert all(asked.specifier.contains(version) for version in found), text
