"""Sentences by Piper in a process of its own: ``MODEL.onnx``, a JSON line a sentence on stdin.

Rules a change must respect:

- Piper is under the GPL, and with onnxruntime it takes 260 MB: it is never imported by CalmVoice
  itself, only by this process, which ends by itself when nothing was asked for a while.
- Each line ``{"text": …, "length_scale": …}`` is answered by a line ``{"rate": …, "bytes": …}`` and
  so many bytes of int16 samples, or by ``{"error": …}``; the text is never repeated there.
- No network, no downloads: the model is a file, and only its own phonemes are used.
- The length of a sentence is not left to chance (``noise_w_scale`` is 0): one text at one speed
  always lasts the same.
"""

from __future__ import annotations

import json
import select
import sys
from collections.abc import Callable
from typing import Any

IDLE_SECONDS = 20.0  # longer than the gaps between the sentences of one bridge
NOISE = 0.667  # the voices' own figure: how much a sound varies, not how long it is


def load(model: str) -> Callable[[str, float], dict[str, Any]]:
    """Load the voice; return what speaks a text at a length scale into rate and samples."""
    from piper import PiperVoice, SynthesisConfig

    voice = PiperVoice.load(model)

    def speak(text: str, length_scale: float) -> dict[str, Any]:
        how = SynthesisConfig(
            length_scale=length_scale,
            noise_scale=NOISE,
            noise_w_scale=0.0,
            normalize_audio=False,
        )
        parts = [chunk.audio_int16_bytes for chunk in voice.synthesize(text, how)]
        return {"rate": voice.config.sample_rate, "samples": b"".join(parts)}

    return speak


def answer(line: bytes, speak: Callable[[str, float], dict[str, Any]]) -> bytes:
    """Return the answer to one line; what goes wrong is named by its kind only."""
    try:
        wanted = json.loads(line)
        spoken = speak(wanted["text"], wanted["length_scale"])
    except Exception as error:  # noqa: BLE001 - the parent shall know, whatever the library raises
        return json.dumps({"error": f"{type(error).__name__} in the engine"}).encode() + b"\n"
    head = {"rate": spoken["rate"], "bytes": len(spoken["samples"])}
    return json.dumps(head).encode() + b"\n" + bytes(spoken["samples"])


def main() -> int:
    """Answer until nobody asks."""
    lines, out = sys.stdin.buffer, sys.stdout.buffer
    try:
        speak = load(sys.argv[1])
    except Exception as error:  # noqa: BLE001 - the parent shall know, whatever the library raises
        reason = f"the voice cannot be loaded ({type(error).__name__})"
        out.write(json.dumps({"error": reason}).encode() + b"\n")
        return 1
    # The parent asks for one sentence at a time, so that no line waits in Python's own buffer.
    while select.select([lines], [], [], IDLE_SECONDS)[0] and (line := lines.readline()):
        out.write(answer(line, speak))
        out.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
