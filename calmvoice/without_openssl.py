"""Python without OpenSSL: what listens reaches nobody and has nothing to encrypt; 4.5 MB less.

asyncio, under the screen, and hmac, under pydantic, load it where it is, and do without where it is
not; hashes are then Python's own. Commands have it: a download and the page's library need it.
"""

from __future__ import annotations

import sys
from importlib.util import find_spec

LEFT_OUT = ("ssl", "_hashlib")
OWN_HASHES = (
    ("_md5",),
    ("_sha1",),
    ("_sha2", "_sha256"),
    ("_sha2", "_sha512"),
    ("_sha3",),
    ("_blake2",),
)


def leave_out() -> None:
    """Let nobody import it from now on; a Python that has no hashes of its own keeps it."""
    if all(any(map(find_spec, names)) for names in OWN_HASHES):
        for name in LEFT_OUT:
            sys.modules.setdefault(name, None)  # type: ignore[arg-type]  # import raises ImportError


def bring_back() -> None:
    """Let it be imported again."""
    for name in LEFT_OUT:
        if name in sys.modules and sys.modules[name] is None:
            del sys.modules[name]
