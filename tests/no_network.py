"""Runs CalmVoice with every network socket refused, and lists each file it opens for writing.

``python no_network.py WRITTEN.txt ARGUMENTS…``: it stands between Python and the system (an audit
hook), so that a library which only looks up a name is seen too. Unix sockets are no network; a
socket that is made and never used (urllib3 does, to know what the system can) reaches nothing.
"""

from __future__ import annotations

import os
import socket
import sys
from typing import Any

WRITES = os.O_WRONLY | os.O_RDWR | os.O_APPEND | os.O_CREAT

REACHES = ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr")
SENDS = ("socket.connect", "socket.sendto", "socket.sendmsg")


def main() -> None:
    written = os.open(sys.argv.pop(1), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        if event in REACHES or (event in SENDS and arguments[0].family != socket.AF_UNIX):
            os.write(written, f"NETWORK {event}\n".encode())
            raise PermissionError(event)
        if event == "open":
            path, mode, flags = arguments
            to_write = isinstance(flags, int) and flags & WRITES
            if to_write or (mode and set(str(mode)) & set("wax+")):
                os.write(written, f"{path}\n".encode())
        if event == "sqlite3.connect":
            os.write(written, f"{arguments[0]}\n".encode())

    sys.addaudithook(watch)
    from calmvoice.cli import main as run

    run()


if __name__ == "__main__":
    main()
