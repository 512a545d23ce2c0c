"""What the hours of the settings mean to the session: quiet ones, and those between pauses."""

from __future__ import annotations

from calmvoice.clock_times import minute_of_day
from calmvoice.reminder_settings import WEEKDAYS
from calmvoice.session.hours import is_quiet
from calmvoice.session.local_time import MINUTES_A_DAY
from calmvoice.session.reminders import WINDOW_MINUTES
from calmvoice.session.rules import QuietHours, Reminders
from calmvoice.settings import Settings


def quiet_hours(settings: Settings) -> QuietHours | None:
    """Return when everything is softer, and how much."""
    agreement = settings.agreement
    if not agreement.quiet_from:
        return None
    return QuietHours(
        minute_of_day(agreement.quiet_from),
        minute_of_day(agreement.quiet_to),
        float(-settings.computer.quiet_decibels),
    )


def reminders(settings: Settings) -> Reminders | None:
    """Return what may be said between pauses; what is for two is not said to one alone."""
    chosen, two = settings.reminders, settings.agreement.people > 1
    plan = Reminders(
        minute_of_day(chosen.at),
        WEEKDAYS.index(chosen.check_in) if chosen.check_in and two else None,
        chosen.hello_days if two else 0,
        chosen.practice_days,
        chosen.hints and two,
    )
    nothing = plan.check_in is None and not (plan.hello_days or plan.practice_days or plan.hints)
    return None if nothing else plan


def is_never_said(settings: Settings) -> bool:
    """Say whether what may be said between pauses falls whole into the quiet hours."""
    quiet, plan = quiet_hours(settings), reminders(settings)
    if quiet is None or plan is None:
        return False
    hours = range(plan.at, plan.at + WINDOW_MINUTES)
    return all(is_quiet(quiet, minute % MINUTES_A_DAY) for minute in hours)
