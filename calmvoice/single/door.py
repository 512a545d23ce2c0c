"""The door of the running program: a local socket on which a second start may knock.

Rules:
1. Only its own user can reach it: the socket is 0600 in a folder of 0700, and it is no network.
2. Whoever holds the claim owns the address: what a killed program left there is replaced.
3. One caller at a time, a second each: nobody who connects and is silent keeps others out.
   An address that somebody took away is made anew within seconds.
4. A request becomes an event in the inbox, as a key does; the answer is given when the session has
   taken it in, so it tells what came of it. Whoever has gone meanwhile was told that it failed, so
   nothing comes of it.
5. What ends a practice is told of no promise: nobody would keep it.
"""

from __future__ import annotations

import contextlib
import logging
import os
import select
import socket
import threading
from collections.abc import Callable
from pathlib import Path

from calmvoice.attendants import Attendant
from calmvoice.errors import RunningError
from calmvoice.ports import Clock
from calmvoice.session.events import Said
from calmvoice.shell import Status
from calmvoice.single import place
from calmvoice.single.wire import (
    LONGEST_LINE,
    PRESSED,
    Answer,
    Request,
    answer_line,
    read_request,
    refusal_line,
)

log = logging.getLogger(__name__)

CALLER_SECONDS = 1.0
LOOK_SECONDS = 5.0  # between two looks whether the address still stands
SESSION_SECONDS = 3.0  # the session takes in an event in milliseconds; a slow card may take one


class Door(Attendant):
    """Answers callers on a thread of its own until it is closed."""

    def __init__(
        self,
        folder: Path,
        post: Callable[[Said], None],
        ask: Callable[[Callable[[], None]], None],
        end: Callable[[], None],
        clock: Clock,
        *,
        is_practice: bool = False,
    ) -> None:
        self._folder, self._post, self._ask, self._end = folder, post, ask, end
        self._clock, self._is_practice = clock, is_practice
        self._status: Status | None = None
        self._hears = True
        self._closing = False
        self._socket: socket.socket | None = None
        self._address: os.stat_result | None = None
        self._changing = threading.Lock()

    def begin(self) -> None:
        """Open the door; raises ``RunningError`` where that cannot be."""
        try:
            self._socket = self._listen()
        except OSError as error:
            raise RunningError(
                f"{self._folder}: no second start can talk to this one ({error.strerror})",
                "Is it your folder, and the disk not full?",
            ) from error
        threading.Thread(target=self._run, name="door", daemon=True).start()

    def show_status(self, status: Status) -> None:
        """Keep what a caller may be told."""
        self._status = status

    def show_microphone(self, works: bool) -> None:
        """Keep whether a word would be heard."""
        self._hears = works

    def close(self) -> None:
        """Take the address away; who calls now is told that nothing runs."""
        with self._changing:
            self._closing = True
        if self._socket is None:
            return
        with contextlib.suppress(OSError, RunningError), place.address(self._folder) as address:
            Path(address).unlink()
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)  # ends the waiting for a caller
        self._socket.close()

    def _listen(self) -> socket.socket:
        with place.address(self._folder, make=True) as address:
            opened = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            try:
                Path(address).unlink(missing_ok=True)
                opened.bind(address)
                Path(address).chmod(0o600)  # nobody can call before ``listen``
                opened.listen(4)
                opened.settimeout(LOOK_SECONDS)
                self._address = Path(address).stat()
            except OSError:
                opened.close()
                raise
        return opened

    def _run(self) -> None:
        while not self._closing and self._socket is not None:
            try:
                caller, _ = self._socket.accept()
            except TimeoutError:
                self._stand()
                continue
            except OSError:
                return
            with caller, contextlib.suppress(OSError):
                line = self._read_line(caller)
                if not _has_gone(caller):
                    caller.sendall(self._answer(line))

    def _stand(self) -> None:
        """Open the door anew if its address was taken away; where that cannot be, later."""
        with self._changing, contextlib.suppress(OSError, RunningError):
            if self._closing or self._is_there():
                return
            before, self._socket = self._socket, self._listen()
            if before is not None:
                before.close()
            log.warning("the door had been taken away: it is there again")

    def _is_there(self) -> bool:
        with place.address(self._folder, make=True) as address:
            found = Path(address)
            return (
                self._address is not None
                and found.exists()
                and os.path.samestat(found.stat(), self._address)
            )

    def _read_line(self, caller: socket.socket) -> bytes:
        """Return what comes within a second; raises ``TimeoutError``."""
        line, until = b"", self._clock.now().steady + CALLER_SECONDS
        while not line.endswith(b"\n") and len(line) < LONGEST_LINE:
            caller.settimeout(max(0.001, until - self._clock.now().steady))
            part = caller.recv(LONGEST_LINE - len(line))
            if not part:
                break
            line += part
        return line

    def _answer(self, line: bytes) -> bytes:
        try:
            request = read_request(line)
        except ValueError:
            return refusal_line("this is no request")
        status = self._status
        meaning = PRESSED.get(request)
        taken = meaning is None or (status is not None and meaning in status.meanings)
        if meaning is not None and taken:
            self._post(Said(meaning, by_key=True))
        served = threading.Event()
        self._ask(served.set)
        if not served.wait(SESSION_SECONDS) or self._status is None:
            return refusal_line("the session does not answer")
        if request is Request.QUIT:
            self._end()
        status, wall = self._status, self._status.wall(self._clock.now())
        is_left = request is Request.QUIT and self._is_practice
        return_at = None if is_left else status.return_at
        keys_only = status.is_deaf or not self._hears
        return answer_line(Answer(status.stage, return_at, wall, keys_only, taken))


def _has_gone(caller: socket.socket) -> bool:
    """Say whether nobody waits for the answer any more: the other end is closed both ways."""
    seen = select.poll()
    seen.register(caller, 0)  # what is always told: the end
    return bool(seen.poll(0))
