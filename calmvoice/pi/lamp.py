"""A lamp on a pin: steady while it listens, a slow breath in a pause, dark with the microphone off.

Rule: dark means that nothing is heard, always; so a pause without a microphone is dark too.
"""

from __future__ import annotations

import threading
from typing import Any

from calmvoice.attendants import Attendant
from calmvoice.pi import pins
from calmvoice.session.stages import AWAY
from calmvoice.shell import Status

STEADY, BREATH, DARK = "steady", "breath", "dark"


class Lamp(Attendant):
    """Shows whether the microphone is heard, and whether a pause runs."""

    def __init__(self, pin: int, in_seconds: float, out_seconds: float) -> None:
        """Begin with a pin and the couple's own breath."""
        self._pin, self._breath = pin, (in_seconds, out_seconds)
        self._lock = threading.Lock()
        self._device: Any = None
        self._apart = False
        self._works = False
        self._is_deaf = False
        self._shown = ""

    def begin(self) -> None:
        """Take the pin; raises ``SettingsError`` where there is none."""
        device = pins.device("led_pin", self._pin, lambda gpio: gpio.PWMLED(self._pin))
        with self._lock:
            self._device = device
            self._show()

    def show_status(self, status: Status) -> None:
        """A pause may have begun or ended, or the microphone been switched off."""
        with self._lock:
            self._apart, self._is_deaf = status.stage in AWAY, status.is_deaf
            self._show()

    def show_microphone(self, works: bool) -> None:
        """The microphone is heard, or not."""
        with self._lock:
            self._works = works
            self._show()

    def close(self) -> None:
        """Go dark, and let go of the pin."""
        with self._lock:
            if self._device is not None:
                self._device.close()
                self._device = None

    def _show(self) -> None:
        hears = self._works and not self._is_deaf
        show = DARK if not hears else BREATH if self._apart else STEADY
        if self._device is None or show == self._shown:
            return
        self._shown = show
        if show == BREATH:
            self._device.pulse(*self._breath)
        elif show == STEADY:
            self._device.on()
        else:
            self._device.off()
