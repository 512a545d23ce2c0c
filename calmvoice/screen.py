"""What stands on the screen, as text; the terminal and the plain output both draw it. Pure."""

from __future__ import annotations

from calmvoice.keys import ANY_KEY, Keys
from calmvoice.language import sentences
from calmvoice.meanings import CALLS, Meaning
from calmvoice.prompter import Wording
from calmvoice.session.machine import whole_minutes
from calmvoice.session.script import Line, Script
from calmvoice.session.stages import APART, AWAY, Stage
from calmvoice.shell import Status


class Screen:
    """Puts a status and lines into words."""

    def __init__(self, wording: Wording, keys: Keys, *, is_large: bool = False) -> None:
        self._wording, self._keys, self.is_large = wording, keys, is_large

    def headline(self, status: Status, wall: float) -> str:
        """Return the one line that says where we are."""
        role, values = status.stage.value, {"signal": self._wording.signal}
        if status.return_at is not None:
            values["t"] = self._wording.shown_time(status.return_at)
            minutes = whole_minutes(status.return_at - wall)
            values["n"] = str(minutes)
            if status.stage in APART:
                role = "apart" if minutes >= 1 else "apart_soon"
            elif status.stage in AWAY:
                role = "asking"
        if status.is_deaf and status.stage is Stage.LISTENING:
            role = "listening_keys"
        parts = [*self._wording.pack.fill(f"screen.{role}", values)]
        if status.is_deaf and role != "listening_keys":
            parts.append(self._label("microphone_off"))
        if status.is_quiet and status.stage is Stage.LISTENING:
            parts.append(self._label("quiet_hours"))
        return " ".join(parts)

    def is_lit(self, status: Status) -> bool:
        """Return whether light calls: in quiet hours, and for who reads what others hear."""
        return status.stage is Stage.CALLING and (status.is_quiet or self.is_large)

    def sentences(self, script: Script) -> tuple[str, ...]:
        """Return the sentences of a script, in the order in which they are spoken."""
        return sentences(self.captions(script))

    def time_asked(self, typed: str) -> str:
        """Return what asks for the time, or what has been typed of it."""
        if not typed:
            return self._label("type_time")
        return " ".join(self._wording.pack.fill("screen.typed_time", {"value": typed}))

    def farewell(self, return_at: float, kept: bool) -> str:
        """Return what to know when someone quits in a pause, ``kept`` on disk or not."""
        values = {"t": self._wording.shown_time(return_at)}
        return " ".join(
            self._wording.pack.fill("screen.left" if kept else "screen.left_unkept", values)
        )

    def captions(self, script: Script) -> str:
        """Return the words of a script."""
        return " ".join(
            text for item in script if isinstance(item, Line) for text in self._wording.lines(item)
        )

    def help(self, status: Status) -> str:
        """Return the keys that mean something now."""
        helpful = status.meanings - (set() if status.is_speaking else {Meaning.STOP})
        if status.stage in AWAY or status.stage is Stage.CALLING:
            helpful -= set(CALLS)  # it is a pause already
        parts = [f"{key} {label}" for key, label in self._keys.labels(helpful)]
        parts.append(f"q {self._label('quit')}")
        any_key = ANY_KEY.get(status.stage)
        if any_key is not None:
            parts.append(self._label("any_key" if any_key is Meaning.SIGNAL else "any_key_here"))
        return " · ".join(parts)

    def _label(self, role: str) -> str:
        return " ".join(self._wording.pack.lines[f"screen.{role}"])
