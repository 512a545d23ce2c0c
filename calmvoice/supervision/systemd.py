"""Asks systemd's user manager; it is asked through ``systemctl``, as a person would."""

from __future__ import annotations

import getpass
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass

from calmvoice.errors import ServiceError
from calmvoice.supervision import unit

LIMIT_SECONDS = 30.0


@dataclass(frozen=True)
class ServiceState:
    """How the service is: what systemd calls it, and whether it runs without a login."""

    installed: bool
    enabled: str
    active: str
    lingers: bool


def start() -> None:
    """Let the service start now and at every login; raises ``ServiceError``. Waits for nothing."""
    _systemctl("daemon-reload")
    _systemctl("enable", unit.NAME)
    _systemctl("restart", "--no-block", unit.NAME)


def stop() -> None:
    """End the service and start it no more; raises ``ServiceError``."""
    _systemctl("disable", "--now", unit.NAME)


def reload() -> None:
    """Let systemd read its units again; raises ``ServiceError``."""
    _systemctl("daemon-reload")


def state() -> ServiceState:
    """Return how the service is; raises ``ServiceError`` where there is no systemd."""
    linger = _run(["loginctl", "show-user", getpass.getuser(), "--property=Linger", "--value"])
    return ServiceState(
        unit.path().exists(),
        _systemctl("is-enabled", unit.NAME, check=False),
        _systemctl("is-active", unit.NAME, check=False),
        linger.stdout.strip() == "yes",
    )


def _systemctl(*arguments: str, check: bool = True) -> str:
    done = _run(["systemctl", "--user", *arguments])
    if check and done.returncode:
        reason = done.stderr.strip().splitlines()
        raise ServiceError(
            f"systemctl --user {arguments[0]} failed" + (f": {reason[-1]}" if reason else ""),
            "Is this a login with a systemd user manager?",
        )
    return done.stdout.strip() or "unknown"


def _run(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=LIMIT_SECONDS
        )
    except FileNotFoundError as error:
        raise ServiceError(
            f"there is no {command[0]} here", "The service needs a Linux with systemd."
        ) from error
    except subprocess.TimeoutExpired as error:
        raise ServiceError(f"{command[0]} did not answer for {LIMIT_SECONDS:g} s") from error
