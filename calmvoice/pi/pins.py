"""The one door to gpiozero: loaded late, because only a Raspberry Pi has it.

Rule: it reaches the pins through lgpio unless ``GPIOZERO_PIN_FACTORY`` says otherwise; left to
itself it would also try a daemon over the network.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from calmvoice.errors import SettingsError


def device(setting: str, pin: int, make: Callable[[Any], Any]) -> Any:
    """Return what ``make`` builds with gpiozero.

    Raises ``SettingsError`` that names the setting where there is no such pin, or no gpiozero.
    """
    try:
        import gpiozero
    except ImportError as error:
        raise SettingsError(
            f"computer.{setting} is {pin}, and gpiozero is not installed",
            'Run: pip install "calmvoice[pi]"',
        ) from error
    os.environ.setdefault("GPIOZERO_PIN_FACTORY", "lgpio")
    try:
        return make(gpiozero)
    except (gpiozero.exc.GPIOZeroError, ImportError, OSError) as error:
        raise SettingsError(
            f"computer.{setting} is {pin}: {str(error) or type(error).__name__}",
            "Is this a Raspberry Pi, and are you in its group gpio? 0 is no pin.",
        ) from error
