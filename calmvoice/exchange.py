"""Says something in the room and takes the answer: a word that was heard, or a typed line.

Rules: one thing is said at a time; an answer silences it; the microphone's sound goes into the
ears and nowhere else. It belongs to the thread that asks; others only post.
"""

from __future__ import annotations

import contextlib
import os
import queue
import select
from collections.abc import Callable, Mapping, Sequence

from calmvoice.agreement.making import Stopped
from calmvoice.agreement.spoken import Answer
from calmvoice.language import sentences
from calmvoice.meanings import Meaning
from calmvoice.ports import Speaker
from calmvoice.prompter import SENTENCE_GAP_SECONDS, Clips
from calmvoice.session.events import Said
from calmvoice.sound import Clip, silence

ANSWERS: Mapping[Meaning, Answer] = {
    Meaning.YES: Answer.YES,
    Meaning.NOT_NOW: Answer.NO,
    Meaning.STOP: Answer.LATER,
}
"""What the ears listen for, and what it means here."""
LOOK_SECONDS = 0.05  # how often the keyboard is looked at
LATE_SECONDS = 5.0  # a loudspeaker that reports no end by then is not waited for any longer

Happened = Said | int | str
"""A word that was heard, the ticket that ended, or a line that was typed."""
Wait = Callable[[float], "Happened | None"]
"""Waits at most so many seconds for the next thing; None is that nothing happened."""


class Inbox:
    """What happens while something is said: posted by others, and the lines of a keyboard."""

    def __init__(self, keyboard: int | None) -> None:
        """Take the file descriptor of the keyboard, if there is one."""
        self._keyboard = keyboard
        self._posted: queue.SimpleQueue[Happened] = queue.SimpleQueue()
        self._typed = b""

    def post(self, happened: Happened) -> None:
        """Put something in; from any thread."""
        self._posted.put(happened)

    def wait(self, seconds: float) -> Happened | None:
        """Wait for the next thing; raises ``Stopped`` for Ctrl-C and a closed terminal."""
        try:
            for _ in range(max(1, round(seconds / LOOK_SECONDS))):
                if (line := self._line()) is not None:
                    return line
                with contextlib.suppress(queue.Empty):
                    return self._posted.get(timeout=LOOK_SECONDS)
        except KeyboardInterrupt:
            raise Stopped from None
        return None

    def _line(self) -> str | None:
        """Return the next typed line, if there is a whole one."""
        if b"\n" not in self._typed:
            self._read()
        line, newline, rest = self._typed.partition(b"\n")
        if not newline and (self._keyboard is not None or not line):
            return None  # a closed pipe may end without a line end: what it held is a line
        self._typed = rest
        return line.decode("utf-8", "replace")

    def _read(self) -> None:
        if self._keyboard is None or not select.select([self._keyboard], [], [], 0)[0]:
            return
        part = os.read(self._keyboard, 4096)
        if not part and os.isatty(self._keyboard):
            raise Stopped
        if not part:
            self._keyboard = None  # nobody can type: the voice is enough
        self._typed += part


class RoomExchange:
    """An ``Exchange`` through a speaker and whatever posts into its inbox."""

    def __init__(self, studio: Clips, speaker: Speaker, wait: Wait) -> None:
        self._studio, self._speaker, self._wait = studio, speaker, wait
        self._ticket = 0

    def say(self, texts: Sequence[str], wait_seconds: float) -> Answer | str | None:
        """Speak, then wait so long; an answer in between ends both."""
        self._ticket += 1
        self._speaker.start(self._ticket)
        spoken = 0.0
        for sentence in (part for text in texts for part in sentences(text)):
            for clip in (self._studio.clip(sentence), Clip(silence(SENTENCE_GAP_SECONDS))):
                spoken += clip.sound.seconds
                self._speaker.append(self._ticket, clip)
        self._speaker.seal(self._ticket)
        reply = self._reply(spoken + LATE_SECONDS, until_end=True)
        if reply is None and wait_seconds:
            reply = self._reply(wait_seconds, until_end=False)
        self._speaker.hush()
        return reply

    def _reply(self, seconds: float, *, until_end: bool) -> Answer | str | None:
        """Return the first answer; None at the end of the ticket, or of the time."""
        while (happened := self._wait(seconds)) is not None:
            if isinstance(happened, str):
                return happened
            if isinstance(happened, Said) and happened.meaning in ANSWERS:
                return ANSWERS[happened.meaning]
            if until_end and happened == self._ticket:
                return None
        return None
