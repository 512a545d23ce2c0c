"""What ``calmvoice prove`` sees, and that it finds what should not be there."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest
from people import speech
from soundcard import SoundCard
from theatre import Home

from calmvoice.ears.model import SpeechModel
from calmvoice.meanings import Meaning
from calmvoice.ports import Heard
from calmvoice.proof import tracer
from calmvoice.proof.overheard import Overheard, left_in
from calmvoice.proof.report import report
from calmvoice.proof.witness import Deed, Sight
from calmvoice.sound import PcmSamples, to_pcm

WATCHED = """
import json, socket, sqlite3, sys
from calmvoice.proof.witness import watch
sights = []
watch(sights.append, refuse_network=True)
folder = sys.argv[1]
open(folder + "/written.txt", "w").close()
open(folder + "/written.txt").close()
sqlite3.connect(folder + "/journal.sqlite").close()
with socket.socket(socket.AF_UNIX) as one:
    try: one.connect(folder + "/socket")
    except OSError: pass
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
    one.sendto(b"", ("127.0.0.1", 9))
    try: one.sendto(b"", ("192.0.2.1", 9))
    except PermissionError: print("refused", file=sys.stderr)
print(json.dumps([(s.deed.value, s.name) for s in sights]))
"""


def test_files_sockets_and_hosts_are_seen_and_the_network_is_refused(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", WATCHED, str(tmp_path)], capture_output=True, text=True, check=True
    )
    seen = {tuple(sight) for sight in json.loads(done.stdout)}
    assert ("written", f"{tmp_path}/written.txt") in seen
    assert ("read", f"{tmp_path}/written.txt") in seen
    assert ("written", f"{tmp_path}/journal.sqlite") in seen
    assert ("connected", f"{tmp_path}/socket") in seen
    assert ("connected", "('127.0.0.1', 9)") in seen
    assert ("network", "('192.0.2.1', 9)") in seen
    assert done.stderr == "refused\n"


TRACE = """\
71 openat(AT_FDCWD</home/us>, "/usr/lib/libc.so.6", O_RDONLY|O_CLOEXEC) = 3</usr/lib/libc.so.6>
71 openat(AT_FDCWD</home/us>, "/nowhere", O_RDONLY) = -1 ENOENT (No such file or directory)
72 openat(4</home/us/kept>, "journal.sqlite", O_RDWR|O_CREAT|O_CLOEXEC, 0644 <unfinished ...>
72 open("/home/us/log", O_WRONLY|O_APPEND) = 5
72 connect(6<socket:[12]>, {sa_family=AF_UNIX, sun_path="/run/user/1/pulse/native"}, 110) = 0
72 sendmsg(6<socket:[12]>, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base=""..., iov_len=20}]}, 0) = 20
73 bind(7<socket:[13]>, {sa_family=AF_INET6, sin6_port=htons(0), sin6_flowinfo=htonl(0), inet_pton(AF_INET6, "::1", &sin6_addr), sin6_scope_id=0}, 28) = 0
73 connect(7<socket:[13]>, {sa_family=AF_INET, sin_port=htons(53), sin_addr=inet_addr("192.0.2.7")}, 16) = -1 EINPROGRESS (Operation now in progress)
"""  # noqa: E501 - as strace prints it


def test_a_trace_of_the_system_is_read() -> None:
    assert tracer.sights(TRACE) == [
        Sight(Deed.READ, "/usr/lib/libc.so.6"),
        Sight(Deed.WRITTEN, "/home/us/kept/journal.sqlite"),
        Sight(Deed.WRITTEN, "/home/us/log"),
        Sight(Deed.CONNECTED, "/run/user/1/pulse/native"),
        Sight(Deed.CONNECTED, "::1 port 0"),
        Sight(Deed.NETWORK, "192.0.2.7 port 53"),
    ]


def test_a_real_trace_sees_what_python_does_not(tmp_path: Path) -> None:
    """A program of the system's that writes a file and speaks to a socket of ours."""
    trace = tracer.command(tmp_path / "trace")
    if not trace:
        if os.environ.get("CI") == "true":
            pytest.fail("no strace: sudo apt install strace")
        pytest.skip("no strace: sudo apt install strace")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listening:
        listening.bind(("127.0.0.1", 0))
        port = listening.getsockname()[1]
        script = f"echo > {tmp_path}/left; echo > /dev/udp/127.0.0.1/{port}"
        subprocess.run([*trace, "bash", "-c", script], check=True)
    seen = tracer.sights((tmp_path / "trace").read_text())
    assert Sight(Deed.WRITTEN, f"{tmp_path}/left") in seen
    assert Sight(Deed.CONNECTED, f"127.0.0.1 port {port}") in seen


