"""The sound server of PulseAudio's kind, PipeWire's too, beside the devices (pulsectl).

Rule: every call may hang with a frozen server: call from a thread that can be abandoned.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from calmvoice.errors import SoundError


class PulseServer:
    """One connection, made when it is needed; used by one thread."""

    def __init__(self) -> None:
        self._pulse: Any = None

    @contextmanager
    def connected(self) -> Iterator[Any]:
        """Give the connection; raises ``SoundError`` where there is none, and forgets it then."""
        pulsectl = library()
        try:
            if self._pulse is None:
                self._pulse = pulsectl.Pulse("calmvoice", connect=False)
                self._pulse.connect()
            yield self._pulse
        except (pulsectl.PulseError, pulsectl.PulseDisconnected, OSError) as error:
            self.close()
            raise SoundError(f"no sound server ({error})") from error

    def close(self) -> None:
        """Let go of the server."""
        if self._pulse is not None:
            self._pulse.close()
            self._pulse = None


def library() -> Any:
    """Return the pulsectl module; raises ``SoundError`` where there is no libpulse."""
    try:
        import pulsectl
    except (ImportError, OSError) as error:
        raise SoundError(
            "no sound server can be asked: other programs stay as loud as they are, and a "
            f"loudspeaker heard in the microphone's place is not told ({error})"
        ) from error
    return pulsectl


def is_ours(stream: Any) -> bool:
    """Say whether a stream of the server is this program's own."""
    return bool(stream.proplist.get("application.process.id") == str(os.getpid()))
