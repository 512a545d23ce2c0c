"""The three standard streams: a program that keeps a promise needs none of them.

Started from a launcher or with a stream closed, the first files it opens would take the streams'
numbers, and what a library writes to the terminal would go into the journal.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator

import click


def open_missing_streams() -> None:
    """Put an empty stream in the place of each that is closed."""
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest free number
        if getattr(sys, name) is None:
            setattr(sys, name, open(number, mode, encoding="utf-8", closefd=False))  # noqa: SIM115 - for as long as the program runs


@contextlib.contextmanager
def quiet_libraries(wanted: bool) -> Iterator[None]:
    """Let no library write over a full screen: for so long errors go nowhere, not to a terminal."""
    if not wanted or not os.isatty(2):
        yield
        return
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def write_line(line: str) -> None:
    """Print a line; where nobody reads any more, or the disk is full, it is lost and no more."""
    try:
        click.echo(line)
        sys.stdout.flush()
    except BrokenPipeError:
        with contextlib.suppress(OSError):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, sys.stdout.fileno())  # what is still to be flushed, too
            os.close(nowhere)
    except OSError:
        pass
