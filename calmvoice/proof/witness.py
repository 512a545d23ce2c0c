"""Watches what this process opens, writes and connects to: between Python and the system.

Rules: an audit hook stays until the process ends, so it is set in one that ends soon; it keeps
names, never contents. What native libraries do by themselves it does not see: ``tracer`` does.
"""

from __future__ import annotations

import ipaddress
import os
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

WRITES = os.O_WRONLY | os.O_RDWR | os.O_APPEND | os.O_CREAT
LOOK_UPS = ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr")
SENDS = ("socket.bind", "socket.connect", "socket.sendto", "socket.sendmsg")


class Deed(Enum):
    """What was done with a name."""

    READ = "read"
    WRITTEN = "written"
    CONNECTED = "connected"  # a socket or an address of this computer's own: no network
    NETWORK = "network"


@dataclass(frozen=True)
class Sight:
    """Something that was seen: a file's or socket's path, or a host."""

    deed: Deed
    name: str


def watch(note: Callable[[Sight], None], *, refuse_network: bool) -> None:
    """Call ``note`` for each thing from now on, on the thread that does it.

    With ``refuse_network`` whatever would reach the network raises ``PermissionError`` in whoever
    tries; a socket that is made and never used (urllib3 does, to know what the system can)
    reaches nothing.
    """

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        sight = seen(event, arguments)
        if sight is None:
            return
        note(sight)
        if sight.deed is Deed.NETWORK and refuse_network:
            raise PermissionError(event)

    sys.addaudithook(hook)


def internet(host: str) -> Deed:
    """Return what it is to use an Internet address: this computer's own lead nowhere."""
    try:
        return Deed.CONNECTED if ipaddress.ip_address(host).is_loopback else Deed.NETWORK
    except ValueError:
        return Deed.NETWORK


def seen(event: str, arguments: tuple[Any, ...]) -> Sight | None:
    """Return what an audit event of Python means, if it is a file or a socket."""
    if event in LOOK_UPS:
        return Sight(Deed.NETWORK, f"{event} {arguments[0]}")
    if event in SENDS:
        name = arguments[1] if len(arguments) > 1 else ""
        if arguments[0].family == socket.AF_UNIX:
            return Sight(Deed.CONNECTED, os.fsdecode(name)) if name else None
        return Sight(internet(str(name[0] if isinstance(name, tuple) else name)), f"{name}")
    if event == "sqlite3.connect" and arguments[0] != ":memory:":
        return Sight(Deed.WRITTEN, os.fsdecode(arguments[0]))
    if event == "open" and isinstance(arguments[0], (str, bytes, os.PathLike)):
        path, mode, flags = arguments
        to_write = bool(isinstance(flags, int) and flags & WRITES)
        to_write = to_write or bool(set(str(mode or "")) & set("wax+"))
        return Sight(Deed.WRITTEN if to_write else Deed.READ, os.fsdecode(path))
    return None
