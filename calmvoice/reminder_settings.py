"""What may be said between pauses: off until the couple chooses it, but for two rare hints."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, field_validator

from calmvoice.setting_types import Table, Time

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
Weekday = Literal["", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


class Reminders(Table):
    """Between pauses: one a day, never in quiet hours, never within two hours of a pause."""

    at: Time = Field("18:00", description="The hour from which on something may be said.")
    check_in: Weekday = Field(
        "", description='The day of your weekly check-in, such as "sunday". Empty: none.'
    )
    hello_days: int = Field(
        0, ge=0, le=60, description="Every so many days, a word about a small hello. 0: none."
    )
    practice_days: int = Field(
        0, ge=0, le=180, description="Every so many days, a word about practising a pause. 0: none."
    )
    hints: bool = Field(
        True,
        description="Say, rarely and kindly, that returns were missed, or that help may be good.",
    )

    @field_validator("at")
    @classmethod
    def _check_at(cls, at: str) -> str:
        if not at:
            raise ValueError("an hour is needed, such as 18:00")
        return at
