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
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from statistics import median

import crashing
from crashing import Findings, Trouble, cut

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


def table(results: dict[str, Findings], seconds: dict[str, float]) -> str:
    """Return one line for each kind."""
    columns = ("what", "kills", "promises", "lost", "early", "wrong", "doubt", "a s", "write ms")
    lines = ["{:44}{:>7}{:>9}{:>6}{:>7}{:>7}{:>7}{:>6}{:>14}".format(*columns)]
    for name, found in results.items():
        lines.append(
            f"{name:44}{found.kills:7}{found.promises:9}{found.lost:6}{found.early:7}"
            f"{found.wrong:7}{found.doubted:7}{found.kills / seconds[name]:6.1f}"
            f"{median(found.write_ms or [0]):7.1f}{max(found.write_ms, default=0):7.1f}"
        )
    lines.append("promises: one stood at the kill; doubt: told, and said that it is not written;")
    lines.append("a s: kills a second; write: until a promise is on the disk, median and worst")
    return "\n".join(lines)


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
    results: dict[str, Findings] = {}
    seconds: dict[str, float] = {}
    for trouble, part in troubles():
        if trouble.fault and "LD_PRELOAD" not in os.environ:
            print(f"no compiler: {trouble.name} is left out")
            continue
        folder = Path(os.environ["CALMVOICE_FAULT_UNDER"]) / str(len(results))
        began = time.monotonic()
        kills = max(1, round(part * wanted.kills))
        results[trouble.name] = crashing.run(folder, trouble, kills, wanted.seed)
        seconds[trouble.name] = time.monotonic() - began
    began = time.monotonic()
    full = on_a_full_disk(max(1, wanted.kills // 10), wanted.seed)
    if full is not None:
        results["a file system without room"] = full
        seconds["a file system without room"] = time.monotonic() - began
    if wanted.program:
        began = time.monotonic()
        results["the whole program, killed"] = through_the_program(wanted.program, wanted.seed)
        seconds["the whole program, killed"] = time.monotonic() - began
    print(table(results, seconds))
    for found in results.values():
        print(*found.examples, sep="\n", end="\n" if found.examples else "")
    wanted.json.parent.mkdir(parents=True, exist_ok=True)
    wanted.json.write_text(
        json.dumps({name: plain(found) for name, found in results.items()}, indent=2)
    )
    bad = sum(getattr(found, kind) for found in results.values() for kind in FAILURES)
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
