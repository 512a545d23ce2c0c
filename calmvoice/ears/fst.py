"""Reads the graphs inside a speech model: OpenFst's constant graphs, plain or with look-ahead.

Rule: only what the header says is trusted; a graph of another make raises ``ValueError``.
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt

MAGIC = struct.pack("<i", 2125659606)  # begins every OpenFst header
SYMBOLS_MAGIC = struct.pack("<i", 2125658996)
HAS_INPUT_SYMBOLS, HAS_OUTPUT_SYMBOLS = 1, 2
STATE = np.dtype([("w", "<f4"), ("first", "<u4"), ("arcs", "<u4"), ("ie", "<u4"), ("oe", "<u4")])
ARC = np.dtype([("input", "<i4"), ("output", "<i4"), ("weight", "<f4"), ("next", "<i4")])

Table = npt.NDArray[np.void]


def read_graph(path: Path) -> tuple[Table, Table]:
    """Return the states and arcs of a graph that begins with state 0.

    Raises ``ValueError`` or ``struct.error`` for another make, ``OSError`` if unreadable.
    """
    data = path.read_bytes()
    at = data.rindex(MAGIC, 0, 4096) + 4  # a look-ahead graph holds the constant one
    for wanted in (b"const", b"standard"):
        (size,) = struct.unpack_from("<i", data, at)
        if data[at + 4 : at + 4 + size] != wanted:
            raise ValueError("not a constant graph")
        at += 4 + size
    version, flags, _, start, states, arcs = struct.unpack_from("<iiQqqq", data, at)
    if (version, flags, start) != (2, 0, 0):
        raise ValueError("a constant graph of another make")
    at += 40
    state_array = np.frombuffer(data, STATE, states, at)
    return state_array, np.frombuffer(data, ARC, arcs, at + state_array.nbytes)


def read_symbols(path: Path) -> list[str]:
    """Return the names of labels 0, 1, 2 … from a symbol table; ``ValueError`` if one is left out.

    Raises ``OSError`` if unreadable.
    """
    names: list[str] = []
    for line in path.read_text("utf-8").splitlines():
        name, number = line.split()
        if number != str(len(names)):
            raise ValueError(f"{path.name} is not a table of labels in order")
        names.append(name)
    return names


def embedded_symbols(path: Path) -> Iterator[str]:
    """Yield the words that a graph itself holds, in the order of its table; none if it has none.

    The vendor's models have them there and no ``words.txt``. Raises like ``read_graph``.
    """
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        flags, at = _flags(data)
        for table in (HAS_INPUT_SYMBOLS, HAS_OUTPUT_SYMBOLS):
            if not flags & table:
                continue
            (size,) = struct.unpack_from("<i", data, at + 4)
            _, count = struct.unpack_from("<qq", data, at + 8 + size)
            if data[at : at + 4] != SYMBOLS_MAGIC or not 0 <= count < len(data):
                raise ValueError("a table of symbols of another make")
            at += 24 + size
            for _ in range(count):
                (size,) = struct.unpack_from("<i", data, at)
                if table == HAS_OUTPUT_SYMBOLS:
                    yield data[at + 4 : at + 4 + size].decode("utf-8", "replace")
                at += 12 + size


def has_embedded_symbols(path: Path) -> bool:
    """Say whether a graph holds its words; False for what is no graph."""
    try:
        with path.open("rb") as file:
            return bool(_flags(file.read(4096))[0] & HAS_OUTPUT_SYMBOLS)
    except (OSError, ValueError, struct.error):
        return False


def _flags(data: bytes | mmap.mmap) -> tuple[int, int]:
    """Return the flags in an OpenFst header, and where it ends."""
    if data[:4] != MAGIC:
        raise ValueError("not a graph")
    at = 4
    for _ in range(2):  # the kind of graph and of arc
        at += 4 + int(struct.unpack_from("<i", data, at)[0])
    return int(struct.unpack_from("<ii", data, at)[1]), at + 40
