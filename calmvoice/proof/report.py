"""What was seen of one pause, put together and judged."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from calmvoice.proof.witness import Deed, Sight

NOWHERE = ("/dev/", "/proc/", "/sys/", "pipe:", "socket:")
"""What is no file on a disk: devices, the kernel's own tables, shared memory."""


@dataclass(frozen=True)
class Report:
    """One pause, watched.

    ``written`` holds each file that was opened for writing and its size in bytes afterwards, None
    where it is gone again; ``places`` tells the same by folder; ``left`` names each file in which
    something that was heard was found.
    """

    read: int
    written: Mapping[str, int | None]
    places: tuple[str, ...]
    connected: tuple[str, ...]
    network: tuple[str, ...]
    left: tuple[str, ...]
    heard_seconds: float
    pieces: int
    words: int
    traced: bool

    @property
    def clean(self) -> bool:
        """Say whether nothing reached the network and nothing that was heard was left."""
        return not self.network and not self.left

    def as_json(self) -> dict[str, Any]:
        """Return it for scripts."""
        return {**asdict(self), "clean": self.clean}


def files(sights: Iterable[Sight]) -> list[Path]:
    """Return each file on a disk that was opened for writing, once."""
    names = dict.fromkeys(sight.name for sight in sights if sight.deed is Deed.WRITTEN)
    return [Path(name) for name in names if not name.startswith(NOWHERE) and not name.isdigit()]


def report(sights: Sequence[Sight], heard: Mapping[str, Any], *, traced: bool) -> Report:
    """Put together what was seen, and what the watched process says of what it heard."""
    written = {str(path): path.stat().st_size if path.is_file() else None for path in files(sights)}
    return Report(
        read=len({s.name for s in sights if s.deed is Deed.READ}),
        written=written,
        places=tuple(places(written)),
        connected=_names(sights, Deed.CONNECTED),
        network=_names(sights, Deed.NETWORK),
        left=tuple(heard["left"]),
        heard_seconds=heard["seconds"],
        pieces=heard["pieces"],
        words=heard["words"],
        traced=traced,
    )


def lines(found: Report) -> list[str]:
    """Return the report as a person may read it."""
    looked = f"{found.pieces} pieces of its sound and {found.words} pairs of words"
    heard = (
        f"Heard: {found.heard_seconds:.0f} seconds; {looked} were looked for in all that was "
        f"written: {'none is there' if not found.left else 'FOUND'}."
        if found.heard_seconds
        else "Heard: nothing, the microphone was off."
    )
    return [
        f"Read: {found.read} files (Python and its libraries, the model, your settings).",
        f"Written: {len(found.written)} files.",
        *(f"  {place}" for place in found.places),
        f"Spoken to on this computer: {', '.join(found.connected) or 'nothing'}.",
        f"Network: {', '.join(found.network) or 'nothing'}.",
        heard,
        *(f"  {left}" for left in found.left),
        "Watched by strace, native libraries too."
        if found.traced
        else "Watched inside Python only: install strace to see native libraries too.",
    ]


def places(written: Mapping[str, int | None]) -> list[str]:
    """Return each folder that was written in, and how much is left there."""
    sizes: dict[Path, list[int | None]] = defaultdict(list)
    for name, size in written.items():
        folder = Path(name).parent
        while not folder.is_dir() and folder != folder.parent:
            folder = folder.parent
        sizes[folder].append(size)
    told = []
    for folder, each in sizes.items():
        kept = [size for size in each if size is not None]
        gone = len(each) - len(kept)
        parts = [f"{len(kept)} files, {sum(kept):,} bytes"] if kept else []
        parts += [f"{gone} gone again"] if gone else []
        told.append(f"{folder}: {', '.join(parts)}")
    return told


def _names(sights: Iterable[Sight], deed: Deed) -> tuple[str, ...]:
    return tuple(dict.fromkeys(sight.name for sight in sights if sight.deed is deed))
