"""Two knocks as a signal without words: asked about first, and never taken from our own sound.

Rules: it means something only where a pause may begin; nothing is listened to while CalmVoice
speaks, or the microphone is switched off; a knock never says "here", because a thing that fell
down must not answer for a person.
"""

from __future__ import annotations

from collections.abc import Callable

from calmvoice.attendants import Attendant
from calmvoice.ears.knock import KnockDetector
from calmvoice.meanings import Meaning
from calmvoice.session.events import Said
from calmvoice.session.stages import Stage
from calmvoice.session.table import ROWS
from calmvoice.shell import Status
from calmvoice.sound import PcmSamples

STAGES = frozenset(row.stage for row in ROWS if row.on is Meaning.SIGNAL and Stage.DOUBT in row.to)
"""Where a signal that is not sure asks first."""


class Knocking(Attendant):
    """Listens for two knocks beside the ears."""

    def __init__(self, post: Callable[[Said], None]) -> None:
        self._post = post
        self._detector = KnockDetector()
        self._may_begin = False
        self._speaking = self._is_deaf = False

    def before_speaking(self) -> None:
        """Do not listen to ourselves."""
        self._speaking = True

    def show_status(self, status: Status) -> None:
        """Note whether a pause may begin now."""
        self._may_begin = status.stage in STAGES
        self._speaking, self._is_deaf = status.is_speaking, status.is_deaf

    def take(self, samples: PcmSamples, captured_at: float) -> None:  # noqa: ARG002 - as Chunk
        """Listen to the next chunk; runs on the microphone's thread."""
        if self._speaking or self._is_deaf:
            self._detector = KnockDetector()
        elif self._detector.feed(samples) and self._may_begin:
            self._post(Said(Meaning.SIGNAL, sure=False, by_key=True))
