"""Carries what the ears hear into the inbox, and lets CalmVoice's own voice pass.

Rules: it runs on the microphone's thread; audio goes into the ears and nowhere else; what is
posted is a meaning, never a word.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from calmvoice.language import words_of
from calmvoice.meanings import SIGNALS, Meaning
from calmvoice.ports import Ears, Heard
from calmvoice.session.events import Said
from calmvoice.sound import MICROPHONE_RATE, PcmSamples

log = logging.getLogger(__name__)

ECHO_BEFORE_SECONDS = 0.3  # a word may be placed this much before it was spoken...
ECHO_AFTER_SECONDS = 0.8  # ...or be heard this much after: the loop through the room

Phrases = Mapping[Meaning, Sequence[str]]


class OwnVoice(Protocol):
    """Knows what CalmVoice itself says; every speaker does."""

    def spoken(self, start: float, end: float) -> tuple[str, ...]:
        """Return the texts audible at any moment of steady time ``start`` to ``end``."""


class Cleaner(Protocol):
    """Takes our own voice out of what the microphone hears."""

    def clean(self, samples: PcmSamples, captured_at: float) -> tuple[PcmSamples, float]:
        """Take a chunk and the steady time of its last sample; return both of what is clean."""

    def is_ours(self, start: float, end: float) -> bool:
        """Return whether what was heard between these times was mostly our own voice."""

    def is_other(self, start: float, end: float) -> bool:
        """Return whether what was heard between these times was surely not our own voice."""


class Listener:
    """Feeds the ears and posts what was said by someone else than ourselves."""

    def __init__(
        self,
        ears: Ears,
        phrases: Phrases,
        own_voice: OwnVoice,
        post: Callable[[Said], None],
        cleaner: Cleaner | None = None,
    ) -> None:
        self._ears, self._phrases, self._own_voice, self._post = ears, phrases, own_voice, post
        self._cleaner = cleaner
        self._fed_seconds = 0.0
        self._wanted: frozenset[Meaning] | None = None
        self._lock = threading.Lock()
        self._feeding = threading.Lock()
        self._is_paused = False

    def expect(self, meanings: frozenset[Meaning]) -> None:
        """Listen for these from the next chunk on; may be called from any thread."""
        with self._lock:
            self._wanted = meanings

    def pause(self) -> None:
        """Forget what was heard, and let pass what still comes; from any thread."""
        with self._feeding:
            self._is_paused = True
            self._ears.clear()

    def resume(self) -> None:
        """Listen again, from the next chunk on."""
        with self._feeding:
            self._is_paused = False

    def take(self, samples: PcmSamples, captured_at: float) -> None:
        """Take a chunk whose last sample was captured at this steady time.

        Raises whatever the recogniser raises, and begins anew with the next chunk.
        """
        with self._feeding:
            if self._is_paused:
                return
            try:
                self._hear(samples, captured_at)
            except Exception:
                self._ears.clear()
                raise

    def _hear(self, samples: PcmSamples, captured_at: float) -> None:
        with self._lock:
            wanted, self._wanted = self._wanted, None
        if wanted is not None:
            try:
                self._ears.expect({meaning: self._phrases[meaning] for meaning in wanted})
            except Exception:
                with self._lock:  # tried again with the next chunk, if nothing newer is wanted
                    self._wanted = wanted if self._wanted is None else self._wanted
                raise
        if self._cleaner is not None:
            samples, captured_at = self._cleaner.clean(samples, captured_at)
        self._fed_seconds += len(samples) / MICROPHONE_RATE
        began = captured_at - len(samples) / MICROPHONE_RATE
        sounding = self._own_voice.spoken(began - ECHO_AFTER_SECONDS, captured_at)
        for heard in self._ears.feed(samples, own_voice=bool(sounding)):
            if self._is_own_voice(heard, captured_at - self._fed_seconds):
                log.debug("heard %s from the loudspeaker", heard.meaning.value)
                continue
            # Which of two signals it was is not told: each may be one person's own.
            what = Meaning.SIGNAL if heard.meaning in SIGNALS else heard.meaning
            log.info("heard %s%s", what.value, "" if heard.sure else ", perhaps")
            self._post(Said(heard.meaning, heard.sure))

    def _is_own_voice(self, heard: Heard, audio_began: float) -> bool:
        spoken = self._own_voice.spoken(
            audio_began + heard.start_seconds - ECHO_AFTER_SECONDS,
            audio_began + heard.at_seconds + ECHO_BEFORE_SECONDS,
        )
        ours = any(
            holds(text, phrase) for text in spoken for phrase in self._phrases[heard.meaning]
        )
        if self._cleaner is None:
            return ours
        began, ended = audio_began + heard.start_seconds, audio_began + heard.at_seconds
        if self._cleaner.is_ours(began, ended):
            return True
        return ours and not self._cleaner.is_other(began, ended)


def holds(text: str, phrase: str) -> bool:
    """Return whether the words of a phrase stand side by side in a text."""
    words, wanted = words_of(text), words_of(phrase)
    return any(words[at : at + len(wanted)] == wanted for at in range(len(words) - len(wanted) + 1))
