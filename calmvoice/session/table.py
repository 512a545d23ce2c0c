"""Every transition of a session, in one table; the diagram and the property tests read it too.

A row: in this stage, on this (what a person means, or what is due), make this move; ``to`` lists
every stage the move may end in. What has no row is let go if a person said it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from calmvoice.meanings import CALLS, NEEDS, TRACKS
from calmvoice.meanings import Meaning as Said
from calmvoice.ports import Now
from calmvoice.session.events import Restarted, TimeTold
from calmvoice.session.machine import Machine
from calmvoice.session.moves import (
    apart,
    between,
    clock,
    guests,
    guiding,
    leaving,
    more_time,
    reentry,
    restarting,
    returning,
    starting,
)
from calmvoice.session.stages import AWAY, Due, Stage

Move = Callable[[Machine, Now], "Stage | None"]
Trigger = Said | Due | type[Restarted] | type[TimeTold]


@dataclass(frozen=True)
class Row:
    """One transition."""

    stage: Stage
    on: Trigger
    do: Move
    to: tuple[Stage, ...]


S = Stage


def _calls(stage: Stage) -> tuple[Row, ...]:
    """Return the rows of a stage in which whatever asks for a pause begins one."""
    return tuple(Row(stage, call, starting.signal, (S.BRIDGE, S.DOUBT)) for call in CALLS)


def _together(stage: Stage) -> tuple[Row, ...]:
    """Return what two people who are together again may say at any time."""
    return (
        *_calls(stage),
        Row(stage, Said.PAUSE_AGAIN, starting.signal, (S.BRIDGE, S.DOUBT)),
        Row(stage, Said.SLOW_DOWN, starting.slow_down_in_reentry, (stage,)),
        Row(stage, Said.CYCLE, starting.slow_down_in_reentry, (stage,)),
        Row(stage, Said.AGAIN, guiding.say_again, (stage,)),
        Row(stage, Said.STOP, starting.hush_and_listen, (S.LISTENING,)),
    )


ROWS: tuple[Row, ...] = (
    Row(
        S.LISTENING,
        Restarted,
        restarting.restart,
        (S.SETTLING, S.CALLING, S.OWED, S.LISTENING),
    ),
    *_calls(S.LISTENING),
    Row(S.LISTENING, Said.SLOW_DOWN, starting.slow_down, (S.SLOWING,)),
    Row(S.LISTENING, Said.CYCLE, starting.slow_down, (S.SLOWING,)),
    Row(S.LISTENING, Said.STOP, starting.hush_and_listen, (S.LISTENING,)),
    Row(S.LISTENING, Due.REMINDER, between.remind, (S.LISTENING,)),
    #
    *(Row(S.DOUBT, call, starting.begin_pause, (S.BRIDGE,)) for call in CALLS),
    Row(S.DOUBT, Said.NOT_NOW, starting.mistaken, (S.LISTENING, S.OWED)),
    Row(S.DOUBT, Said.STOP, starting.mistaken, (S.LISTENING, S.OWED)),
    Row(S.DOUBT, Due.SCRIPT_DONE, starting.begin_pause, (S.BRIDGE,)),
    #
    *_calls(S.SLOWING),
    Row(S.SLOWING, Said.STOP, starting.hush_and_listen, (S.LISTENING,)),
    Row(S.SLOWING, Due.SCRIPT_DONE, starting.listen, (S.LISTENING,)),
    #
    Row(S.BRIDGE, Said.NOT_NOW, starting.not_overnight, (S.BRIDGE,)),
    Row(S.BRIDGE, Said.STOP, guiding.stop, (S.SETTLING,)),
    Row(S.BRIDGE, Said.ONLY_SOUND, guiding.only_sound_in_bridge, (S.BRIDGE,)),
    Row(S.BRIDGE, Said.ONLY_WORDS, guiding.only_words_in_bridge, (S.BRIDGE,)),
    *(Row(S.BRIDGE, track, guiding.track_in_bridge, (S.BRIDGE,)) for track in TRACKS),
    Row(S.BRIDGE, Said.HOW_LONG, apart.time_left, (S.BRIDGE,)),
    Row(S.BRIDGE, Said.WHO_ASKED, apart.who_asked, (S.BRIDGE,)),
    Row(S.BRIDGE, Said.MORE_TIME, more_time.ask_more_after_bridge, (S.BRIDGE,)),
    Row(S.BRIDGE, Said.AGAIN, guiding.say_again, (S.BRIDGE,)),
    Row(S.BRIDGE, Said.BACK, returning.ready_in_bridge, (S.BRIDGE, S.REENTRY)),
    Row(
        S.BRIDGE,
        Due.SCRIPT_DONE,
        leaving.leave,
        (S.BREATHING, S.SETTLING, S.ASKING, S.AGREEING),
    ),
    Row(S.BRIDGE, Due.RETURN, returning.call, (S.CALLING,)),
    #
    Row(S.BREATHING, Said.STOP, guiding.stop, (S.SETTLING,)),
    Row(S.BREATHING, Said.ONLY_SOUND, guiding.only_sound_in_breathing, (S.BREATHING,)),
    Row(S.BREATHING, Said.ONLY_WORDS, guiding.only_words_in_breathing, (S.BREATHING,)),
    *(
        Row(S.BREATHING, track, guiding.track_in_breathing, (S.BREATHING, S.SETTLING))
        for track in TRACKS
    ),
    Row(S.BREATHING, Said.HOW_LONG, apart.time_left, (S.BREATHING,)),
    Row(S.BREATHING, Said.WHO_ASKED, apart.who_asked, (S.BREATHING,)),
    Row(
        S.BREATHING,
        Said.MORE_TIME,
        more_time.ask_more_in_breathing,
        (S.ASKING, S.AGREEING, S.BREATHING),
    ),
    Row(S.BREATHING, Said.AGAIN, guiding.breathe_again, (S.BREATHING,)),
    Row(S.BREATHING, Said.BACK, returning.ready_early, (S.BREATHING, S.REENTRY)),
    Row(S.BREATHING, Due.SCRIPT_DONE, guiding.begin_settling, (S.SETTLING,)),
    Row(S.BREATHING, Due.RETURN, returning.call, (S.CALLING,)),
    #
    *(Row(S.SETTLING, call, apart.already_heard, (S.SETTLING,)) for call in CALLS),
    Row(S.SETTLING, Said.STOP, guiding.stop, (S.SETTLING,)),
    Row(S.SETTLING, Said.ONLY_SOUND, guiding.only_sound_in_settling, (S.BREATHING, S.SETTLING)),
    Row(S.SETTLING, Said.ONLY_WORDS, guiding.only_words_in_settling, (S.SETTLING,)),
    *(Row(S.SETTLING, track, guiding.track_in_settling, (S.SETTLING,)) for track in TRACKS),
    *(Row(S.SETTLING, need, guiding.answer_need, (S.SETTLING,)) for need in NEEDS),
    Row(S.SETTLING, Said.HOW_LONG, apart.time_left, (S.SETTLING,)),
    Row(S.SETTLING, Said.WHO_ASKED, apart.who_asked, (S.SETTLING,)),
    Row(
        S.SETTLING,
        Said.MORE_TIME,
        more_time.ask_more_in_settling,
        (S.ASKING, S.AGREEING, S.SETTLING),
    ),
    Row(S.SETTLING, Said.AGAIN, guiding.breathe_again, (S.BREATHING, S.SETTLING)),
    Row(S.SETTLING, Said.BACK, returning.ready_early, (S.SETTLING, S.REENTRY)),
    Row(S.SETTLING, Due.STEP, guiding.next_step, (S.SETTLING,)),
    Row(S.SETTLING, Due.NOTICE, apart.notice, (S.SETTLING,)),
    Row(S.SETTLING, Due.RETURN, returning.call, (S.CALLING,)),
    #
    Row(S.ASKING, Said.TEN, more_time.ten_more, (S.BREATHING, S.SETTLING)),
    Row(S.ASKING, Said.TWENTY, more_time.twenty_more, (S.BREATHING, S.SETTLING)),
    Row(S.ASKING, Said.NOT_NOW, more_time.not_moved, (S.BREATHING, S.SETTLING)),
    Row(S.ASKING, Said.AGAIN, guiding.say_again, (S.ASKING,)),
    Row(S.ASKING, Said.STOP, more_time.hush_question, (S.SETTLING,)),
    Row(S.ASKING, Due.SCRIPT_DONE, more_time.unanswered_is_ten, (S.BREATHING, S.SETTLING)),
    Row(S.ASKING, Due.RETURN, returning.call, (S.CALLING,)),
    #
    Row(S.AGREEING, Said.YES, more_time.yes, (S.AGREEING, S.ASKING, S.BREATHING, S.SETTLING)),
    Row(S.AGREEING, Said.NOT_NOW, more_time.not_moved, (S.BREATHING, S.SETTLING)),
    Row(S.AGREEING, Said.AGAIN, guiding.say_again, (S.AGREEING,)),
    Row(S.AGREEING, Said.STOP, more_time.hush_question, (S.SETTLING,)),
    Row(S.AGREEING, Due.SCRIPT_DONE, more_time.not_agreed, (S.BREATHING, S.SETTLING)),
    Row(S.AGREEING, Due.RETURN, returning.call, (S.CALLING,)),
    #
    *(
        Row(stage, TimeTold, clock.time_told, (stage, S.CALLING))
        for stage in (S.BRIDGE, S.BREATHING, S.SETTLING, S.ASKING, S.AGREEING)
    ),
    #
    Row(S.CALLING, Said.HERE, returning.here, (S.CALLING, S.REENTRY)),
    Row(S.CALLING, Said.BACK, returning.both_back, (S.REENTRY,)),
    *(Row(S.CALLING, call, returning.more_at_return, (S.CALLING,)) for call in CALLS),
    Row(S.CALLING, Said.MORE_TIME, returning.more_at_return, (S.CALLING,)),
    Row(S.CALLING, Said.AGAIN, guiding.say_again, (S.CALLING,)),
    Row(S.CALLING, Said.STOP, returning.hush_call, (S.CALLING,)),
    Row(S.CALLING, Due.CALL, returning.call_again, (S.CALLING, S.OWED)),
    Row(S.CALLING, Due.DAY, returning.day_over, (S.LISTENING,)),
    #
    Row(S.OWED, Said.HERE, returning.here_at_last, (S.OWED, S.REENTRY)),
    Row(S.OWED, Said.BACK, returning.both_back, (S.REENTRY,)),
    *_calls(S.OWED),
    Row(S.OWED, Said.STOP, returning.hush_owed, (S.OWED,)),
    Row(S.OWED, Due.DAY, returning.day_over, (S.LISTENING,)),
    #
    *_together(S.REENTRY),
    Row(S.REENTRY, Due.SCRIPT_DONE, reentry.ask_who_starts, (S.CHOOSING, S.TALKING)),
    #
    Row(S.CHOOSING, Said.WENT_QUIET, reentry.quiet_one_starts, (S.TALKING,)),
    Row(S.CHOOSING, Said.WAITED, reentry.waiting_one_starts, (S.TALKING,)),
    Row(S.CHOOSING, Said.NOT_NOW, reentry.left_open, (S.TALKING,)),
    *_together(S.CHOOSING),
    Row(S.CHOOSING, Due.SCRIPT_DONE, reentry.left_open, (S.TALKING,)),
    #
    Row(S.TALKING, Said.NEXT, reentry.go_on, (S.TALKING,)),
    Row(S.TALKING, Said.HELP_ME, reentry.offer_words, (S.TALKING,)),
    *_together(S.TALKING),
    Row(S.TALKING, Due.SCRIPT_DONE, reentry.reflect, (S.REFLECTING, S.LISTENING)),
    #
    Row(S.REFLECTING, Said.EARLY, reentry.caught, (S.LISTENING,)),
    Row(S.REFLECTING, Said.MIDDLE, reentry.caught, (S.LISTENING,)),
    Row(S.REFLECTING, Said.LATE, reentry.caught, (S.LISTENING,)),
    *_calls(S.REFLECTING),
    Row(S.REFLECTING, Said.AGAIN, guiding.say_again, (S.REFLECTING,)),
    Row(S.REFLECTING, Said.STOP, starting.hush_and_listen, (S.LISTENING,)),
    Row(S.REFLECTING, Due.SCRIPT_DONE, starting.listen, (S.LISTENING,)),
    #
    *(Row(stage, Said.GUESTS, guests.switch_microphone, (stage,)) for stage in S),
)

TABLE: dict[tuple[Stage, Trigger], Row] = {(row.stage, row.on): row for row in ROWS}

MEANINGS: dict[Stage, frozenset[Said]] = {
    stage: frozenset(row.on for row in ROWS if row.stage is stage and isinstance(row.on, Said))
    for stage in Stage
}
"""What a person can usefully say in each stage: what the ears listen for."""

if not all((stage, Due.RETURN) in TABLE for stage in AWAY):
    raise AssertionError("a stage in which both are apart lacks the way back")
