"""The network of a speech model, read from Kaldi's ``final.mdl`` into arrays.

Rules: only what CalmVoice's own models hold is understood (recipe: models/README.md); anything else
raises ``ValueError``, and the ears then do without. Nothing is executed, everything is bounded by
the file.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]
_TOKEN = re.compile(rb"[ \n\t\r]*([^ \n\t\r]+)[ \n\t\r]")
_NODE = re.compile(r"component-node name=(\S+) component=(\S+) input=(.+)")
_SUM = re.compile(r"Sum\(Scale\(([\d.]+), (\S+)\), (\S+)\)")
PER_ROW = 5  # bytes of a number: \x04 and four of its own


@dataclass(frozen=True)
class Node:
    """One step of the network: a component and what goes in (``skip`` times ``skip_scale``)."""

    name: str
    component: str
    source: str
    skip: str = ""
    skip_scale: float = 0.0


@dataclass(frozen=True)
class Component:
    """What a step does: its kind, the frames it sees, and its numbers by Kaldi's names."""

    kind: str
    offsets: tuple[int, ...]
    arrays: dict[str, Array]


class _Reader:
    """Kaldi's binary notation, one item after the other."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def token(self) -> str:
        found = _TOKEN.match(self.data, self.at)
        if found is None:
            raise ValueError("the file ends early")
        self.at = found.end()
        return found.group(1).decode("ascii")

    def skip_to(self, token: bytes) -> None:
        self.at = self.data.index(token, self.at) + len(token)

    def number(self) -> int:
        (value,) = struct.unpack_from("<i", self.data, self.at + 1)
        self.at += PER_ROW
        return int(value)

    def offsets(self) -> tuple[int, ...]:
        (count,) = struct.unpack_from("<i", self.data, self.at + 1)
        values = np.frombuffer(self.data, "<i4", count, self.at + PER_ROW)
        self.at += PER_ROW + values.nbytes
        return tuple(int(value) for value in values)

    def array(self) -> Array:
        kind = self.data[self.at : self.at + 3]
        if kind not in (b"FM ", b"FV "):
            raise ValueError(f"an array of another make: {kind!r}")
        self.at += 3
        shape = tuple(self.number() for _ in range(2 if kind == b"FM " else 1))
        values = np.frombuffer(self.data, "<f4", int(np.prod(shape)), self.at)
        self.at += values.nbytes
        return values.reshape(shape).copy()  # in the file it is not aligned: numpy is half as fast


def read_network(path: Path) -> tuple[list[Node], dict[str, Component]]:
    """Return the steps of a network in order, and its components by name.

    Raises ``ValueError`` or ``OSError`` for a file of another make.
    """
    reader = _Reader(path.read_bytes())
    try:
        reader.skip_to(b"<Nnet3> \n")
        end = reader.data.index(b"\n\n", reader.at)
        lines = reader.data[reader.at : end].decode("ascii").splitlines()
        reader.at = end + 2
        nodes = [_node(line) for line in lines if line.startswith("component-node")]
        if any("-node" in line and "dim-range" in line for line in lines):
            raise ValueError("a network of another make")
        reader.skip_to(b"<NumComponents> ")
        components = {}
        for _ in range(reader.number()):
            reader.skip_to(b"<ComponentName> ")
            name = reader.token()
            components[name] = _component(reader)
    except (struct.error, UnicodeDecodeError) as error:
        raise ValueError(f"not a network: {error}") from error
    return nodes, components


def _node(line: str) -> Node:
    found = _NODE.fullmatch(line)
    if found is None:
        raise ValueError(f"a step of another make: {line}")
    name, component, source = found.groups()
    added = _SUM.fullmatch(source)
    if added is not None:
        return Node(name, component, added.group(3), added.group(2), float(added.group(1)))
    if not re.fullmatch(r"[\w.]+", source):
        raise ValueError(f"an input of another make: {source}")
    return Node(name, component, source)


def _component(reader: _Reader) -> Component:
    """Read one component: its type, time offsets and arrays; the rest is for training."""
    kind = reader.token().strip("<>")
    stop = reader.data.index(f"</{kind}>".encode(), reader.at)
    offsets: tuple[int, ...] = (0,)
    arrays: dict[str, Array] = {}
    for name in ("TimeOffsets", "LinearParams", "Params", "BiasParams", "StatsMean", "StatsVar"):
        at = reader.data.find(f"<{name}> ".encode(), reader.at, stop)
        if at < 0:
            continue
        reader.at = at + len(name) + 3
        if name == "TimeOffsets":
            offsets = reader.offsets()
        else:
            arrays[name] = reader.array()
    reader.at = stop
    return Component(kind, offsets, arrays)
