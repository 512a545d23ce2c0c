"""Other programs' sound on the sound server (``audio/pulse_server.py``).

Rules:
1. Only what plays on the loudspeaker that CalmVoice speaks through; never itself, never a call or
   a screen reader.
2. A volume that somebody else has changed meanwhile is theirs, and stays.
3. The server remembers a program's volume (module-stream-restore): when a softened stream has
   ended, what is remembered is mended too, or the next song would be soft.
4. Every call may hang with a frozen server: call from a thread that can be abandoned.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any

from calmvoice.audio.pulse_server import PulseServer, is_ours, library
from calmvoice.others.record import Record, Softened

log = logging.getLogger(__name__)

SOFTER = 10 ** (-20 / 60)  # 20 dB, as module-role-ducking has it; volumes are cubes of amplitudes
SAME = 0.01  # a volume is kept in whole steps
SPARED_ROLES = frozenset({"phone", "a11y"})
KEY = "module-stream-restore.id"


class PulseOthers:
    """Makes them softer and restores them; used by one thread."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self._server = PulseServer()
        self._sink: int | None = None

    def soften(self) -> None:
        """Make softer what is not yet; may be called again for what has begun meanwhile."""
        with self._server.connected() as pulse:
            server = pulse.server_info().cookie
            known = self._record.read()
            streams = pulse.sink_input_list()
            for stream in self._to_soften(pulse, streams, known, server):
                softened = _softened(stream, server, known)
                known = (*known, softened)
                if self._record.write(known) and softened.meanwhile != _volume(stream):
                    _set(pulse, stream, softened.meanwhile)

    def restore(self) -> None:
        """Set everything as it was before, as far as nobody else has changed it, and forget it."""
        with self._server.connected() as pulse:
            server = pulse.server_info().cookie
            alive = {stream.index: stream for stream in pulse.sink_input_list()}
            gone = []
            for softened in self._record.read():
                stream = alive.get(softened.index) if softened.server == server else None
                if stream is None:
                    gone.append(softened)
                elif _same(_volume(stream), softened.meanwhile):
                    _set(pulse, stream, softened.before)
            _mend_remembered(pulse, gone)
            self._record.write(())
        self.close()

    def close(self) -> None:
        """Let go of the server."""
        self._server.close()

    def _to_soften(
        self, pulse: Any, streams: Iterable[Any], known: tuple[Softened, ...], server: int
    ) -> list[Any]:
        """Return the streams that are to be softened, and are not yet."""
        done = {one.index for one in known if one.server == server}
        ours = [stream for stream in streams if is_ours(stream)]
        if ours:
            self._sink = ours[0].sink
        elif self._sink is None:
            self._sink = pulse.sink_default_get().index
        return [
            stream
            for stream in streams
            if stream.sink == self._sink
            and stream.index not in done
            and not is_ours(stream)
            and stream.proplist.get("media.role") not in SPARED_ROLES
        ]


def _softened(stream: Any, server: int, known: tuple[Softened, ...]) -> Softened:
    """Return what a stream is to become; one that follows a softened one may be soft already."""
    volume, key = _volume(stream), stream.proplist.get(KEY, "")
    for before in known:
        if key and before.key == key and _same(volume, before.meanwhile):
            return Softened(server, stream.index, before.before, volume, key)
    return Softened(server, stream.index, volume, tuple(one * SOFTER for one in volume), key)


def _mend_remembered(pulse: Any, gone: list[Softened]) -> None:
    keys = {softened.key: softened for softened in gone if softened.key}
    if not keys or pulse.stream_restore_test() is None:
        return
    for entry in pulse.stream_restore_list():
        softened = keys.get(entry.name)
        if softened is not None and _same(tuple(entry.volume.values), softened.meanwhile):
            entry.volume.values = list(softened.before)
            pulse.stream_restore_write(entry, mode="replace", apply_immediately=True)


def _volume(stream: Any) -> tuple[float, ...]:
    return tuple(stream.volume.values)


def _same(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    pairs = zip(one, other, strict=False)
    return len(one) == len(other) and all(abs(a - b) < SAME for a, b in pairs)


def _set(pulse: Any, stream: Any, volume: tuple[float, ...]) -> None:
    pulsectl = library()
    try:
        pulse.sink_input_volume_set(stream.index, pulsectl.PulseVolumeInfo(list(volume)))
    except pulsectl.PulseOperationFailed:
        log.info("a stream has ended, or its volume is fixed")
