"""The guard of the other tests: it refuses what it says, and lists it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from theatre import NO_NETWORK

GUARDED = """
import socket, sys, types
sys.path.insert(0, {folder!r})
cli = types.ModuleType("calmvoice.cli")
def main():
    {do}
cli.main = main
sys.modules["calmvoice.cli"] = cli
sys.argv = ["no_network.py", {written!r}]
import no_network
no_network.main()
"""


@pytest.mark.parametrize(
    ("do", "listed", "refused"),
    [
        ("socket.socket(socket.AF_INET).bind(('127.0.0.1', 0))", True, False),
        ("socket.socket(socket.AF_INET).bind(('0.0.0.0', 0))", True, True),
        ("socket.socket(socket.AF_INET).connect(('192.0.2.1', 9))", True, True),
        (
            "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('192.0.2.1', 9))",
            True,
            True,
        ),
        ("socket.getaddrinfo('localhost', 80)", True, True),
        ("s = socket.socket(socket.AF_UNIX); s.bind({door!r}); s.listen()", False, False),
    ],
)
def test_only_unix_sockets_are_let_through(
    tmp_path: Path, do: str, listed: bool, refused: bool
) -> None:
    written = tmp_path / "written.txt"
    do = do.replace("{door!r}", repr(str(tmp_path / "door")))
    code = GUARDED.format(folder=str(NO_NETWORK.parent), written=str(written), do=do)
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60
    )
    assert ("NETWORK" in written.read_text("utf-8")) == listed
    assert ("PermissionError" in done.stderr) == refused
    assert (done.returncode != 0) == refused, done.stderr
