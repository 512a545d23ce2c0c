"""What the system itself saw of a process and its children: strace, where it is installed.

Rules: names of files and sockets only; ``-s 0`` keeps every content out of its log.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

from calmvoice.proof.witness import Deed, Sight, internet

CALLS = "open,openat,creat,connect,bind,sendto,sendmsg"
_OPEN = re.compile(
    r"\b(?:open|openat|creat)\((?:(?:AT_FDCWD|\d+)(?:<(?P<folder>[^>]*)>)?, )?"
    r'"(?P<path>(?:[^"\\]|\\.)*)"(?:, (?P<flags>[A-Z_|]+))?'
)
_SOCKET = re.compile(r"\b(?:connect|bind|sendto|sendmsg)\(.*?sa_family=(?P<family>AF_\w+)")
_UNIX_PATH = re.compile(r'sun_path=@?"(?P<path>[^"]*)"')
_ADDRESS = re.compile(r'(?:inet_addr\(|inet_pton\(AF_INET6, )"(?P<host>[^"]*)"')
_PORT = re.compile(r"htons\((?P<port>\d+)\)")
LOCAL = ("AF_UNIX", "AF_NETLINK")  # netlink asks the kernel about itself


def command(log: Path) -> list[str]:
    """Return what to put before a command line to have it traced; empty where that cannot be."""
    found = shutil.which("strace")
    if found is None:
        return []
    tried = subprocess.run(
        [found, "-qq", "-o", os.devnull, "true"], capture_output=True, check=False
    )
    if tried.returncode != 0:  # a container may forbid it
        return []
    return [found, "-f", "-qq", "-y", "-s", "0", "-e", f"trace={CALLS}", "-o", str(log)]


def sights(log: str) -> list[Sight]:
    """Return what a log of strace tells, without what was tried and failed, each thing once."""
    found = dict.fromkeys(
        sight
        for line in log.splitlines()
        if not re.search(r"= -1 E(?!INPROGRESS)", line)
        for sight in [_sight(line)]
        if sight is not None
    )
    return list(found)


def _sight(line: str) -> Sight | None:
    if opened := _OPEN.search(line):
        path = Path(opened["folder"] or "") / opened["path"]
        flags = opened["flags"] or ""
        to_write = "creat(" in line or any(way in flags for way in ("WRONLY", "RDWR", "CREAT"))
        return Sight(Deed.WRITTEN if to_write else Deed.READ, str(path))
    if used := _SOCKET.search(line):
        if used["family"] in LOCAL:
            named = _UNIX_PATH.search(line)
            return Sight(Deed.CONNECTED, named["path"]) if named and named["path"] else None
        address, port = _ADDRESS.search(line), _PORT.search(line)
        host = address["host"] if address else used["family"]
        return Sight(internet(host), f"{host} port {port['port'] if port else 'unknown'}")
    return None
