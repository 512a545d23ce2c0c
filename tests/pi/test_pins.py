"""The button and the lamp on gpiozero's own mock pins."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace

import gpiozero
import pytest
from gpiozero.pins.mock import MockFactory, MockPWMPin

from calmvoice.errors import SettingsError
from calmvoice.meanings import Meaning
from calmvoice.pi.button import Button
from calmvoice.pi.lamp import Lamp
from calmvoice.session.events import Said
from calmvoice.session.stages import Stage
from calmvoice.settings import Computer
from calmvoice.shell import Status

BUTTON, LED = 17, 18
LIMIT = 20.0
LISTENING = Status(Stage.LISTENING, None, frozenset(), False)


def at(stage: Stage) -> Status:
    return replace(LISTENING, stage=stage)


@pytest.fixture
def pins() -> Iterator[MockFactory]:
    factory = MockFactory(pin_class=MockPWMPin)
    gpiozero.Device.pin_factory = factory
    yield factory
    factory.reset()
    gpiozero.Device.pin_factory = None


class Inbox:
    def __init__(self) -> None:
        self.posted: list[Said] = []
        self._came = threading.Condition()

    def post(self, said: Said) -> None:
        with self._came:
            self.posted.append(said)
            self._came.notify_all()

    def wait_for(self, count: int) -> list[Said]:
        with self._came:
            assert self._came.wait_for(lambda: len(self.posted) == count, LIMIT), self.posted
            return self.posted


def test_a_press_is_any_key(pins: MockFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("calmvoice.pi.button.BOUNCE_SECONDS", None)
    inbox = Inbox()
    button = Button(BUTTON, inbox.post)
    button.begin()
    pin = pins.pin(BUTTON)

    def press() -> None:
        pin.drive_low()
        pin.drive_high()

    press()  # before anything is known
    for stage in (Stage.LISTENING, Stage.BREATHING, Stage.CALLING, Stage.OWED):
        button.show_status(at(stage))
        press()
    assert inbox.wait_for(3) == [
        Said(Meaning.SIGNAL, by_key=True),
        Said(Meaning.HERE, by_key=True),
        Said(Meaning.HERE, by_key=True),
    ]
    button.close()
    assert pin.function == "input"


def light(pins: MockFactory) -> MockPWMPin:
    pin = pins.pin(LED)
    assert isinstance(pin, MockPWMPin)
    return pin


def test_the_lamp_is_dark_until_the_microphone_is_heard_and_when_it_is_off(
    pins: MockFactory,
) -> None:
    lamp = Lamp(LED, 4, 6)
    lamp.begin()
    lamp.show_status(LISTENING)
    assert light(pins).state == 0
    lamp.show_microphone(True)
    assert light(pins).state == 1
    lamp.show_microphone(False)
    assert light(pins).state == 0
    lamp.show_status(at(Stage.BREATHING))
    assert light(pins).state == 0  # a pause by key, with the microphone off
    lamp.show_status(LISTENING)
    lamp.show_microphone(True)
    lamp.show_status(replace(LISTENING, is_deaf=True))
    assert light(pins).state == 0  # guests
    lamp.show_microphone(True)  # it is let go of, and not lost
    assert light(pins).state == 0
    lamp.show_status(LISTENING)
    assert light(pins).state == 1
    lamp.close()


def test_in_a_pause_it_breathes_in_and_out(pins: MockFactory) -> None:
    lamp = Lamp(LED, 0.2, 0.4)
    lamp.begin()
    lamp.show_microphone(True)
    pin = light(pins)
    pin.clear_states()
    turned, levels = threading.Event(), [1.0]
    set_state = pin._set_state

    def watch(value: float) -> None:
        set_state(value)
        if value != levels[-1]:
            levels.append(value)
        if len(levels) > 3 and levels[-2] < min(levels[-3], value):
            turned.set()  # it went down, and up again

    pin._set_state = watch
    lamp.show_status(at(Stage.SETTLING))
    assert turned.wait(LIMIT)
    assert len({round(level, 2) for level in levels}) > 5
    lamp.show_status(at(Stage.CALLING))
    assert pin.state == 1
    lamp.close()
    lamp.show_status(LISTENING)  # too late, and harmless


def test_a_pin_that_cannot_be_had_is_told(pins: MockFactory) -> None:
    gpiozero.Device.pin_factory = MockFactory()  # its pins cannot be dimmed
    with pytest.raises(SettingsError, match="led_pin is 18"):
        Lamp(LED, 4, 6).begin()
    gpiozero.Device.pin_factory = pins


def test_without_gpiozero_it_says_what_to_install() -> None:
    code = (
        "import sys\nsys.modules['gpiozero'] = None\n"
        "from calmvoice.errors import SettingsError\n"
        "from calmvoice.pi.button import Button\n"
        "try: Button(17, print).begin()\n"
        "except SettingsError as error: print(error, error.hint)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert 'button_pin is 17, and gpiozero is not installed Run: pip install "calmvoice[pi]"' in (
        done.stdout
    )


def test_one_pin_cannot_be_both() -> None:
    with pytest.raises(ValueError, match="button_pin and led_pin are both 17"):
        Computer(button_pin=17, led_pin=17)
