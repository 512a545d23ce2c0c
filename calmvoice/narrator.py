"""Speaks scripts through the loudspeaker: prepares the clips on a thread of its own.

Rules: the thread that applies events never waits for a voice; a script that was hushed is not
prepared any further; a ticket is always sealed, so its end always comes; a time is told only when
it is on the disk.
"""

from __future__ import annotations

import queue
import threading
from dataclasses import dataclass

from calmvoice.disk_gate import DiskGate
from calmvoice.ports import Speaker
from calmvoice.prompter import Prompter
from calmvoice.session.script import Script

SENTENCE_AND_GAP = 2  # clips that need no disk: no bridge tells the time in its first sentence


@dataclass(frozen=True)
class _Job:
    ticket: int
    script: Script
    depth: int


class Narrator:
    """Plays one script at a time; all methods return at once."""

    def __init__(self, prompter: Prompter, speaker: Speaker, gate: DiskGate | None = None) -> None:
        self._prompter, self._speaker = prompter, speaker
        self._gate = gate or DiskGate()
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._current = 0
        self._thread = threading.Thread(target=self._run, name="narrator", daemon=True)
        self._thread.start()

    def play(self, ticket: int, script: Script, gain_db: float, depth: int = 0) -> None:
        """Begin a script; its end is reported by the speaker."""
        self._current = ticket
        self._speaker.start(ticket, gain_db)
        self._jobs.put(_Job(ticket, script, depth))

    def finish(self, ticket: int) -> None:
        """End it with the breath that is being taken."""
        self._speaker.finish(ticket)

    def hush(self) -> None:
        """Be silent at once."""
        self._current = 0
        self._speaker.hush()

    def close(self) -> None:
        """Prepare nothing more."""
        self._current = 0
        self._jobs.put(None)
        self._thread.join(timeout=2.0)

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            try:
                for number, clip in enumerate(self._prompter.clips(job.script, job.depth)):
                    if number == SENTENCE_AND_GAP:
                        self._gate.wait()
                    if self._current != job.ticket:
                        break
                    self._speaker.append(job.ticket, clip)
            finally:
                self._speaker.seal(job.ticket)
