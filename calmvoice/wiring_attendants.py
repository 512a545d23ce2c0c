"""The part of ``wiring`` that builds what lives beside a session, as far as it is wanted here."""

from __future__ import annotations

from collections.abc import Callable

from calmvoice.attendants import Attendant
from calmvoice.knocking import Knocking
from calmvoice.others import record
from calmvoice.others.ducker import Ducker
from calmvoice.others.pulse_others import PulseOthers
from calmvoice.others.record import Record
from calmvoice.pi.button import Button
from calmvoice.pi.lamp import Lamp
from calmvoice.ports import Clock
from calmvoice.settings import Settings
from calmvoice.shell import Shell
from calmvoice.single import place
from calmvoice.single.door import Door
from calmvoice.supervision import notifier
from calmvoice.supervision.watch import Watch
from calmvoice.tidying import Tidying


def attendants(
    settings: Settings,
    shell: Shell,
    clock: Clock,
    end: Callable[[], None],
    *,
    aloud: bool,
    is_practice: bool,
) -> list[Attendant]:
    """Build the door, the tidying, and what the settings ask for; ``end`` ends the run."""
    door = Door(place.folder(), shell.post, shell.ask, end, clock, is_practice=is_practice)
    found: list[Attendant] = [door, Tidying()]
    computer, breath = settings.computer, settings.breathing.breath
    if aloud and computer.others == "softer":
        found.append(Ducker(PulseOthers(Record(record.default_path()))))
    if settings.agreement.knock:
        found.append(Knocking(shell.post))
    if computer.button_pin:
        found.append(Button(computer.button_pin, shell.post))
    if computer.led_pin:
        found.append(Lamp(computer.led_pin, breath.in_seconds, breath.out_seconds))
    return found


def watch(clock: Clock) -> Watch | None:
    """Build what tells systemd that the program is alive; None where nobody wants to know."""
    told = notifier.from_environment()
    return Watch(told, clock, notifier.watchdog_seconds()) if told is not None else None
