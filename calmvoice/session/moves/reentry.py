"""The first minute together, who starts, turns if they are wanted, and the question after it.

Who starts is asked anew after each pause and kept nowhere: one who went quiet tonight may be the
one who waited tomorrow.
"""

from __future__ import annotations

from collections.abc import Sequence

from calmvoice.ports import Now
from calmvoice.session.actions import NoteCaught
from calmvoice.session.events import Said
from calmvoice.session.machine import Machine, with_gaps
from calmvoice.session.script import Breaths, Chime, Kind, Line, Quiet, Script
from calmvoice.session.stages import Stage

QUIET_ONE, WAITING_ONE = "reentry.withdrew", "reentry.pursued"


def begin_reentry(m: Machine, greeting: str, now: Now) -> Stage:
    """Greet, one breath together, then the couple's own lines; the pause is on record now."""
    m.end_pause(now)
    m.end_guidance()
    m.words_offered = 0
    lines = [Line(role) for role in m.rules.reentry]
    m.say(
        (Line(greeting),),
        (Line("reentry.together"),),
        (Breaths(0, 1, warn_last=False, kind=Kind.TOGETHER),),
        *with_gaps(lines, m.rules.reentry_gap_seconds),
    )
    return Stage.REENTRY


def ask_who_starts(m: Machine, now: Now) -> Stage:
    """Ask who starts, if they want to be asked."""
    if not m.rules.ask_who_starts:
        return left_open(m, now)
    m.say((Line("reentry.who_starts"),), Quiet(m.rules.answer_seconds))
    return Stage.CHOOSING


def quiet_one_starts(m: Machine, now: Now) -> Stage:
    """The one who went quiet has the first words."""
    return talk(m, (QUIET_ONE,), (WAITING_ONE,))


def waiting_one_starts(m: Machine, now: Now) -> Stage:
    """The one who waited has the first words."""
    return talk(m, (WAITING_ONE,), (QUIET_ONE,))


def left_open(m: Machine, now: Now) -> Stage:
    """Nobody said: whoever feels steadier, with words for both."""
    opening = () if m.rules.for_one else ("reentry.roles_open",)
    return talk(m, (*opening, QUIET_ONE, WAITING_ONE), ())


def talk(m: Machine, first: Sequence[str], second: Sequence[str]) -> Stage:
    """Words for the first, their turn, words for the second, theirs, and a close."""
    m.hush()
    chime: Script = (Chime(),) if m.rules.turn_chime else ()
    gap = m.rules.reentry_gap_seconds
    m.say(*with_gaps(map(Line, first), gap))
    if m.rules.turn_seconds:
        m.say(Quiet(m.rules.turn_seconds), (*chime, Line("reentry.swap")))
    m.say(*with_gaps(map(Line, second), gap))
    if m.rules.turn_seconds:
        m.say(Quiet(m.rules.turn_seconds), (*chime, Line("reentry.turns_done")))
    m.say((Line("reentry.close"),), Quiet(gap))
    return Stage.TALKING


def go_on(m: Machine, now: Now) -> Stage | None:
    """What sounds, or the turn, is over: the next."""
    rest = tuple(m.queue)
    m.hush()
    m.say(*rest)
    return None


def offer_words(m: Machine, now: Now) -> Stage | None:
    """Words for someone who looks for them; each time others."""
    if m.rules.help:
        role = m.rules.help[m.words_offered % len(m.rules.help)]
        m.words_offered += 1
        m.interject((Line(role),), now)
    return None


def reflect(m: Machine, now: Now) -> Stage:
    """Ask early, middle or late, if they want to be asked."""
    if not m.rules.reflection:
        return Stage.LISTENING
    m.say((Line("reflection.ask"),), Quiet(m.rules.answer_seconds))
    return Stage.REFLECTING


def caught(m: Machine, now: Now) -> Stage:
    """Keep the answer and thank them; to any answer the same, for none is better."""
    m.hush()
    if isinstance(m.event, Said):
        m.actions.append(NoteCaught(m.event.meaning.value))
    m.say((Line("reflection.small"), Line("reflection.thanks")))
    return Stage.LISTENING
