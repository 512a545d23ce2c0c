"""What every table of the settings is made of: a frozen table, clock times, days, phrases."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from calmvoice.clock_times import checked

Time = Annotated[str, AfterValidator(checked)]
"""A clock time as "22:30", or nothing."""
Day = Annotated[str, AfterValidator(lambda day: date.fromisoformat(day).isoformat() if day else "")]
"""A day as "2026-11-23", or nothing."""
Phrase = Annotated[str, Field(max_length=60)]
"""Words to be heard, or nothing."""
Sentence = Annotated[str, Field(max_length=300)]
"""Words to be spoken, or nothing."""


class Table(BaseModel):
    """One table of the file: frozen, and without keys that nobody knows."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)
