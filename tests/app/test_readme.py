"""The README's terminal session is executed; what it promises about files and scripts is there."""

from __future__ import annotations

import doctest
import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest
from theatre import Home

from calmvoice import language, routine_file
from calmvoice.cli import cli
from calmvoice.sentences import sentences

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


def command_named(name: str) -> click.Command:
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    return command


def test_the_first_time_is_told_in_commands_and_words_that_there_are() -> None:
    (told,) = re.findall(r"```text\n(\$ scripts/run init\n.*?)```", README, re.DOTALL)
    commands = re.findall(r"^\$ scripts/run (.*)", told, re.MULTILINE)
    assert [command.split()[0] for command in commands] == ["init", "rehearse"]
    for command in commands:
        name, *options = command.split()
        known = {option for param in command_named(name).params for option in param.opts}
        assert set(options) <= known
    lines = language.load("en").lines
    asked = re.findall(r"^\d+/\d+ (.*?) \[", told, re.MULTILINE)
    assert len(asked) >= 3
    for question in asked:
        assert any(question in lines[role] for role in lines if role.startswith("ask.")), question
    own = {"{signal}": "purple window", "{bid}": "a squeeze of the hand"}
    said = {
        sentence
        for group in lines.values()
        for line in group
        for sentence in sentences(re.sub(r"\{\w+\}", lambda field: own.get(field[0], ""), line))
    }
    for line in told.splitlines():
        if line.endswith(".") and not line.startswith(("[", "…")) and "(" not in line:
            assert said & set(sentences(line)), line


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
