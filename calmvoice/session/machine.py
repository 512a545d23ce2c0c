"""What a session remembers, and how it speaks one script at a time.

Rules a change must respect:
1. At most one ticket plays. ``Play`` is only asked for when nothing plays or was just hushed.
2. What is to be said waits in ``queue``; ``advance`` is the only place that takes from it.
3. Times of the promise are wall times; gaps between lines are steady times.
4. Nothing here knows the table: the moves change the machine, the session changes the stage.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from calmvoice.errors import SessionError
from calmvoice.meanings import NEEDS, Meaning
from calmvoice.ports import Now, Trust
from calmvoice.session import notices
from calmvoice.session.actions import Action, Finish, Hush, NoteEnd, NotePromise, Play, Show
from calmvoice.session.events import ClipEnded, DeadlineReached, Event, Said
from calmvoice.session.guidance import Guidance
from calmvoice.session.hours import Hour, deliver
from calmvoice.session.loss import Loss
from calmvoice.session.notices import Notice
from calmvoice.session.promise import Ending, PauseRecord, Promise
from calmvoice.session.reminders import Memory
from calmvoice.session.rules import DAY, MINUTE, Rules, whole_minute
from calmvoice.session.script import Breaths, Line, Quiet, Script
from calmvoice.session.stages import Stage
from calmvoice.session.timeline import FOLLOWING, Timeline

NEED = "settling.need"  # the one line that asks something and can do without an answer
LONGEST_AWAKE_SECONDS = 181 * MINUTE  # the largest maximum; a pause beyond it is a night


@dataclass(frozen=True)
class Playing:
    """The one ticket that sounds."""

    ticket: int
    script: Script
    finishing: bool = False


@dataclass(frozen=True)
class Shelf:
    """The guidance laid aside while a question is open."""

    stage: Stage
    queue: tuple[Script | Quiet, ...]


@dataclass
class Machine:
    """The whole memory of a session; see the module's rules."""

    rules: Rules
    event: Event = field(default_factory=DeadlineReached)
    call: Said = field(default_factory=lambda: Said(Meaning.SIGNAL))  # what asked for the pause
    timeline: Timeline = FOLLOWING
    asks_time: bool = False  # what time it is would help, if somebody tells it
    promise: Promise | None = None
    talk_began: float | None = None
    queue: deque[Script | Quiet] = field(default_factory=deque)
    playing: Playing | None = None
    quiet_until: float | None = None
    notices: tuple[Notice, ...] = ()
    call_times: tuple[float, ...] = ()
    calls_made: int = 0
    answers: int = 0
    answered_at: float = -math.inf
    asleep: float = 0.0
    shelf: Shelf | None = None
    guidance: Guidance = field(default_factory=Guidance)
    last_said: Script = ()
    words_offered: int = 0
    actions: list[Action] = field(default_factory=list)
    gain_db: float = 0.0
    hour: Hour = field(default_factory=Hour)
    memory: Memory = field(default_factory=Memory)
    look_at: float | None = None  # when a reminder may come due
    is_deaf: bool = False  # the microphone is switched off
    loss: Loss = field(default_factory=Loss)
    _tickets: int = 0

    # --- speaking -------------------------------------------------------------------------------

    def say(self, *items: Script | Quiet) -> None:
        """Add scripts and quiet to what is to be said."""
        self.queue.extend(items)

    def hush(self) -> None:
        """Silence what plays and forget what was to follow."""
        if self.playing is not None:
            self.actions.append(Hush(self.playing.ticket))
        self.playing = None
        self.quiet_until = None
        self.queue.clear()
        self.gain_db = 0.0

    def interject(self, script: Script, now: Now) -> None:
        """Say this next, then go on where we were."""
        self.interrupt(now)
        self.queue.appendleft(script)

    def interrupt(self, now: Now) -> None:
        """Lay what sounds back on the queue; a breath is not cut off but ends first."""
        if self.playing is not None:
            if self.is_breathing:
                if not self.playing.finishing:
                    self.actions.append(Finish(self.playing.ticket))
                    self.queue.appendleft(self.playing.script)  # its rest, known when it has ended
                    self.playing = replace(self.playing, finishing=True)
            else:
                self.actions.append(Hush(self.playing.ticket))
                self.queue.appendleft(self.playing.script)
                self.playing = None
        elif self.quiet_until is not None:
            self.queue.appendleft(Quiet(max(0.0, self.quiet_until - now.steady)))
            self.quiet_until = None

    @property
    def is_breathing(self) -> bool:
        """Whether a breath is what sounds."""
        return self.playing is not None and isinstance(self.playing.script[0], Breaths)

    def keep_breaths(self) -> None:
        """Forget everything that was to follow but breaths."""
        breaths = (item for item in self.queue if not isinstance(item, Quiet))
        self.queue = deque(item for item in breaths if isinstance(item[0], Breaths))

    def forget_quiet(self) -> None:
        """End the quiet that is, and forget what was to follow of it."""
        self.quiet_until = None
        self.queue = deque(item for item in self.queue if not isinstance(item, Quiet))

    def clip_ended(self, event: ClipEnded) -> None:
        """Take in that a ticket ended; the end of a hushed one is stale and harmless."""
        if event.ticket > self._tickets:
            raise SessionError(f"ticket {event.ticket} ended, only {self._tickets} were played")
        if self.playing is None or event.ticket != self.playing.ticket:
            return
        script, finishing = self.playing.script, self.playing.finishing
        self.playing = None
        if finishing:
            self.queue = deque(_breathed(self.queue, script, event.breaks))
            if self.shelf is not None:
                left = _breathed(self.shelf.queue, script, event.breaks)
                self.shelf = replace(self.shelf, queue=tuple(left))

    def advance(self, now: Now) -> bool:
        """Start the next script or quiet if nothing sounds; return whether all has been said."""
        if self.quiet_until is not None and now.steady >= self.quiet_until:
            self.quiet_until = None
        while self.playing is None and self.quiet_until is None and self.queue:
            item = self.queue.popleft()
            if isinstance(item, Quiet):
                if item.seconds > 0:
                    self.quiet_until = now.steady + item.seconds
            else:
                self._play(item, now)
        return self.playing is None and self.quiet_until is None

    def _play(self, script: Script, now: Now) -> None:
        if isinstance(script[0], Breaths):
            script = (replace(script[0], guide=self.guidance.wanted),)
        delivery = deliver(self.rules, script, self.gain_db, now.wall)
        self.actions += [Show(line) for line in delivery.shown]
        if self.promise is not None:
            self.guidance.descend(self.rules.deepest_voice, self.promise, now)
        if delivery.script:
            self._tickets += 1
            self.playing = Playing(self._tickets, delivery.script)
            depth = self.guidance.depth
            self.actions.append(Play(self._tickets, delivery.script, delivery.gain_db, depth))
        if not isinstance(script[0], Breaths):
            self.last_said = delivery.script or script

    # --- the guidance ---------------------------------------------------------------------------

    def unasked(self, stage: Stage) -> frozenset[Meaning]:
        """Answers to a question that is not open: it is while it sounds, and in the quiet after.

        In a bridge only the night is asked about.
        """
        if stage is Stage.BRIDGE:
            return frozenset() if self.is_overnight else frozenset({Meaning.NOT_NOW})
        line = self.last_said[0] if self.last_said else None
        is_asked = isinstance(line, Line) and line.role == NEED
        is_open = self.playing is not None or self.quiet_until is not None
        return frozenset() if is_asked and is_open else frozenset(NEEDS)

    def begin_guidance(self) -> None:
        """Take out the lines of this pause; nobody is woken in a night to hear them."""
        self.guidance = Guidance(steps=() if self.is_overnight else self.rules.settling)

    def end_guidance(self) -> None:
        """No line is to come, and the voice is the usual one again."""
        self.guidance = Guidance()

    def is_step_due(self, now: Now) -> bool:
        """Whether a line of the quiet part comes next, once nothing sounds."""
        promise = self.promise
        return promise is not None and self.guidance.is_step_due(self.rules, promise, now)

    # --- the promise ----------------------------------------------------------------------------

    @property
    def kept_promise(self) -> Promise:
        """The promise of the running pause; raises ``SessionError`` outside a pause."""
        if self.promise is None:
            raise SessionError("this stage needs a promise and there is none")
        return self.promise

    @property
    def is_overnight(self) -> bool:
        """Whether the return lies beyond a night."""
        promise = self.kept_promise
        return promise.return_at - promise.started_at > LONGEST_AWAKE_SECONDS

    def promise_return(self, return_at: float, now: Now) -> None:
        """Make the promise: ``return_at`` (Unix) is a whole minute of the clock."""
        first = self.talk_began
        if first is None or return_at > first + DAY:
            first = now.wall
        trust = self.timeline.trust
        offset = self.rules.local_time.utc_offset(return_at)
        promise = Promise(now.wall, first, return_at, now.wall, trust=trust, utc_offset=offset)
        self.asks_time = trust is Trust.NEVER_SET
        self.note(promise, now)
        self._plan_notices(now)

    def move_return(self, minutes: int, now: Now) -> None:
        """Move the promise on by ``minutes``."""
        old = self.kept_promise
        return_at = old.return_at + minutes * MINUTE
        offset = self.rules.local_time.utc_offset(return_at)
        self.note(
            replace(old, return_at=return_at, moved=old.moved + 1, utc_offset=offset),
            now,
        )
        self._plan_notices(now)

    def resume(self, promise: Promise, now: Now) -> None:
        """Take up a promise found on disk."""
        self.note(promise, now)
        self._plan_notices(now)

    def mark_owed(self, now: Now) -> None:
        """Keep on disk that the calls were not answered."""
        self.note(replace(self.kept_promise, owed=True), now)

    def see(self, now: Now) -> None:
        """Note that the program is alive, now and then, while a promise runs."""
        due = (
            self.promise is not None and now.wall >= self.promise.seen_at + self.rules.seen_seconds
        )
        if due:
            self.note(self.kept_promise, now)

    def end_pause(self, now: Now, ending: Ending | None = None) -> None:
        """Take the promise back from the disk and keep its record, with the minutes apart."""
        promise = self.kept_promise
        if ending is None:
            ending = Ending.MOVED if promise.moved else Ending.KEPT
        if promise.owed:
            ending = Ending.UNANSWERED
        apart = min(now.wall, promise.return_at) - promise.started_at
        minutes = max(0, round(apart / MINUTE))
        self.actions.append(NoteEnd(PauseRecord(promise.started_at, minutes, ending)))
        self.promise = None
        self.talk_began = promise.first_started_at
        self.notices = ()
        self.call_times = ()
        self.asks_time = False
        self.forget_answers()

    def minutes_left(self, now: Now) -> int:
        """Whole minutes to the return."""
        return whole_minutes(self.kept_promise.return_at - now.wall)

    def room_for(self, minutes: int) -> bool:
        """Whether the return may move by ``minutes`` under the couple's own maximum."""
        promise = self.kept_promise
        moved = promise.return_at + minutes * MINUTE
        cap = whole_minute(promise.started_at + self.rules.longest_minutes * MINUTE)
        return moved <= min(cap, promise.first_started_at + DAY)

    def note(self, promise: Promise, now: Now) -> None:
        """Keep the promise, on disk too, with the moment at which it was last seen."""
        if self.promise is not None and self.promise.return_at != promise.return_at:
            self._retime(self.promise.return_at, promise.return_at)
        self.promise = replace(
            promise, seen_at=now.wall, seen_since_boot=now.since_boot, boot_id=now.boot_id
        )
        self.actions.append(NotePromise(self.promise))

    def _retime(self, old: float, new: float) -> None:
        """Let what waits to be said tell the new return."""

        def told(item: Script | Quiet) -> Script | Quiet:
            return item if isinstance(item, Quiet) else retimed(item, old, new)

        self.queue = deque(map(told, self.queue))
        if self.playing is not None:  # it may be interrupted and said again
            self.playing = replace(self.playing, script=retimed(self.playing.script, old, new))
        self.last_said = retimed(self.last_said, old, new)
        if self.shelf is not None:
            self.shelf = replace(self.shelf, queue=tuple(map(told, self.shelf.queue)))

    def _plan_notices(self, now: Now) -> None:
        planned = notices.plan(self.kept_promise, now.wall)
        self.notices = () if self.is_overnight else planned  # nobody is woken to hear the time

    # --- answers --------------------------------------------------------------------------------

    def answer(self, now: Now) -> bool:
        """Count one answer; return whether all have answered. Two at once are one person's."""
        if now.steady - self.answered_at >= self.rules.same_person_seconds:
            self.answers += 1
            self.answered_at = now.steady
        return self.answers >= self.rules.answers_needed

    def forget_answers(self) -> None:
        """Begin counting anew."""
        self.answers = 0
        self.answered_at = -math.inf


def retimed(script: Script, old: float, new: float) -> Script:
    """Return the script with the new return in every line that holds the old one."""
    return tuple(
        replace(item, t=new) if isinstance(item, Line) and item.t == old else item
        for item in script
    )


def _breathed(
    queue: Iterable[Script | Quiet], script: Script, breaths: int
) -> Iterator[Script | Quiet]:
    """Yield a queue in which the script that was interrupted has so many breaths less to go."""
    for item in queue:
        if item == script and isinstance(script[0], Breaths):
            rest = replace(script[0], first=script[0].first + breaths)
            if rest.first < rest.total:
                yield (rest,)
        else:
            yield item


def whole_minutes(seconds: float) -> int:
    """Return the whole minutes in so many seconds; a timer's hair before one counts as it."""
    return math.floor((seconds + 1.0) / MINUTE)


def with_gaps(lines: Iterable[Line], gap_seconds: float) -> list[Script | Quiet]:
    """Turn lines into scripts with quiet after each."""
    spaced: list[Script | Quiet] = []
    for line in lines:
        spaced += [(line,), Quiet(gap_seconds)]
    return spaced
