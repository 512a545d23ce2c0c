"""Which sound devices this computer has, found by a part of their name."""

from __future__ import annotations

import os
import queue
import threading
from dataclasses import dataclass
from typing import Literal

from calmvoice.audio import portaudio
from calmvoice.errors import SoundError

Kind = Literal["input", "output"]

ANSWER_LIMIT = 5.0  # seconds; a frozen server hangs whoever asks


@dataclass(frozen=True)
class Device:
    """One device as PortAudio lists it: ``index`` is its number, the others count channels."""

    index: int
    name: str
    inputs: int
    outputs: int
    default_rate: int
    is_default_input: bool
    is_default_output: bool

    def does(self, kind: Kind) -> bool:
        """Return whether it has a channel of this kind."""
        return (self.inputs if kind == "input" else self.outputs) > 0


def list_devices() -> tuple[Device, ...]:
    """Return all devices; raises ``SoundError`` without PortAudio or an answer from the server.

    PortAudio asks the system once, when it is loaded: see ``portaudio.look_again``.
    """
    answer: queue.SimpleQueue[tuple[Device, ...] | SoundError] = queue.SimpleQueue()

    def ask() -> None:
        try:
            answer.put(_ask())
        except SoundError as error:
            answer.put(error)

    error_output = os.dup(2)
    threading.Thread(target=ask, name="devices", daemon=True).start()
    try:
        found = answer.get(timeout=ANSWER_LIMIT)
    except queue.Empty:
        os.dup2(error_output, 2)  # sounddevice silences it while it asks, and is still asking
        raise SoundError(
            f"the sound server did not answer for {ANSWER_LIMIT:g} s",
            "Restart it (on most desktops: systemctl --user restart pipewire or pulseaudio).",
        ) from None
    finally:
        os.close(error_output)
    if isinstance(found, SoundError):
        raise found
    return found


def _ask() -> tuple[Device, ...]:
    sounddevice = portaudio.library()
    try:
        entries = list(sounddevice.query_devices())
    except sounddevice.PortAudioError as error:
        raise SoundError(f"the sound devices cannot be listed ({error})") from error
    default_input, default_output = sounddevice.default.device
    if default_input < 0:
        default_input = sounddevice._lib.Pa_GetDefaultInputDevice()
    if default_output < 0:
        default_output = sounddevice._lib.Pa_GetDefaultOutputDevice()
    return tuple(
        Device(
            index=index,
            name=str(entry["name"]),
            inputs=int(entry["max_input_channels"]),
            outputs=int(entry["max_output_channels"]),
            default_rate=round(entry["default_samplerate"]),
            is_default_input=index == default_input,
            is_default_output=index == default_output,
        )
        for index, entry in enumerate(entries)
    )


def find_device(substring: str, kind: Kind) -> Device:
    """Return the device whose name contains ``substring`` in any case; the default one for "".

    Several: the default one if it is among them, else the first. Raises ``SoundError`` with the
    candidates when there is none.
    """
    candidates = [device for device in list_devices() if device.does(kind)]
    found = [device for device in candidates if substring.lower() in device.name.lower()]
    default = [
        device
        for device in found
        if (device.is_default_input if kind == "input" else device.is_default_output)
    ]
    if default or found:
        return (default or found)[0]
    wanted = f"{kind} device with “{substring}” in its name" if substring else f"{kind} device"
    names = ", ".join(f"“{device.name}”" for device in candidates)
    raise SoundError(
        f"there is no {wanted}; there is {names}" if names else f"there is no {wanted}",
        "Is it plugged in, and is the sound server running?",
    )
