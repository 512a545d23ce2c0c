"""The one door to PortAudio: it is loaded late, and its streams are counted.

Rules:
1. Nothing else imports sounddevice, and nothing imports it before a device is needed.
2. PortAudio lists devices once. Listing them again ends every open stream, so ``look_again`` does
   nothing while one lives, the microphone's or the loudspeaker's.
3. Every call here except ``let_go`` may hang while the sound server is frozen: call them from a
   thread that can be abandoned.
"""

from __future__ import annotations

import atexit
import logging
import threading
from collections.abc import Callable
from functools import cache
from typing import Any, Protocol

from calmvoice.errors import SoundError
from calmvoice.memory import give_back_sound_plugins

logger = logging.getLogger(__name__)

INSTALL_HINT = "sudo apt install libportaudio2"

_lock = threading.Lock()
_live = 0
_looking = False


class Stream(Protocol):
    """What is used of sounddevice's streams."""

    @property
    def time(self) -> float:
        """The present time of the clock that the callback's times are given in."""

    def start(self) -> None:
        """Begin calling back."""

    def abort(self) -> None:
        """End at once, dropping what is buffered."""

    def close(self) -> None:
        """Free the device."""


@cache
def library() -> Any:
    """Return the sounddevice module; raises ``SoundError`` when PortAudio is not installed."""
    try:
        import sounddevice
    except Exception as error:
        raise SoundError(f"PortAudio cannot be loaded ({error})", INSTALL_HINT) from error
    # Its exit handler waits for the sound server, which may be frozen: a process that is about
    # to end frees its devices without asking.
    atexit.unregister(sounddevice._exit_handler)
    give_back_sound_plugins()
    return sounddevice


def open_stream(make: Callable[[Any], Stream]) -> Stream:
    """Return the stream that ``make`` creates with the library; raises ``SoundError``."""
    sounddevice = library()
    _claim()
    try:
        stream = make(sounddevice)
    except (sounddevice.PortAudioError, ValueError) as error:
        _release()
        raise SoundError(
            f"the sound device cannot be opened ({error})",
            "Is it in use, or unplugged?",
        ) from error
    except BaseException:
        _release()
        raise
    return stream


def begin(stream: Stream) -> None:
    """Let the stream call back; raises ``SoundError``."""
    try:
        stream.start()
    except library().PortAudioError as error:
        raise SoundError(f"the sound device cannot be started ({error})") from error


def let_go(stream: Stream, gone: threading.Event) -> None:
    """Silence and close a stream on a thread of its own; sets ``gone`` when that has been done.

    ``stop`` would wait for the buffer and may hang; ``abort`` takes 1–2 ms.
    """

    def close() -> None:
        try:
            stream.abort()
            stream.close()
        finally:
            _release()
            gone.set()

    threading.Thread(target=close, name="close-stream", daemon=True).start()


def look_again() -> bool:
    """List the devices anew, if no stream lives; returns whether that was done."""
    global _looking
    sounddevice = library()
    with _lock:
        if _live or _looking:
            return False
        _looking = True
    try:
        if sounddevice._initialized:
            sounddevice._terminate()
        sounddevice._initialize()
        give_back_sound_plugins()
    except sounddevice.PortAudioError as error:
        raise SoundError(f"PortAudio cannot be started ({error})") from error
    finally:
        with _lock:
            _looking = False
    return True


def _claim() -> None:
    global _live
    with _lock:
        if _looking:
            raise SoundError("the sound devices are being listed", "Try again in a moment.")
        _live += 1


def _release() -> None:
    global _live
    with _lock:
        _live -= 1
