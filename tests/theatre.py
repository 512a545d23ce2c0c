"""Runs the real program as a person would start it, and lets a test read, type, speak and kill."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from calmvoice.journal import SqliteJournal
from calmvoice.session.promise import Promise

QUIET = ("--plain", "--no-microphone", "--no-speaker")
"""The options of a run that needs no device and prints lines."""
NO_NETWORK = Path(__file__).with_name("no_network.py")


class Home:
    """A user's folders, empty but for what is put there; the voice cache may be a shared one."""

    def __init__(self, folder: Path, cache: Path | None = None) -> None:
        self.folder = folder
        self.cache = cache or folder / "cache"
        self.settings = folder / "config" / "calmvoice" / "settings.toml"
        self.journal = folder / "data" / "calmvoice" / "journal.sqlite"
        for needed in (self.settings.parent, folder / "tmp"):
            needed.mkdir(parents=True, exist_ok=True)
        self.runtime = folder / "run"
        self.runtime.mkdir(mode=0o700, exist_ok=True)

    @property
    def variables(self) -> dict[str, str]:
        return {
            "HOME": str(self.folder),
            "XDG_CONFIG_HOME": str(self.folder / "config"),
            "XDG_DATA_HOME": str(self.folder / "data"),
            "XDG_CACHE_HOME": str(self.cache),
            "XDG_STATE_HOME": str(self.folder / "state"),
            "XDG_RUNTIME_DIR": str(self.runtime),
            "TMPDIR": str(self.folder / "tmp"),
            "PYTHONUNBUFFERED": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
        }

    def promise(self) -> Promise | None:
        """Return the promise in the journal, as the next start would find it."""
        journal = SqliteJournal(self.journal)
        try:
            return journal.promise()
        finally:
            journal.close()


def run(home: Home, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command that asks nothing, to its end."""
    return subprocess.run(
        [sys.executable, "-m", "calmvoice", *arguments],
        env={**os.environ, **home.variables},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        stdin=subprocess.DEVNULL,
    )


class Program:
    """One run of ``calmvoice``; ``lines`` is what it printed, each with its steady time."""

    def __init__(
        self, home: Home, *arguments: str, environment: dict[str, str] | None = None
    ) -> None:
        self.written = home.folder / "written.txt"
        self.lines: list[tuple[float, str]] = []
        self._grown = threading.Condition()
        self._ended = False
        self._process = subprocess.Popen(
            [sys.executable, str(NO_NETWORK), str(self.written), *arguments],
            env={**(environment or dict(os.environ)), **home.variables},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._reader = threading.Thread(target=self._read, name="stdout", daemon=True)
        self._reader.start()

    def __enter__(self) -> Program:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.kill()

    @property
    def text(self) -> str:
        return "\n".join(line for _, line in self.lines)

    def wait_for(self, part: str, limit: float = 60.0, after: int = 0) -> float:
        """Wait for a line that holds this; return its steady time."""
        return self._find(lambda line: part in line, part, limit, after)[0]

    def read(self, pattern: str, limit: float = 60.0, other_than: str = "") -> str:
        """Wait for a line with this pattern; return its group, the first that is another."""

        def matches(line: str) -> bool:
            found = re.search(pattern, line)
            return found is not None and found[1] != other_than

        _, line = self._find(matches, pattern, limit, 0)
        return str(re.findall(pattern, line)[0])

    def _find(
        self, matches: Callable[[str], bool], what: str, limit: float, after: int
    ) -> tuple[float, str]:
        """Wait for the first such line; return it with its steady time."""

        def found() -> list[tuple[float, str]]:
            return [(at, line) for at, line in self.lines[after:] if matches(line)]

        with self._grown:
            self._grown.wait_for(lambda: found() or self._ended, limit)
            lines = found()
        assert lines, f"{what!r} did not come within {limit} s:\n{self.text}"
        return lines[0]

    def pass_time(self, seconds: float) -> None:
        """Let it run on for a while, or until it ends."""
        with self._grown:
            self._grown.wait_for(lambda: self._ended, seconds)

    def type(self, line: str) -> None:
        """Type a line and press Enter."""
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def interrupt(self) -> None:
        """Press Ctrl-C."""
        self.send(signal.SIGINT)

    def send(self, number: signal.Signals) -> None:
        """Send it a signal."""
        self._process.send_signal(number)

    def wait(self, limit: float = 10.0) -> int:
        """Wait until it has ended; return its exit code."""
        return self._process.wait(limit)

    def kill(self) -> None:
        """Kill -9, and take what was still printed."""
        self._process.kill()
        self._process.wait()
        self._reader.join(5.0)

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            with self._grown:
                self.lines.append((time.monotonic(), line.rstrip("\n")))
                self._grown.notify_all()
        with self._grown:
            self._ended = True
            self._grown.notify_all()
