"""What is said over the local socket: one line of JSON each way.

Rules: no words and no who; nothing that a key on the program's own keyboard could not do.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from enum import Enum

from calmvoice.errors import RunningError
from calmvoice.meanings import Meaning
from calmvoice.session.stages import Stage

LONGEST_LINE = 512  # bytes, with its end


class Request(Enum):
    """What a second start may ask of the first; the value stands on the wire."""

    STATUS = "status"
    PAUSE = "pause"
    HERE = "here"
    STOP = "stop"
    QUIT = "quit"


PRESSED = {
    Request.PAUSE: Meaning.SIGNAL,
    Request.HERE: Meaning.HERE,
    Request.STOP: Meaning.STOP,
}
"""The key that a request stands for; the silent one for a pause."""


@dataclass(frozen=True)
class Answer:
    """Where the session stands, and whether what was asked for meant something there.

    ``wall`` is the wall time that the promise is kept by; ``keys_only`` that nothing is heard.
    """

    stage: Stage
    return_at: float | None
    wall: float
    keys_only: bool
    taken: bool


def request_line(request: Request) -> bytes:
    """Return a request as it is sent."""
    return _line({"do": request.value})


def read_request(line: bytes) -> Request:
    """Read a request; raises ``ValueError`` for anything else."""
    match _parsed(line):
        case {"do": str(name), **rest} if not rest:
            return Request(name)
    raise ValueError("a request is one line such as " + request_line(Request.STATUS).decode())


def answer_line(answer: Answer) -> bytes:
    """Return an answer as it is sent."""
    return _line({**asdict(answer), "stage": answer.stage.value})


def refusal_line(reason: str) -> bytes:
    """Return what is answered to something that is no request."""
    return _line({"error": reason})


def read_answer(line: bytes) -> Answer:
    """Read an answer; raises ``RunningError`` for a refusal or anything else."""
    try:
        match _parsed(line):
            case {
                "stage": str(stage),
                "return_at": float() | int() | None as at,
                "wall": float() | int() as wall,
                "keys_only": bool(keys_only),
                "taken": bool(taken),
            }:
                return Answer(Stage(stage), at, wall, keys_only, taken)
            case {"error": str(reason)}:
                raise RunningError(f"the running CalmVoice refused: {reason}")
    except ValueError:
        pass
    raise RunningError(
        "the running CalmVoice gave an answer that is not known here",
        "Is it an older one? End it and start it again.",
    )


def _line(value: dict[str, object]) -> bytes:
    return json.dumps(value).encode() + b"\n"


def _parsed(line: bytes) -> object:
    if not line.endswith(b"\n"):
        raise ValueError("the line has no end")
    return json.loads(line)
