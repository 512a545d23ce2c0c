"""The echo canceller of libspeexdsp, a system library (Debian: ``libspeexdsp1``), through ctypes.

Rules: one canceller belongs to one thread; its C state is freed with it; without the library
everything goes on, only a person is heard less well while CalmVoice speaks.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import weakref

import numpy as np

from calmvoice.errors import SoundError
from calmvoice.sound import MICROPHONE_RATE, PcmSamples

FRAME = 160  # samples: 10 ms, what one call of the library takes
TAIL_SECONDS = 0.4  # loop delay and the room; docs/DESIGN.md
PACKAGE = "libspeexdsp1"
HINT = f"sudo apt install {PACKAGE}"

_NAMES = ("libspeexdsp.so.1", "libspeexdsp.so", "libspeexdsp.1.dylib", "libspeexdsp.dylib")
_SET_SAMPLING_RATE = 24  # SPEEX_ECHO_SET_SAMPLING_RATE in speex/speex_echo.h


def load_library() -> ctypes.CDLL:
    """Return libspeexdsp; raises ``SoundError`` where it is not installed."""
    for name in (ctypes.util.find_library("speexdsp"), *_NAMES):
        if name is None:
            continue
        try:
            library = ctypes.CDLL(name)
            declared = _declare(library)
        except (OSError, AttributeError):
            continue
        return declared
    raise SoundError("libspeexdsp is not installed: no echo canceller", HINT)


class EchoCanceller:
    """Takes the echo of a reference out of a microphone; needs some seconds of echo to learn it.

    The echo may come up to ``TAIL_SECONDS`` after the reference, never before it.
    """

    def __init__(self) -> None:
        """Load the library; raises ``SoundError`` where there is none."""
        self._library = load_library()
        self._microphone: PcmSamples = np.empty(0, np.int16)
        self._reference: PcmSamples = np.empty(0, np.int16)
        self._begin()

    @property
    def kept(self) -> int:
        """How many samples wait for the rest of their frame: the end of what was given."""
        return len(self._microphone)

    def cancel(self, microphone: PcmSamples, reference: PcmSamples) -> PcmSamples:
        """Return the microphone without the echo: whole frames, the rest comes with the next call.

        Both are int16 at 16 kHz, of one length, and of the same moments.
        """
        if len(microphone) != len(reference):
            raise ValueError(f"{len(microphone)} samples heard, {len(reference)} played")
        microphone = np.concatenate([self._microphone, microphone])
        reference = np.concatenate([self._reference, reference])
        whole = len(microphone) // FRAME * FRAME
        self._microphone, self._reference = microphone[whole:].copy(), reference[whole:].copy()
        out = np.empty(whole, np.int16)
        for at in range(0, whole, FRAME):
            self._library.speex_echo_cancellation(
                self._state,
                microphone[at:].ctypes.data,
                reference[at:].ctypes.data,
                out[at:].ctypes.data,
            )
        return out

    def flush(self) -> PcmSamples:
        """Return the samples that wait for the rest of their frame, as they came."""
        rest = self._microphone
        self._empty()
        return rest

    def reset(self) -> None:
        """Forget the room: the microphone or the loudspeaker is another one."""
        self._free()  # the library's own reset keeps the memory of its filters
        self._begin()

    def close(self) -> None:
        """Free the state; the canceller is of no use any more."""
        self._free()

    def _begin(self) -> None:
        self._state = self._library.speex_echo_state_init(
            FRAME, round(TAIL_SECONDS * MICROPHONE_RATE)
        )
        if not self._state:
            raise SoundError("libspeexdsp gave no echo canceller", "Is there memory left?")
        self._free = weakref.finalize(self, self._library.speex_echo_state_destroy, self._state)
        rate = ctypes.c_int(MICROPHONE_RATE)
        self._library.speex_echo_ctl(self._state, _SET_SAMPLING_RATE, ctypes.byref(rate))
        self._empty()

    def _empty(self) -> None:
        self._microphone = np.empty(0, np.int16)
        self._reference = np.empty(0, np.int16)


def _declare(library: ctypes.CDLL) -> ctypes.CDLL:
    """Say what the functions take: without it a pointer is cut to 32 bits."""
    pointer, number = ctypes.c_void_p, ctypes.c_int
    library.speex_echo_state_init.argtypes = [number, number]
    library.speex_echo_state_init.restype = pointer
    library.speex_echo_ctl.argtypes = [pointer, number, pointer]
    library.speex_echo_cancellation.argtypes = [pointer] * 4
    library.speex_echo_cancellation.restype = None
    library.speex_echo_state_destroy.argtypes = [pointer]
    library.speex_echo_state_destroy.restype = None
    return library
