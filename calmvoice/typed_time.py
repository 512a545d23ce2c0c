"""The time as somebody types it, key by key or as a line, when CalmVoice does not know it. Pure."""

from __future__ import annotations

from calmvoice.clock_times import readings
from calmvoice.session.events import TimeTold

LONGEST = 5  # "19:40"
ENTER, ERASE = ("\r", "\n"), ("\x7f", "\x08")


class TypedTime:
    """Collects digits until Enter; ``text`` is what stands there."""

    def __init__(self) -> None:
        self.text = ""

    def takes(self, key: str) -> bool:
        """Return whether a key belongs to a time that is being typed."""
        return key.isdecimal() or bool(self.text and key in (":", ".", *ENTER, *ERASE))

    def press(self, key: str) -> TimeTold | None:
        """Take a key; return the time after Enter, if it is one."""
        if key in ENTER:
            text, self.text = self.text, ""
            return told(text)
        self.text = self.text[:-1] if key in ERASE else (self.text + key)[:LONGEST]
        return None


def told(text: str) -> TimeTold | None:
    """Return what somebody said by typing this; None if it is no time."""
    minutes = readings(text)
    return TimeTold(minutes) if minutes else None
