"""The guidance while both are apart: breathing, quiet lines, what is wanted of them.

Rules: no line is said inside a block of breaths unless somebody asks for it; a breath that is
being taken ends first; whatever is changed here, the return stays as promised.
"""

from __future__ import annotations

from calmvoice.meanings import Meaning
from calmvoice.ports import Now
from calmvoice.session.actions import Show
from calmvoice.session.events import Said
from calmvoice.session.machine import Machine
from calmvoice.session.rules import Track
from calmvoice.session.script import Breaths, Guide, Kind, Line, Quiet
from calmvoice.session.stages import Stage

FEWEST_BREATHS = 3  # a shorter block only disturbs
INTRO_SECONDS = 15.0  # the sentences before the first breath
CAUTION_SECONDS = 12.0  # those before a breath that is held
BLOCK_MARGIN_SECONDS = 20.0  # between the last breath and the next notice
BEFORE_TRACK_SECONDS = 1.5  # between what was being said and the lines somebody asked for

NEED_LINES = {
    Meaning.CLOSENESS: "settling.need_closeness",
    Meaning.CALM: "settling.need_calm",
    Meaning.UNDERSTOOD: "settling.need_understood",
}


def begin_breathing(m: Machine, now: Now) -> Stage:
    """Guide the breath, if there is time for a block before the next notice."""
    m.guidance.is_descending = True
    sighs, breaths = room_for_breaths(m, now)
    if breaths < FEWEST_BREATHS:
        return begin_settling(m, now)
    caution = Line("breathing.caution")
    m.say((Line("breathing.intro"),))
    if m.rules.holds_breath:
        m.say((caution,))
    if sighs:
        m.say((Line("breathing.sighs"),), (Breaths(0, sighs, False, Kind.SIGH),))
    m.say((Breaths(0, breaths),), (Line("breathing.done"),))
    if m.guidance.wanted is Guide.SOUND:
        m.keep_breaths()
        if m.rules.holds_breath:
            m.actions.append(Show(caution))
    return Stage.BREATHING


def room_for_breaths(m: Machine, now: Now) -> tuple[int, int]:
    """How many sighs, and how many breaths after them, fit before the next notice or the return."""
    times = [notice.at for notice in m.notices if notice.line.role != "time_left.half"]
    until = min([*times, m.kept_promise.return_at])
    before = INTRO_SECONDS + CAUTION_SECONDS * m.rules.holds_breath
    room = until - now.wall - before - BLOCK_MARGIN_SECONDS
    for sighs in (m.rules.sighs, 0):
        breaths = int((room - sighs * m.rules.sigh_seconds) / m.rules.breath_seconds)
        if breaths >= min(FEWEST_BREATHS, m.rules.breaths):
            return sighs, min(m.rules.breaths, breaths)
    return 0, 0


def begin_settling(m: Machine, now: Now) -> Stage:
    """A few lines with long quiet between them, then only quiet."""
    m.say(Quiet(m.rules.settling_wait_seconds))
    return Stage.SETTLING


def next_step(m: Machine, now: Now) -> Stage:
    """Say the next line of the quiet part."""
    step = m.guidance.next_step()
    m.say((Line(step.role, t=m.kept_promise.return_at),), Quiet(step.gap_seconds))
    return Stage.SETTLING


def stop(m: Machine, now: Now) -> Stage:
    """Silence until the return; the promise stands."""
    m.hush()
    m.shelf = None
    m.guidance.wanted = Guide.NONE
    m.guidance.is_descending = True
    return Stage.SETTLING


def only_sound_in_bridge(m: Machine, now: Now) -> Stage:
    """The bridge is spoken to its end; after it no word, and the later wish holds."""
    m.guidance.wanted = Guide.SOUND
    m.guidance.breathes = True
    return Stage.BRIDGE


def only_words_in_bridge(m: Machine, now: Now) -> Stage:
    """After the bridge only words."""
    m.guidance.wanted = Guide.WORDS
    return Stage.BRIDGE


def track_in_bridge(m: Machine, now: Now) -> Stage:
    """The bridge is spoken to its end, and then what does good to who is like that."""
    track = put_first_and_show(m)
    if track is not None:
        m.guidance.breathes = m.guidance.breathes and track.breathes
    return Stage.BRIDGE


def only_sound_in_breathing(m: Machine, now: Now) -> Stage:
    """From the next breath on no word; an introduction is left out."""
    m.guidance.wanted = Guide.SOUND
    m.interrupt(now)
    m.keep_breaths()
    return Stage.BREATHING


def only_sound_in_settling(m: Machine, now: Now) -> Stage:
    """No more lines: the sound of the breath, without a word, if there is time for it."""
    m.hush()
    m.guidance.wanted = Guide.SOUND
    return begin_breathing(m, now)


def only_words_in_breathing(m: Machine, now: Now) -> Stage:
    """From the next breath on no sound, only the words."""
    m.guidance.wanted = Guide.WORDS
    if m.is_breathing:
        m.interrupt(now)
    return Stage.BREATHING


def only_words_in_settling(m: Machine, now: Now) -> Stage:
    """The lines that are left, after "stop" or "only sound" too."""
    m.guidance.wanted = Guide.WORDS
    return Stage.SETTLING


def track_in_settling(m: Machine, now: Now) -> Stage:
    """Lines for how somebody is come next; what the other one may need follows them."""
    if put_first(m):
        m.forget_quiet()
        m.say(Quiet(BEFORE_TRACK_SECONDS))
    return Stage.SETTLING


def track_in_breathing(m: Machine, now: Now) -> Stage:
    """The breathing goes on, and the lines follow it; where it does no good, they come now."""
    track = put_first_and_show(m)
    if track is None or track.breathes:
        return Stage.BREATHING
    m.interrupt(now)
    m.queue.clear()
    return begin_track(m)


def begin_track(m: Machine) -> Stage:
    """Instead of breathing: the lines that were put first."""
    m.guidance.is_descending = True
    m.say(Quiet(BEFORE_TRACK_SECONDS))
    return Stage.SETTLING


def put_first(m: Machine) -> Track | None:
    """Put the lines of the track that was asked for before what is left, each once."""
    track = m.rules.tracks.get(m.event.meaning) if isinstance(m.event, Said) else None
    if track is None or not track.steps:
        return None
    m.guidance.put_first(track)
    return track


def put_first_and_show(m: Machine) -> Track | None:
    """Do the same where the lines come later, and show the first of them now."""
    track = put_first(m)
    if track is not None:
        m.actions.append(Show(Line(track.steps[0].role, t=m.kept_promise.return_at)))
    return track


def answer_need(m: Machine, now: Now) -> Stage:
    """Say how a need can be asked for; it is not kept."""
    if isinstance(m.event, Said):
        m.interject((Line(NEED_LINES[m.event.meaning]),), now)
    return Stage.SETTLING


def breathe_again(m: Machine, now: Now) -> Stage | None:
    """Start the breathing over; without room for it, say the last line again."""
    if room_for_breaths(m, now)[1] < FEWEST_BREATHS:
        return say_again(m, now)
    m.hush()
    if m.guidance.wanted is Guide.NONE:
        m.guidance.wanted = Guide.FULL
    return begin_breathing(m, now)


def say_again(m: Machine, now: Now) -> Stage | None:
    """Repeat the last line."""
    if m.playing is not None and m.playing.script == m.last_said:
        m.interrupt(now)
    elif m.last_said:
        m.interject(m.last_said, now)
    return None
