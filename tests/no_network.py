"""Runs CalmVoice with every network call refused, and lists each file it opens for writing.

``python no_network.py WRITTEN.txt ARGUMENTS…``: the list is written as it happens, so that it is
there also when the program is killed.
"""

from __future__ import annotations

import os
import sys

from calmvoice.proof.witness import Deed, Sight, watch


def main() -> None:
    written = os.open(sys.argv.pop(1), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def note(sight: Sight) -> None:
        if sight.deed is Deed.NETWORK:
            os.write(written, f"NETWORK {sight.name}\n".encode())
        elif sight.deed is Deed.WRITTEN:
            os.write(written, f"{sight.name}\n".encode())

    watch(note, refuse_network=True)
    from calmvoice.cli import main as run

    run()


if __name__ == "__main__":
    main()
