"""The systemd user unit: what stands in it, and where it lies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import platformdirs

NAME = "calmvoice.service"
WATCHDOG_SECONDS = 30  # six beats; a Pi that writes to a slow card may miss one
RESTART_SECONDS = 3
FOLDERS = ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME")

UNIT = """\
# Written by "calmvoice service install", removed by "calmvoice service remove".
[Unit]
Description=CalmVoice: a pause in a quarrel, and the way back
After=pipewire-pulse.service pulseaudio.service
# A promise may be running: it is started again for as long as that takes.
StartLimitIntervalSec=0

[Service]
Type=notify
NotifyAccess=main
{environment}ExecStart={command}
Restart=on-failure
RestartSec={restart}
# The first start prepares the voice, which takes minutes on a small computer.
TimeoutStartSec=15min
TimeoutStopSec=10
WatchdogSec={watchdog}
# A core file would hold the last seconds of sound.
WatchdogSignal=SIGKILL
LimitCORE=0
UMask=0077
NoNewPrivileges=yes
# No network, by the kernel's own word.
RestrictAddressFamilies=AF_UNIX

[Install]
WantedBy=default.target
"""


def path() -> Path:
    """Return where this user's units lie."""
    return platformdirs.user_config_path() / "systemd" / "user" / NAME


def text(command: Sequence[str], variables: Mapping[str, str]) -> str:
    """Return the unit that runs this command, where this user's files are.

    ``variables`` are those of whoever installs it: of them the ones that say so are kept.
    """
    kept = [_quoted(f"{name}={variables[name]}") for name in FOLDERS if variables.get(name)]
    return UNIT.format(
        environment=f"Environment={' '.join(kept)}\n" if kept else "",
        command=" ".join(map(quote, command)),
        restart=RESTART_SECONDS,
        watchdog=WATCHDOG_SECONDS,
    )


def quote(word: str) -> str:
    """Quote a word of a command line: systemd.service(5), "Command lines"."""
    return _quoted(word).replace("$", "$$")


def _quoted(word: str) -> str:
    for mark, written in (("\\", "\\\\"), ('"', '\\"'), ("%", "%%"), ("\n", "\\n")):
        word = word.replace(mark, written)
    return f'"{word}"'
