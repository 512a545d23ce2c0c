#!/usr/bin/env python
"""Every file that a person edits or the program writes, spoiled in 100,000 ways.

    scripts/bench/mutate.py --cases 100000

A case is a correct run or a clear error; a traceback, an error without words and a promise that is
gone without a word are faults. Prints a table and every fault with its seed, writes JSON; exit
code 1 if there is a fault.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
import tempfile
from collections import Counter
from dataclasses import asdict
from pathlib import Path

from mutations import Fault, attempt, doors
from product import fingerprint

RESULTS = Path(__file__).parent / "results" / "mutate.json"


def main() -> None:
    """Print the table, write JSON."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0, help="of the first case")
    parser.add_argument("--json", type=Path, default=RESULTS)
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)
    faults: list[Fault] = []
    rows = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for door in doors(folder):
            cases = options.cases * door.share // 100
            ends: Counter[str] = Counter()
            for seed in range(options.seed, options.seed + cases):
                end = attempt(door, seed, folder)
                if isinstance(end, Fault):
                    faults.append(end)
                    ends["fault"] += 1
                else:
                    ends["used" if end else "refused"] += 1
            rows.append({"file": door.name, "cases": cases, **ends})
            print(
                f"{door.name:22}{cases:8} cases {ends['used']:8} used {ends['refused']:8} refused "
                f"{ends['fault']:5} faults",
                flush=True,
            )
    for fault in faults[:50]:
        print(f"{fault.door}, seed {fault.seed}: {fault.error}")
    options.json.parent.mkdir(parents=True, exist_ok=True)
    results = {"rows": rows, "faults": [asdict(f) for f in faults], "product": fingerprint()}
    options.json.write_text(json.dumps(results, indent=1) + "\n")
    print(f"\n{options.json}")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
