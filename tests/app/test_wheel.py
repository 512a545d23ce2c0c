"""The built wheel is whole: it carries the model and runs where there is no checkout."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from theatre import Home

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
def test_the_wheel_carries_the_model_and_the_words(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path)]
    subprocess.run([*build, str(ROOT)], check=True, capture_output=True, timeout=300)
    (wheel,) = tmp_path.glob("*.whl")
    installed = tmp_path / "installed"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(installed)
    assert not [*installed.rglob("recipe")], "the recipe is for those who train"
    model = installed / "calmvoice" / "models" / "calmvoice-en"
    for line in (model / "SHA256SUMS").read_text("utf-8").splitlines():
        expected, name = line.split(maxsplit=1)
        assert hashlib.sha256((model / name).read_bytes()).hexdigest() == expected, name
    home = Home(tmp_path / "home")
    done = subprocess.run(
        [sys.executable, "-m", "calmvoice", "phrases", "check", "purple window"],
        cwd=tmp_path,
        env={**os.environ, **home.variables, "PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.stdout.startswith('"purple window" can be heard.\n'), done.stderr
    where = subprocess.run(
        [sys.executable, "-c", "import calmvoice; print(calmvoice.__file__)"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert where.stdout.startswith(str(installed))
