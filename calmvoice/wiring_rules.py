"""The part of ``wiring`` that says what the agreement means to the session."""

from __future__ import annotations

from dataclasses import replace

from calmvoice import agreed_hours, patterns, routine_file
from calmvoice.clock import SystemLocalTime
from calmvoice.clock_times import minute_of_day
from calmvoice.meanings import TRACKS, Meaning
from calmvoice.roles import OTHER_OWN, OWN
from calmvoice.session.rules import MINUTE, Night, Rules
from calmvoice.session.script import Step
from calmvoice.settings import Agreement, Settings
from calmvoice.voice.descent import DEEPEST

REENTRY = ("reentry.ritual", "reentry.enough", "reentry.team", "reentry.naming")
FOR_TWO = frozenset({"reentry.team"})
HELP = (
    "reentry.soft_start",
    "reentry.feeling",
    "reentry.protest",
    "reentry.request",
    "reentry.fawning",
    "reentry.reframe",
    "reentry.tender",
)
AFTER_BRIDGE = ("leaving.meaning", "leaving.bid", "leaving.promise")
REHEARSAL_MINUTES = 2
REHEARSAL_BREATHS = 4  # so that there is time for lines too
REHEARSAL_GAP_SECONDS = 4.0


def rules(settings: Settings) -> Rules:
    """Return what the agreement means to the session."""
    agreement, reentry, routine = (
        settings.agreement,
        settings.reentry,
        routine_file.chosen(settings),
    )
    breathing = routine.breathing_over(settings.breathing)
    first = {meaning.value: routine.tracks[meaning] for meaning in TRACKS}.get(
        settings.guidance.track
    )
    return Rules(
        pause_minutes=agreement.pause_minutes,
        longest_minutes=agreement.longest_minutes,
        answers_needed=agreement.people,
        event_minutes=agreement.event_minutes,
        until=minute_of_day(agreement.until) if agreement.until else None,
        night=night(agreement),
        quiet=agreed_hours.quiet_hours(settings),
        reminders=agreed_hours.reminders(settings),
        local_time=SystemLocalTime(),
        without=without(agreement),
        breaths=breathing.breaths if first is None or first.breathes else 0,
        breath_seconds=breathing.breath.seconds,
        sighs=routine.opening.sighs,
        sigh_seconds=patterns.SIGH.seconds,
        holds_breath=breathing.breath.holds,
        bridge=bridge_role(agreement.bridge, OWN),
        other_bridge=bridge_role(agreement.other_bridge, OTHER_OWN),
        after_bridge=agreed_lines(agreement, AFTER_BRIDGE),
        settling=routine.steps if first is None else first.before(routine.steps),
        settling_wait_seconds=routine.settling.wait_seconds,
        tracks=routine.tracks,
        deepest_voice=DEEPEST,
        reentry=tuple(
            role
            for role in agreed_lines(agreement, REENTRY)
            if agreement.people > 1 or role not in FOR_TWO
        ),
        ask_who_starts=reentry.ask_who_starts and agreement.people > 1,
        turn_seconds=reentry.turn_minutes * MINUTE,
        turn_chime=reentry.turn_chime,
        help=HELP,
        reflection=agreement.ask_early_or_late,
    )


def rehearsal_rules(settings: Settings) -> Rules:
    """Return the same pause in two minutes: fewer breaths, and less quiet between the lines."""
    usual = rules(settings)
    return replace(
        usual,
        pause_minutes=REHEARSAL_MINUTES,
        event_minutes=REHEARSAL_MINUTES,
        until=None,
        night=None,
        reminders=None,
        breaths=min(usual.breaths, REHEARSAL_BREATHS),
        sighs=min(usual.sighs, 1),
        settling=_hurried(usual.settling),
        settling_wait_seconds=REHEARSAL_GAP_SECONDS,
        tracks={
            meaning: replace(track, steps=_hurried(track.steps))
            for meaning, track in usual.tracks.items()
        },
        last_line_seconds=REHEARSAL_GAP_SECONDS * 2,
    )


def _hurried(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    return tuple(Step(step.role, REHEARSAL_GAP_SECONDS) for step in steps)


def bridge_role(chosen: str, own: str) -> str:
    """Return the role of a bridge: the pack's, or the couple's own."""
    return own if " " in chosen else f"bridge.{chosen}"


def agreed_lines(agreement: Agreement, roles: tuple[str, ...]) -> tuple[str, ...]:
    """Return the roles but those for which nothing was agreed on."""
    return tuple(role for role in roles if getattr(agreement, role.partition(".")[2], None) != "")


def night(agreement: Agreement) -> Night | None:
    """Return when a pause may last until the next day."""
    if not agreement.bedtime:
        return None
    return Night(minute_of_day(agreement.bedtime), minute_of_day(agreement.morning))


def key_only(rules: Rules) -> Rules:
    """Return the rules of a run without a microphone, which no key can switch on."""
    return replace(rules, key_only=True, without=rules.without | {Meaning.GUESTS})


def without(agreement: Agreement) -> frozenset[Meaning]:
    """Return what means nothing, because they did not agree on it."""
    optional = {
        Meaning.OTHER_SIGNAL: agreement.other_signal,
        Meaning.EVENT: agreement.event,
        Meaning.UNTIL: agreement.until,
        Meaning.CYCLE: agreement.early_catch,
    }
    return frozenset(meaning for meaning, agreed in optional.items() if not agreed)
