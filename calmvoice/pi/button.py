"""A button between a pin and ground: what any key is on a keyboard."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from calmvoice.attendants import Attendant
from calmvoice.keys import ANY_KEY
from calmvoice.pi import pins
from calmvoice.session.events import Said
from calmvoice.session.stages import Stage
from calmvoice.shell import Status

BOUNCE_SECONDS = 0.03  # a cheap button rings for 5 to 20 ms


class Button(Attendant):
    """Posts the silent signal, or "here" when both are called back."""

    def __init__(self, pin: int, post: Callable[[Said], None]) -> None:
        self._pin, self._post = pin, post
        self._stage: Stage | None = None
        self._device: Any = None

    def begin(self) -> None:
        """Take the pin; raises ``SettingsError`` where there is none."""
        self._device = pins.device(
            "button_pin", self._pin, lambda gpio: gpio.Button(self._pin, bounce_time=BOUNCE_SECONDS)
        )
        self._device.when_pressed = self.press

    def press(self) -> None:
        """Take a press; where any key would mean nothing it means nothing."""
        meaning = ANY_KEY.get(self._stage) if self._stage is not None else None
        if meaning is not None:
            self._post(Said(meaning, by_key=True))

    def show_status(self, status: Status) -> None:
        """Note what a press means from now on."""
        self._stage = status.stage

    def close(self) -> None:
        """Let go of the pin."""
        if self._device is not None:
            self._device.close()
