#!/usr/bin/env python3
"""Is the promise kept when the program is killed at any instant, and when the disk is broken?

    scripts/bench/crash.py --kills 1000

Most kills are of the real shell, session and journal in a forked process whose clock can be moved
(``crashing.py``), some are of the whole program from its command line. After each the next start
is compared with what the couple had been told. Prints a table, writes JSON; exits with 1 if a
promise was lost, a return came early or a wrong time was told.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from functools import partial
from pathlib import Path
from statistics import median

import crashing
from crash_findings import Findings
from crashing import Trouble, cut

ROOT = Path(__file__).parents[2]
RESULTS = Path(__file__).parent / "results" / "crash.json"
SHIM = Path(__file__).with_name("faults.c")
SMALL_FILES = 2048  # bytes: less than one step of SQLite; the second copy has its size already
TMPFS_BYTES = 200_000  # room to begin, none for what follows
FAILURES = ("lost", "early", "wrong", "crashed")


def troubles() -> list[tuple[Trouble, float]]:
    """Return what is tried, and for which part of the kills."""
    return [
        (Trouble("killed"), 1.0),
        (Trouble("database cut or overwritten at any byte", between=cut(("journal.sqlite",))), 0.1),
        (Trouble("its log cut or overwritten", between=cut(("journal.sqlite-wal",))), 0.1),
        (Trouble("the second copy cut or overwritten", between=cut(("promise.copy",))), 0.1),
        (Trouble("disk full for what grows", file_limit=SMALL_FILES), 0.1),
        (Trouble("fsync fails", fault="fsync"), 0.1),
        (Trouble("nothing can be opened for writing", fault="readonly"), 0.1),
        (Trouble("nothing can be written", fault="full"), 0.1),
    ]


def build_shim(folder: Path) -> Path | None:
    """Compile what breaks a disk; None where there is no compiler."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        return None
    library = folder / "faults.so"
    subprocess.run(
        [compiler, "-shared", "-fPIC", "-O1", "-o", str(library), str(SHIM), "-ldl"], check=True
    )
    return library


@contextmanager
def full_tmpfs(folder: Path) -> Iterator[bool]:
    """Mount a tiny disk here and fill it when asked; false where that is not allowed."""
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={TMPFS_BYTES}", "tmpfs", str(folder)],
        check=False,
        capture_output=True,
    )
    try:
        yield done.returncode == 0
    finally:
        if done.returncode == 0:
            subprocess.run(["umount", "-l", str(folder)], check=False)


def fill(folder: Path, _dice: random.Random) -> str:
    """Leave no room."""
    with contextlib.suppress(OSError), (folder / "filler").open("ab", buffering=0) as filler:
        while True:
            filler.write(bytes(1024))
    return "no room"


def on_a_full_disk(kills: int, seed: int) -> Findings | None:
    """Kill on a real file system without room; None where none can be mounted."""
    with tempfile.TemporaryDirectory() as name, full_tmpfs(Path(name)) as mounted:
        if not mounted:
            return None
        folder = Path(name)
        trouble = Trouble("a full disk", between=fill)
        return crashing.run(folder, trouble, kills, seed)


def through_the_program(kills: int, seed: int) -> Findings:
    """Kill the whole program, started as a person starts it."""
    sys.path.insert(0, str(ROOT / "tests"))
    from command_kills import kill_the_command

    with tempfile.TemporaryDirectory() as name:
        return kill_the_command(Path(name), kills, seed)


COLUMNS = ("what", "kills", "promises", "lost", "early", "wrong", "doubt", "a s", "write ms")
HEAD = "{:44}{:>7}{:>9}{:>6}{:>7}{:>7}{:>7}{:>6}{:>14}".format(*COLUMNS)
LEGEND = """\
promises: one stood at the kill; doubt: told, and said that it is not written; a s: kills a second;
write: until a promise is on the disk, median and worst"""


def row(name: str, found: Findings, seconds: float) -> str:
    """Return one line of the table."""
    writes = found.write_ms or [0.0]
    return (
        f"{name:44}{found.kills:7}{found.promises:9}{found.lost:6}{found.early:7}"
        f"{found.wrong:7}{found.doubted:7}{found.kills / seconds:6.1f}"
        f"{median(writes):7.1f}{max(writes):7.1f}"
    )


def plain(found: Findings) -> dict[str, object]:
    """Return the findings for a JSON file: of the writes, the median and the worst."""
    writes = found.write_ms or [0.0]
    return {**asdict(found), "write_ms": {"median": median(writes), "worst": max(writes)}}


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--program", type=int, default=20, help="kills of the whole program")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path, default=RESULTS)
    wanted = parser.parse_args()
    if "CALMVOICE_FAULT_UNDER" not in os.environ:
        with tempfile.TemporaryDirectory() as name:
            library = build_shim(Path(name))
            fresh = Path(name) / "lives"
            fresh.mkdir()
            environment = {**os.environ, "CALMVOICE_FAULT_UNDER": str(fresh)}
            if library is not None:
                environment["LD_PRELOAD"] = str(library)
            sys.exit(subprocess.run([sys.executable, *sys.argv], env=environment).returncode)
    print(HEAD, flush=True)
    results: dict[str, Findings] = {}

    def measure(name: str, kill: Callable[[], Findings | None]) -> None:
        began = time.monotonic()
        found = kill()
        if found is None:
            print(f"{name}: not possible here")
            return
        results[name] = found
        print(row(name, found, time.monotonic() - began), *found.examples, sep="\n", flush=True)

    lives = Path(os.environ["CALMVOICE_FAULT_UNDER"])
    for trouble, part in troubles():
        kills = max(1, round(part * wanted.kills))
        if trouble.fault and "LD_PRELOAD" not in os.environ:
            print(f"{trouble.name}: no compiler")
            continue
        folder = lives / str(len(results))
        measure(trouble.name, partial(crashing.run, folder, trouble, kills, wanted.seed))
    full = max(1, wanted.kills // 10)
    measure("a file system without room", lambda: on_a_full_disk(full, wanted.seed))
    if wanted.program:
        measure("the whole program", lambda: through_the_program(wanted.program, wanted.seed))
    print(LEGEND)
    wanted.json.parent.mkdir(parents=True, exist_ok=True)
    wanted.json.write_text(
        json.dumps({name: plain(found) for name, found in results.items()}, indent=2)
    )
    bad = sum(getattr(found, kind) for found in results.values() for kind in FAILURES)
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