class NoEars:
    """Hears nothing."""

    def expect(self, phrases: Mapping[Meaning, Sequence[str]]) -> None:
        """Expect nothing."""

    def feed(self, samples: PcmSamples, *, own_voice: bool = False) -> list[Heard]:
        """Hear nothing."""
        return []

    def clear(self) -> None:
        """There is nothing to forget."""


def overhear(samples: PcmSamples) -> Overheard:
    overheard = Overheard(NoEars(), SpeechModel().free_recogniser())
    for start in range(0, len(samples), 1600):
        overheard.feed(samples[start : start + 1600])
    return overheard


def test_a_sound_or_words_that_were_left_are_found(tmp_path: Path) -> None:
    said = to_pcm(speech("The winter garden opens in the morning.").samples)
    overheard = overhear(said)
    pieces, pairs = overheard.pieces(), overheard.word_pairs(["in the garden"])
    assert pieces
    assert ("the", "morning") in pairs
    assert ("in", "the") not in pairs, "our own words are no trace of a person"
    clean, sound, as_floats, words = (tmp_path / name for name in ("a", "b", "c", "d"))
    clean.write_bytes(np.random.default_rng(0).bytes(100_000))
    sound.write_bytes(b"head" + said.tobytes())
    as_floats.write_bytes((said / np.float32(32_768)).astype("<f4").tobytes())
    words.write_text("On the Morning, Monday.")
    files = [clean, sound, as_floats, words, tmp_path / "gone"]
    assert left_in(files, pieces, pairs) == [f"{sound}: a sound", f"{as_floats}: a sound",
                                             f"{words}: words"]  # fmt: skip


def test_silence_is_no_trace() -> None:
    assert overhear(np.zeros(48_000, np.int16)).pieces() == []


def test_a_report_with_a_host_or_something_left_is_not_clean() -> None:
    heard = {"left": [], "seconds": 3.0, "pieces": 3, "words": 4}
    assert report([Sight(Deed.CONNECTED, "/run/pulse")], heard, traced=True).clean
    assert not report([Sight(Deed.NETWORK, "192.0.2.1")], heard, traced=True).clean
    assert not report([], {**heard, "left": ["x: a sound"]}, traced=True).clean


@pytest.mark.sound_card
@pytest.mark.slow
def test_a_pause_lived_aloud_is_watched(sound_card: SoundCard, home: Home) -> None:
    with sound_card.hiss(seconds=240):
        running = subprocess.Popen(
            [sys.executable, "-m", "calmvoice", "prove", "--json"],
            env={**sound_card.variables, **home.variables},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert running.stderr is not None
        for line in running.stderr:
            if line.startswith("[Listening"):
                sound_card.say(speech("The pickle jar stands behind the harbour.")).wait()
                break
        output, errors = running.communicate(timeout=240)
    assert running.returncode == 0, output + errors
    found = json.loads(output)
    assert found["clean"]
    assert found["network"] == []
    assert found["left"] == []
    assert found["heard_seconds"] > 20
    assert found["pieces"] > 10
    assert found["words"] > 0, "what was said was not understood, nothing could be looked for"
    assert any(name.endswith("journal.sqlite") for name in found["written"])
    assert str(sound_card.directory / "native") in found["connected"]
