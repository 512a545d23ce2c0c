"""Graphs as the files that Vosk loads, made by Debian's OpenFst tools.

Rules: Debian keeps OpenFst's plugins where its own programs do not look for them, so the path is
set here; version 1.7.9 writes what Vosk's 1.8.0 reads.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from models.recipe.graph import FILLERS, UNKNOWN, Entry, Graph, Language, language, sounds
from models.recipe.recordings import RecipeError
from models.recipe.units import PHONES, TABLE

PLUGINS = "*/fst/*"  # below /usr/lib
HINT = "Install them: sudo apt install libfst-tools libfst22-plugins-base"


def single_sounds() -> list[Entry]:
    """Return ``#aa`` to ``#zh``: words of one phone, for what stands in no dictionary."""
    return [Entry(f"#{phone.lower()}", (phone,)) for phone in PHONES]


def write_graph(entries: Sequence[Entry], known: Language, model: Path) -> None:
    """Write the folder ``graph`` of a model that knows these words.

    The fillers, ``[unk]`` and the single sounds are added. Raises ``RecipeError`` without OpenFst.
    """
    folder = model / "graph"
    (folder / "phones").mkdir(parents=True, exist_ok=True)
    entries = [*entries, *single_sounds()]
    names = dict.fromkeys([UNKNOWN, *FILLERS, *(entry.word for entry in entries)])
    number = {word: i for i, word in enumerate(names, 1)}
    renumbered = _look_ahead(sounds(entries, number), folder / "HCLr.fst")
    number = {word: renumbered[i] for word, i in number.items()}
    plain = _tool("fstcompile", data=language(known, number).text().encode())
    plain = _tool("fstarcsort", "--sort_type=ilabel", data=plain)
    (folder / "Gr.fst").write_bytes(_tool("fstconvert", "--fst_type=const", data=plain))
    in_order = sorted(number.items(), key=lambda item: item[1])
    _write_table(folder / "words.txt", in_order)
    _write_table(folder / "phones.txt", [(name, i) for i, (name, _, _) in enumerate(TABLE, 1)])
    places = "".join(f"{i} {place}\n" for i, (_, _, place) in enumerate(TABLE, 1))
    (folder / "phones/word_boundary.int").write_text(places)
    # Vosk wants this file; it holds one transition id that no arc has.
    (folder / "disambig_tid.int").write_text(f"{2 * len(TABLE) + 1}\n")


def _write_table(path: Path, rows: Iterable[tuple[str, int]]) -> None:
    path.write_text("".join(f"{name} {i}\n" for name, i in [("<eps>", 0), *rows]), "utf-8")


def _look_ahead(graph: Graph, path: Path) -> dict[int, int]:
    """Write the decoding graph; return the new number of each word."""
    data = _tool("fstcompile", data=graph.text().encode())
    data = _tool("fstarcsort", "--sort_type=olabel", data=data)
    with tempfile.TemporaryDirectory(prefix="calmvoice-") as directory:
        pairs = Path(directory) / "renumbered"
        kind = ("--fst_type=olabel_lookahead", f"--save_relabel_opairs={pairs}")
        path.write_bytes(_tool("fstconvert", *kind, data=data))
        lines = pairs.read_text().splitlines()
    return {int(old): int(new) for old, new in (line.split() for line in lines)}


def _tool(name: str, *options: str, data: bytes) -> bytes:
    paths = [str(path) for path in Path("/usr/lib").glob(PLUGINS)]
    environment = {**os.environ, "LD_LIBRARY_PATH": ":".join(paths)}
    try:
        done = subprocess.run(
            [name, *options], input=data, capture_output=True, env=environment, check=False
        )
    except FileNotFoundError as error:
        raise RecipeError(f"OpenFst's {name} is not installed", HINT) from error
    if done.returncode != 0:
        problem = done.stderr.decode(errors="replace").strip()
        raise RecipeError(f"{name} {' '.join(options)} failed: {problem}", HINT)
    return done.stdout
