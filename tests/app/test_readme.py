"""The README's terminal session is executed; what it promises about files and scripts is there."""

from __future__ import annotations

import doctest
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from theatre import Home

from calmvoice import language, routine_file

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")

pytestmark = pytest.mark.slow  # each starts the program anew


def session() -> list[tuple[str, str]]:
    """Return the commands of the console blocks and what they print."""
    steps = []
    for block in re.findall(r"```console\n(.*?)```", README, re.DOTALL):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            steps.append((command, output))
    return steps


def test_the_terminal_session_runs_as_it_stands(tmp_path: Path) -> None:
    home = Home(tmp_path)
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    steps = session()
    assert len(steps) >= 6
    for command, expected in steps:
        done = subprocess.run(
            command,
            shell=True,
            cwd=tmp_path,
            env={**os.environ, **home.variables, "PATH": path},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        same = doctest.OutputChecker().check_output(
            expected, done.stdout, doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
        )
        assert same, f"$ {command}\n{done.stdout}{done.stderr}\nexpected:\n{expected}"


def test_the_routine_in_it_is_one(tmp_path: Path) -> None:
    (text,) = re.findall(r"```toml\n(.*?)```", README, re.DOTALL)
    path = tmp_path / "ours.toml"
    path.write_text(text, "utf-8")
    file = routine_file.read(str(path))
    assert file.faults == routine_file.wording_faults(file, language.load("en")) == ()


def test_the_files_and_scripts_it_names_are_there() -> None:
    for name in re.findall(r"\]\(([\w/.]+)\)", README):
        assert (ROOT / name).exists(), name
    for name in re.findall(r"`(scripts/[\w/.]+)", README):
        assert os.access(ROOT / name, os.X_OK), f"{name} is not an executable script"


def test_the_two_commands_are_the_first_two() -> None:
    assert re.findall(r"```sh\n(.*?)\n```", README, re.DOTALL)[:2] == [
        "scripts/run",
        "scripts/test",
    ]
