"""The unit and the shortcut: what is written, and what systemd is asked."""

from __future__ import annotations

import configparser
import json
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from theatre import Home

from calmvoice.supervision import shortcut, unit

ODD = ["/opt/a folder/50%/python", "-m", 'say "$HOME"', "back\\slash"]


def parsed(text: str) -> configparser.ConfigParser:
    read = configparser.ConfigParser(interpolation=None, strict=True)
    read.optionxform = str  # type: ignore[assignment,method-assign] # keys keep their capitals
    read.read_string(text)
    return read


def test_the_unit_keeps_where_the_files_are_and_no_line_breaks_out() -> None:
    text = unit.text(["calmvoice", "a\nExecStart=b"], {"XDG_DATA_HOME": "/my data", "HOME": "/x"})
    assert 'Environment="XDG_DATA_HOME=/my data"\n' in text
    assert "=/x" not in text
    assert [line for line in text.splitlines() if line.startswith("ExecStart=")] == [
        'ExecStart="calmvoice" "a\\nExecStart=b"'
    ]


def test_the_unit_is_watched_and_has_no_network() -> None:
    service = parsed(unit.text(ODD, {}))["Service"]
    assert service["Type"] == "notify"
    assert service["WatchdogSec"] == "30"
    assert service["Restart"] == "on-failure"
    assert service["RestrictAddressFamilies"] == "AF_UNIX"
    assert service["LimitCORE"] == "0"
    started = service["ExecStart"].replace("%%", "%").replace("$$", "$")
    assert shlex.split(started) == ODD


def test_systemd_finds_nothing_wrong_with_it(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("no systemd-analyze here")
    path = tmp_path / unit.NAME
    path.write_text(unit.text([sys.executable, "-m", "calmvoice", "--background"], {}), "utf-8")
    done = subprocess.run(
        ["systemd-analyze", "--user", "verify", str(path)],
        env={**os.environ, "XDG_RUNTIME_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_the_shortcut_asks_for_a_pause() -> None:
    entry = parsed(shortcut.text(ODD))
    main = entry["Desktop Entry"]
    assert main["Exec"].endswith(" pause")
    assert main["Actions"] == "here;stop;"
    for action in ("here", "stop"):
        assert entry[f"Desktop Action {action}"]["Exec"].endswith(f" {action}")
    started = main["Exec"].replace("\\\\", "\\").replace("%%", "%")
    words = subprocess.check_output(["sh", "-c", f"printf '%s\\n' {started}"], text=True)
    assert words.splitlines() == [*ODD, "pause"]  # such a file is quoted as the shell reads it


SYSTEMCTL = """#!/bin/sh
echo "$0 $*" | sed 's,.*/,,' >> "{log}"
case "$*" in
    *is-enabled*) echo enabled ;;
    *is-active*) echo {active}; test {active} = active ;;
    *restart*) test -z "{failure}" || {{ echo "{failure}" >&2; exit 1; }} ;;
esac
"""
LOGINCTL = """#!/bin/sh
echo {linger}
"""


class Machine:
    """A home with a systemd of which only what it is asked matters."""

    def __init__(self, folder: Path) -> None:
        self.home, self.bin, self.log = Home(folder), folder / "bin", folder / "asked"
        self.unit = self.home.settings.parent.parent / "systemd" / "user" / unit.NAME
        self.shortcut = folder / "data" / "applications" / shortcut.NAME
        self.bin.mkdir()
        self.be()

    def be(self, active: str = "active", linger: str = "no", failure: str = "") -> None:
        systemctl = SYSTEMCTL.format(log=self.log, active=active, failure=failure)
        for name, text in (("systemctl", systemctl), ("loginctl", LOGINCTL.format(linger=linger))):
            (self.bin / name).write_text(text)
            (self.bin / name).chmod(0o755)

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        path = f"{self.bin}{os.pathsep}{os.environ['PATH']}"
        return subprocess.run(
            [sys.executable, "-m", "calmvoice", *arguments],
            env={**os.environ, **self.home.variables, "PATH": path},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
            stdin=subprocess.DEVNULL,
        )


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


@pytest.mark.slow
def test_install_status_and_remove(machine: Machine) -> None:
    assert "not installed" in machine.run("service", "status").stdout
    machine.log.unlink()
    installed = machine.run("service", "install")
    assert installed.returncode == 0, installed.stderr
    assert "sudo loginctl enable-linger" in installed.stdout  # explained, and not done
    started = parsed(machine.unit.read_text("utf-8"))["Service"]["ExecStart"]
    assert shlex.split(started) == [sys.executable, "-m", "calmvoice", "--background"]
    assert machine.log.read_text().splitlines()[:3] == [
        "systemctl --user daemon-reload",
        f"systemctl --user enable {unit.NAME}",
        f"systemctl --user restart --no-block {unit.NAME}",
    ]
    assert "enable-linger" not in machine.log.read_text()
    status = json.loads(machine.run("service", "status", "--json").stdout)
    assert status == {"installed": True, "enabled": "enabled", "active": "active", "lingers": False}
    machine.be(active="failed", linger="yes")
    failed = machine.run("service", "status")
    assert failed.returncode == 1
    assert "It is failed" in failed.stdout
    assert "disable-linger" in failed.stdout
    assert machine.run("service", "remove").returncode == 0
    assert f"systemctl --user disable --now {unit.NAME}" in machine.log.read_text()
    assert not machine.unit.exists()


@pytest.mark.slow
def test_other_settings_go_into_the_unit_and_a_refusal_is_told(
    machine: Machine, tmp_path: Path
) -> None:
    other = tmp_path / "a b.toml"
    missing = machine.run("--settings", str(other), "service", "install")
    assert missing.returncode == 1
    assert "there is no such file" in missing.stderr
    other.write_text("")
    machine.be(failure="Failed to connect to bus")
    refused = machine.run("--settings", str(other), "service", "install")
    assert refused.returncode == 1
    assert "Failed to connect to bus" in refused.stderr
    assert not machine.unit.exists()
    machine.be()
    assert machine.run("--settings", str(other), "service", "install").returncode == 0
    assert f'"--settings" "{other}" "--background"' in machine.unit.read_text("utf-8")
    assert machine.run("service", "remove").returncode == 0
    assert not machine.unit.exists()


@pytest.mark.slow
def test_the_shortcut_comes_and_goes(machine: Machine) -> None:
    assert machine.run("service", "shortcut").returncode == 0
    assert "Name=Pause" in machine.shortcut.read_text("utf-8")
    assert machine.run("service", "shortcut", "--remove").returncode == 0
    assert not machine.shortcut.exists()
