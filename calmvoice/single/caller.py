"""A second start: asks the running program through its door."""

from __future__ import annotations

import socket
from pathlib import Path

from calmvoice.errors import RunningError
from calmvoice.single import place
from calmvoice.single.wire import LONGEST_LINE, Answer, Request, read_answer, request_line

ANSWER_SECONDS = 5.0  # longer than the door gives the session


def call(folder: Path, request: Request) -> Answer:
    """Ask, and return the answer; raises ``RunningError`` when nobody answers."""
    try:
        with (
            place.address(folder) as address,
            socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line,
        ):
            line.settimeout(ANSWER_SECONDS)
            line.connect(address)
            line.sendall(request_line(request))
            with line.makefile("rb") as answer:
                return read_answer(answer.readline(LONGEST_LINE))
    except OSError as error:
        raise RunningError(
            f"CalmVoice runs, but does not answer ({error.strerror or error})",
            "It may still be starting: try again in a moment.",
        ) from error
