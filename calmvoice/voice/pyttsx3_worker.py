"""One utterance by pyttsx3 in a process of its own: ``OUT.wav RATE VOICE``, the text on stdin.

Rules a change must respect:

- One process speaks once. In a second utterance of a process pyttsx3 2.99 ignores the rate in up
  to half of the cases, and a fork after use hangs.
- espeak-ng must be in place before ``import pyttsx3``, which looks for ``libespeak-ng.so.1`` when
  it is imported: the bundled library has that name, so loading it first is enough.
- Not ``runAndWait()``: it queues an ``endLoop`` of its own and returns before a long file is
  complete. The driver's loop ends by itself after the file was written and closed.
- pyttsx3 prints to stdout; nothing is read from there.
- espeak-ng treats a rate under 80 as 80; what is missing becomes a gap between the words, which
  pyttsx3 has no property for.
- What the driver raises inside the engine's callback is only printed, and its loop then never
  ends (an unwritable path does it): the hook ends the process at once.
- Exit status 0 means the engine said it finished; whether the file is any good is for the parent
  to judge. 1 means it did not, with the reason on stderr; the text is never repeated there.
"""

from __future__ import annotations

import ctypes
import math
import os
import sys
from pathlib import Path

SLOWEST_RATE = 80
RATE, WORD_GAP = 1, 7  # of espeak's enum espeak_PARAMETER
GAP_OF_ONE_WORD = 12  # units a short word takes at the slowest rate, where one lasts about 50 ms


def load_espeak() -> ctypes.CDLL:
    """Put the bundled espeak-ng and its data where pyttsx3 finds them; return the library."""
    import espeakng_loader

    os.environ["ESPEAK_DATA_PATH"] = str(Path(espeakng_loader.get_data_path()).parent)
    return ctypes.CDLL(espeakng_loader.get_library_path(), mode=ctypes.RTLD_GLOBAL)


def speak(text: str, path: str, rate: int, voice: str) -> str:
    """Write the sentence to ``path``; return what went wrong, or nothing."""
    espeak = load_espeak()
    import pyttsx3

    errors: list[str] = []
    finished: list[bool] = []

    def on_error(name: str | None = None, exception: Exception | None = None) -> None:  # noqa: ARG001 - pyttsx3 passes both by name
        errors.append(f"{type(exception).__name__} in the engine")

    def on_finish(name: str | None = None, completed: bool = False) -> None:  # noqa: ARG001 - pyttsx3 passes both by name
        finished.append(completed)

    engine = pyttsx3.init("espeak")
    engine.connect("error", on_error)
    engine.connect("finished-utterance", on_finish)
    engine.setProperty("voice", voice)
    engine.setProperty("rate", max(rate, SLOWEST_RATE))
    if rate < SLOWEST_RATE:
        gap = math.ceil(GAP_OF_ONE_WORD * (SLOWEST_RATE / rate - 1))
        espeak.espeak_SetParameter(WORD_GAP, gap, 0)
    engine.save_to_file(text, path)
    engine.startLoop()
    if errors:
        return errors[0]
    spoken_rate = espeak.espeak_GetParameter(RATE, 1)  # 1: as set; the property tells the default
    if spoken_rate != max(rate, SLOWEST_RATE):
        return f"the engine spoke at rate {spoken_rate}, asked was {rate}"
    if finished != [True]:
        return "the engine ended without saying that it finished"
    return ""


def _end_on_lost_error(lost: sys.UnraisableHookArgs) -> None:
    sys.stderr.write(f"{lost.exc_type.__name__}: {lost.exc_value}\n")
    sys.stderr.flush()
    os._exit(1)


def main() -> int:
    """Speak what stands on stdin."""
    sys.unraisablehook = _end_on_lost_error
    path, rate, voice = sys.argv[1:]
    problem = speak(sys.stdin.buffer.read().decode("utf-8"), path, int(rate), voice)
    if problem:
        sys.stderr.write(problem + "\n")
    sys.stderr.flush()
    # The engine's thread may still be inside its last callback: leaving without the interpreter's
    # own ending cannot hang or crash there, and the file is closed.
    os._exit(1 if problem else 0)


if __name__ == "__main__":
    main()
