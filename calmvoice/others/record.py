"""What was made softer, on disk until it is as before: a killed program's successor mends it.

Rules: it is written before anything is changed; it holds no title and no name of what is played,
but for the key under which the sound server remembers a program's volume.
"""

from __future__ import annotations

import contextlib
import logging
from dataclasses import dataclass
from pathlib import Path

import platformdirs
from pydantic import TypeAdapter, ValidationError

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Softened:
    """One stream: its number at this run of the sound server, its volume before and meanwhile."""

    server: int
    index: int
    before: tuple[float, ...]
    meanwhile: tuple[float, ...]
    key: str


_FORM = TypeAdapter(tuple[Softened, ...])


def default_path() -> Path:
    """Return where the record lies for this user."""
    return platformdirs.user_state_path("calmvoice") / "softened.json"


class Record:
    """The record in one file; no file is no stream."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> tuple[Softened, ...]:
        """Return what is written; a file that makes no sense is nothing, and is let go."""
        try:
            return _FORM.validate_json(self._path.read_bytes())
        except FileNotFoundError:
            return ()
        except (OSError, ValidationError) as error:
            log.warning("%s is of no use: %s", self._path, type(error).__name__)
            return ()

    def write(self, streams: tuple[Softened, ...]) -> bool:
        """Put this in its place; return whether it could be written."""
        if not streams:
            with contextlib.suppress(OSError):
                self._path.unlink(missing_ok=True)
            return True
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            beside = self._path.with_suffix(".new")
            beside.write_bytes(_FORM.dump_json(streams))
            beside.replace(self._path)
        except OSError as error:
            log.warning("%s cannot be written: %s", self._path, error.strerror)
            return False
        return True
