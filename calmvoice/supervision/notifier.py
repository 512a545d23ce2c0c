"""Tells systemd how the service is: datagrams to the address in ``NOTIFY_SOCKET`` (sd_notify(3)).

A few lines of our own: the libraries for it have not been touched for years or want a compiler.
"""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Mapping

MICROSECONDS = 1_000_000


class Notifier:
    """Sends states to one address; never waits, and a state that nobody takes is let go."""

    def __init__(self, address: str) -> None:
        self._address = "\0" + address[1:] if address.startswith("@") else address
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.setblocking(False)

    def send(self, state: str) -> None:
        """Send a state such as ``READY=1``."""
        with contextlib.suppress(OSError):
            self._socket.sendto(state.encode(), self._address)

    def close(self) -> None:
        """Let go of the socket."""
        self._socket.close()


def from_environment(variables: Mapping[str, str] = os.environ) -> Notifier | None:
    """Return a notifier if something wants to be told."""
    address = variables.get("NOTIFY_SOCKET", "")
    return Notifier(address) if address[:1] in {"/", "@"} else None


def watchdog_seconds(variables: Mapping[str, str] = os.environ) -> float:
    """Return how long systemd waits for a beat before it kills; 0 if it does not."""
    microseconds, process = variables.get("WATCHDOG_USEC", ""), variables.get("WATCHDOG_PID")
    if not microseconds.isdigit() or process not in (None, str(os.getpid())):
        return 0.0
    return int(microseconds) / MICROSECONDS
