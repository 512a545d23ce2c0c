"""Memory is given back and not taken needlessly; in processes of their own."""

from __future__ import annotations

import hashlib
import hmac
import subprocess
import sys
from pathlib import Path

import pytest

RESIDENT = """
from pathlib import Path


def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


"""

LOOK = """
import numpy as np

from calmvoice.memory import LARGE_BYTES, give_back_large_blocks


large = np.ones(24 * LARGE_BYTES, np.uint8)
del large  # from now on glibc keeps blocks of up to 24 MB
if {told} and not give_back_large_blocks():
    raise SystemExit("another C library")
before = resident()
blocks = [np.ones(2 * LARGE_BYTES, np.uint8) for _ in range(20)]
behind = np.ones(LARGE_BYTES // 2, np.uint8)
blocks.clear()
print((resident() - before) // LARGE_BYTES)
"""


TIDY = """
import numpy as np

from calmvoice.memory import LARGE_BYTES, give_back_freed
from calmvoice.session.stages import Stage
from calmvoice.shell import Status
from calmvoice.tidying import Tidying


if not give_back_freed():
    raise SystemExit("another C library")
tidying = Tidying()
listening = Status(Stage.LISTENING, None, frozenset(), False)
tidying.show_status(listening)
before = resident()
small = [np.ones(4096, np.uint8) for _ in range(10_000)]
behind = np.ones(4096, np.uint8)
small.clear()
kept = resident() - before
tidying.show_status(listening)  # it was at rest before
still = resident() - before
tidying.show_status(Status(Stage.REENTRY, None, frozenset(), False))
tidying.show_status(listening)
print(kept // LARGE_BYTES, still // LARGE_BYTES, (resident() - before) // LARGE_BYTES)
"""

TALK = """
import sys

sys.path.insert(0, {tests!r})

import numpy as np
from people import speech

from calmvoice.ears.model import SpeechModel
from calmvoice.ears.vosk_ears import VoskEars
from calmvoice.meanings import Meaning
from calmvoice.memory import LARGE_BYTES, give_back_freed
from calmvoice.sound import MICROPHONE_RATE, to_pcm


if not give_back_freed():
    raise SystemExit("another C library")
near = "Hello, light of my life. The yellow kite and the red light."
talk = to_pcm(speech(near).samples)
quiet = np.random.default_rng(1).normal(0, 3, 35 * MICROPHONE_RATE).astype(np.int16)
ears = VoskEars(SpeechModel())
ears.expect({{Meaning.SIGNAL: ["yellow light"]}})
ears.feed(talk)
ears.feed(quiet)
before = resident()
for _ in range(6):
    ears.feed(talk)
after_talk = resident()
ears.feed(quiet)
print((after_talk - before) // LARGE_BYTES, (resident() - before) // LARGE_BYTES)
"""

# What only a screen, another command or Vosk's downloader needs.
LARGE = {"prompt_toolkit", "rich", "calmvoice.cli.model", "numpy.random", "requests", "tqdm"}
LISTENING = """
import sys

import calmvoice.cli
import calmvoice.ears.vosk_ears
import calmvoice.live

for name in {large!r} & set(sys.modules):
    print(name)
"""


WITHOUT_OPENSSL = """
import sys
from pathlib import Path

from calmvoice import without_openssl


if {lacking}:
    find = without_openssl.find_spec
    without_openssl.find_spec = lambda name: None if name == "_sha3" else find(name)
without_openssl.leave_out()
import asyncio
import hashlib
import hmac
import secrets

loaded = "libcrypto" in Path("/proc/self/maps").read_text()
signed = hmac.digest(b"k", b"calm", "sha256")
print(loaded, hashlib.sha256(b"calm").hexdigest()[:8], signed.hex()[:8])
without_openssl.bring_back()
import ssl

print(bool(ssl.create_default_context()))
"""

COMMAND = """
import sys
from pathlib import Path

from calmvoice.__main__ import main

sys.argv = ["calmvoice", "--version"]
try:
    main()
except SystemExit:
    import calmvoice.terminal
print("libcrypto" in Path("/proc/self/maps").read_text())
"""


def printed(script: str) -> list[str]:
    """The words that a script prints."""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    if "another C library" in done.stderr:
        pytest.skip("another C library")
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def measured(script: str) -> list[int]:
    """The megabytes that a script prints, which may ask for ``resident()``."""
    return [int(number) for number in printed(RESIDENT + script)]


def kept_mb(*, told: bool) -> int:
    """How much of 40 MB in blocks is still there when they were freed."""
    (kept,) = measured(LOOK.format(told=told))
    return kept


def test_freed_blocks_go_back_though_a_smaller_one_lies_behind_them() -> None:
    assert kept_mb(told=False) > 30
    assert kept_mb(told=True) < 4


def test_what_a_pause_left_goes_back_when_it_listens_again() -> None:
    kept, still, after = measured(TIDY)
    assert kept > 30
    assert still > 30
    assert after < 4


def test_what_a_talk_left_goes_back_when_nobody_speaks() -> None:
    talk, quiet = measured(TALK.format(tests=str(Path(__file__).parents[1])))
    assert talk > 8
    assert quiet < 4


def test_listening_loads_nothing_large_that_it_does_not_use() -> None:
    assert printed(LISTENING.format(large=LARGE)) == []
    assert "rich" in printed(f"import rich, sys\n{LISTENING.format(large=LARGE)}")


@pytest.mark.parametrize("lacking", [False, True])
def test_openssl_is_left_out_where_python_has_its_own_hashes_and_can_be_brought_back(
    lacking: bool,
) -> None:
    loaded, sha256, signed, again = printed(WITHOUT_OPENSSL.format(lacking=lacking))
    assert loaded == str(lacking)
    assert sha256 == hashlib.sha256(b"calm").hexdigest()[:8]
    assert signed == hmac.digest(b"k", b"calm", "sha256").hex()[:8]
    assert again == "True"


def test_the_program_and_its_screen_run_without_openssl() -> None:
    assert printed(COMMAND)[-1] == "False"
