"""The studio: turns lines of text into clips ready for the loudspeaker, and has them at hand.

Rules a change must respect:

- A clip comes from memory, else from disk, else from the voice; two threads that ask for one text
  wait for one rendering.
- Every clip is 48 kHz, trimmed, levelled, with one cue whose place follows from ``levels``.
- No text stands in a log.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from pathlib import Path

from calmvoice.ports import Voice
from calmvoice.sound import Clip, Cue, Sound
from calmvoice.voice.clip_cache import ClipCache
from calmvoice.voice.descent import lowered
from calmvoice.voice.levels import LEAD, TAIL, levelled, resampled, trimmed

WORKERS = 2  # the work is in child processes; a Raspberry Pi keeps two cores for the ears
CACHE_BYTES = 100_000_000  # about 300 sentences of 3.3 s
MEMORY_SECONDS = 60.0  # 12 MB of float samples at 48 kHz; the disk gives one in milliseconds


class Studio:
    """Prepares and keeps clips in one voice; safe to call from any thread."""

    def __init__(
        self,
        voice: Voice,
        cache_directory: Path,
        *,
        cache_bytes: int = CACHE_BYTES,
        memory_seconds: float = MEMORY_SECONDS,
    ) -> None:
        """Render nothing and touch no disk yet."""
        self._voice = voice
        self._disk = ClipCache(cache_directory, voice.identity, cache_bytes)
        self._memory_seconds = memory_seconds
        self._lock = threading.Lock()
        self._memory: OrderedDict[str, Clip] = OrderedDict()
        self._coming: dict[str, Future[Clip]] = {}

    def clip(self, text: str, depth: int = 0) -> Clip:
        """Return the clip of one line; raises ``VoiceError`` when it has to be and cannot be made.

        ``depth`` says how far the voice has come down. Takes microseconds from memory, a few
        milliseconds from disk or from a depth, else as long as the voice.
        """
        return lowered(self._usual(text), depth)

    def _usual(self, text: str) -> Clip:
        with self._lock:
            if text in self._memory:
                self._memory.move_to_end(text)
                return self._memory[text]
            coming = self._coming.get(text)
            mine = coming is None
            if coming is None:
                coming = self._coming[text] = Future()
        if not mine:
            return coming.result()
        try:
            clip = self._made(text)
        except BaseException as error:
            coming.set_exception(error)
            raise
        else:
            self._remember(text, clip)
            coming.set_result(clip)
            return clip
        finally:
            with self._lock:
                del self._coming[text]

    def ready(self, text: str) -> bool:
        """Say whether the clip is in memory or on disk."""
        with self._lock:
            if text in self._memory:
                return True
        return self._disk.has(text)

    def prepare(self, texts: Iterable[str], on_progress: Callable[[int, int], None]) -> None:
        """Make the clips that are missing; ``on_progress(ready, all)`` is called in this thread.

        It is called once before the first and after each. Stops at the first ``VoiceError``.
        """
        wanted = list(dict.fromkeys(texts))
        missing = [text for text in wanted if not self.ready(text)]
        done = len(wanted) - len(missing)
        on_progress(done, len(wanted))
        pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="studio")
        try:
            for future in as_completed([pool.submit(self._usual, text) for text in missing]):
                future.result()
                done += 1
                on_progress(done, len(wanted))
        finally:
            pool.shutdown(wait=True, cancel_futures=True)

    def _made(self, text: str) -> Clip:
        sound = self._disk.load(text)
        if sound is None:
            sound = levelled(trimmed(resampled(self._voice.render(text))))
            self._disk.save(text, sound)
        return Clip(sound, (Cue(text, LEAD, _end(sound)),))

    def _remember(self, text: str, clip: Clip) -> None:
        with self._lock:
            self._memory[text] = clip
            seconds = sum(kept.sound.seconds for kept in self._memory.values())
            while seconds > self._memory_seconds and len(self._memory) > 1:
                _, oldest = self._memory.popitem(last=False)
                seconds -= oldest.sound.seconds


def _end(sound: Sound) -> int:
    return len(sound.samples) - TAIL
