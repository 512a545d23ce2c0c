"""Runs CalmVoice with every network call refused, and lists each file it opens for writing.

``python no_network.py WRITTEN.txt ARGUMENTS…``: the list is written as it happens, so that it is
there also when the program is killed. An Internet address of this computer's own leads nowhere,
but no part of CalmVoice has any use for one: it is listed as the network is. Importing urllib3
tries one once, to know whether there is IPv6.
"""

from __future__ import annotations

import os
import sys

from calmvoice.proof.witness import Deed, Sight, watch

IPV6_TRIED = "('::1', 0)"


def main() -> None:
    written = os.open(sys.argv.pop(1), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def note(sight: Sight) -> None:
        of_internet = sight.deed is Deed.CONNECTED and sight.name.startswith("(")
        if sight.deed is Deed.NETWORK or (of_internet and sight.name != IPV6_TRIED):
            os.write(written, f"NETWORK {sight.name}\n".encode())
        elif sight.deed is Deed.WRITTEN:
            os.write(written, f"{sight.name}\n".encode())

    watch(note, refuse_network=True)
    from calmvoice.cli import main as run

    run()


if __name__ == "__main__":
    main()
