"""A stage for session tests: time moves when the test says so, and spoken things take time.

It stands in for the shell, the loudspeaker and the disk: it applies events, fires the published
deadline when its time comes, ends each ticket after its length, and keeps the promise that was
last noted. It checks on the way what must never happen.
"""

from __future__ import annotations

from dataclasses import replace

from calmvoice.meanings import Meaning
from calmvoice.ports import Now, Trust
from calmvoice.session import Session
from calmvoice.session.actions import (
    Action,
    Finish,
    Hush,
    Listen,
    NoteCaught,
    NoteEnd,
    NoteMoment,
    NotePromise,
    Play,
    Show,
)
from calmvoice.session.events import (
    ClipEnded,
    DeadlineReached,
    Event,
    Restarted,
    Said,
    TimeTold,
)
from calmvoice.session.promise import Ending, PauseRecord, Promise
from calmvoice.session.reminders import UNREST, Memory, PastPause
from calmvoice.session.rules import Rules
from calmvoice.session.script import Breaths, Chime, Kind, Line
from calmvoice.session.stages import Stage

SEVEN_TWENTY = 1_800_000_000.0 - 1_800_000_000.0 % 3600 + 20 * 60
LINE_SECONDS = 5.0


class Screenplay:
    """A session, its audience and its props; ``said`` is all that was spoken, with the second."""

    def __init__(
        self,
        rules: Rules | None = None,
        wall: float = SEVEN_TWENTY,
        memory: Memory | None = None,
    ) -> None:
        self.rules = rules or Rules()
        self.boots = 1
        self.now = Now(wall=wall, steady=100.0, boot_id="1")
        self.memory = memory or Memory()
        self.moments = dict(self.memory.said_at)
        self.session = Session(self.rules, self.memory)
        self.lived = 0.0  # seconds since the start, whatever the clocks say
        self.unrest: float | None = None  # when it was last not calm, in the same seconds
        self.noted: float | None = None  # and when that was last put on disk
        self.disk: Promise | None = None
        self.records: list[PauseRecord] = []
        self.caught: list[str] = []
        self.said: list[tuple[float, str]] = []
        self.times: list[tuple[str, float]] = []  # each time that was said, and in which line
        self.shown: list[str] = []
        self.gains: list[float] = []
        self.hears = not self.rules.key_only
        self.depths: list[int] = []
        self.breathed: list[Breaths] = []
        self.playing: tuple[Play, float] | None = None
        self._began = wall

    # --- what a test writes ---------------------------------------------------------------------

    def say(self, meaning: Meaning, *, sure: bool = True, by_key: bool = False) -> None:
        """A person says or presses something now."""
        self.apply(Said(meaning, sure, by_key))

    def wait(self, seconds: float) -> None:
        """Let time pass, doing on the way whatever comes due."""
        end = self.now.steady + seconds
        while True:
            wait = self.session.deadline.seconds_from(self.now)
            ends = self.playing[1] - self.now.steady if self.playing else None
            steps = [step for step in (wait, ends) if step is not None]
            step = min(steps, default=None)
            if step is None or self.now.steady + step > end:
                self._move(end - self.now.steady)
                if self.session.deadline.seconds_from(self.now) == 0:  # it fell on the very end
                    self.apply(DeadlineReached())
                return
            self._move(step)
            if ends is not None and ends <= step:
                self.end_clip()
            else:
                self.apply(DeadlineReached())

    def wait_for(self, stage: Stage, limit: float = 7200.0) -> None:
        """Let time pass until a stage is reached."""
        end = self.now.steady + limit
        while self.session.stage is not stage:
            assert self.now.steady < end, f"{stage} was not reached, still {self.session.stage}"
            self.wait(1.0)

    def sleep(self, seconds: float) -> None:
        """The lid is closed: the wall clock goes on, the steady one does not."""
        self.now = replace(self.now, wall=self.now.wall + seconds, asleep=self.now.asleep + seconds)
        self.lived += seconds

    def kill_and_restart(self, off_seconds: float = 0.0, *, stays_on: bool = False) -> None:
        """Kill -9 now, and start again later with what is on the disk.

        The computer was off meanwhile, unless it ``stays_on``.
        """
        self.playing = None
        if stays_on:
            self._move(off_seconds)
        else:
            self.boots += 1
            self.now = replace(
                self.now,
                wall=self.now.wall + off_seconds,
                steady=5.0,
                asleep=0.0,
                boot_id=str(self.boots),
            )
            self.lived += off_seconds
        self.unrest = self.noted  # a slow-down, and what followed the last note, are forgotten
        self.session = Session(self.rules, self._recalled())
        self.hears = not self.rules.key_only
        if self.disk is not None:
            self.apply(Restarted(self.disk))

    def set_clock(self, wall: float, trust: Trust | None = None) -> None:
        """Somebody, or the network, sets the wall clock; perhaps it is believed otherwise then."""
        self.now = replace(self.now, wall=wall, trust=self.now.trust if trust is None else trust)

    def tell_time(self, *minutes: int) -> None:
        """Somebody types what time it is."""
        self.apply(TimeTold(minutes))

    @property
    def own_wall(self) -> float:
        """The wall time that the promise is kept by."""
        offset = self.session.wall_offset
        return self.now.wall if offset is None else self.now.since_boot + offset

    @property
    def stage(self) -> Stage:
        return self.session.stage

    def is_in(self, stage: Stage) -> bool:
        return self.session.stage is stage

    @property
    def lines(self) -> list[str]:
        """The roles spoken so far, in order."""
        return [role for _, role in self.said]

    def minutes_when(self, role: str) -> float:
        """Minutes after the start at which a role was last spoken."""
        return next(at for at, said in reversed(self.said) if said == role) / 60

    # --- the props ------------------------------------------------------------------------------

    def apply(self, event: Event) -> tuple[Action, ...]:
        before, told = self.session.stage, len(self.times)
        actions = self.session.apply(event, self.now)
        if {before, self.session.stage} != {Stage.LISTENING}:
            self.unrest = self.lived
        for action in actions:
            self._act(action)
        standing = self.session.promise
        for role, t in self.times[told:]:
            assert standing is None or t == standing.return_at, f"{role} told another time"
        if self.session.stage is Stage.CALLING and before is not Stage.CALLING:
            promise = self.session.promise
            assert promise is not None
            assert self.own_wall >= promise.return_at, "called back early"
        return actions

    def end_clip(self, breaks: int | None = None) -> None:
        """The loudspeaker reports the end of what plays."""
        assert self.playing is not None
        play, _ = self.playing
        self.playing = None
        first = play.script[0]
        if breaks is None:
            breaks = first.total - first.first if isinstance(first, Breaths) else 0
        self.apply(ClipEnded(play.ticket, breaks))

    def _move(self, seconds: float) -> None:
        self.now = replace(self.now, wall=self.now.wall + seconds, steady=self.now.steady + seconds)
        self.lived += seconds

    def _recalled(self) -> Memory:
        """What a journal would tell after a restart."""
        day = self.rules.local_time.day
        pauses = tuple(
            PastPause(day(record.started_at), record.ending is not Ending.UNANSWERED)
            for record in self.records
        )
        said_at = {what: at for what, at in self.moments.items() if what != UNREST}
        return Memory(said_at, (*self.memory.pauses, *pauses), self.moments.get(UNREST))

    def _act(self, action: Action) -> None:
        match action:
            case Play(_, script, gain_db, depth):
                assert self.playing is None, "two clips at once"
                assert script, "nothing to say"
                self._check_cap(gain_db)
                self._check_calm(play=action)
                seconds = 0.0
                for item in script:
                    match item:
                        case Breaths(first, total):
                            seconds += (total - first) * self._breath_seconds(item)
                            kind = "sighs" if item.kind is Kind.SIGH else "breaths"
                            self._speak(f"{kind} {first}-{total}")
                            self.breathed.append(item)
                        case Chime():
                            seconds += 3.0
                            self._speak("chime")
                        case Line(role, _, t):
                            seconds += LINE_SECONDS
                            self._speak(role)
                            if t is not None:
                                self.times.append((role, t))
                self.gains.append(gain_db)
                self.depths.append(depth)
                self.playing = (action, self.now.steady + seconds)
            case Hush(ticket):
                assert self.playing is not None
                assert self.playing[0].ticket == ticket, "hushed what does not play"
                self.playing = None
            case Finish(ticket):
                assert self.playing is not None
                assert self.playing[0].ticket == ticket
                self._finish_breath()
            case NotePromise(promise):
                self.disk = promise
            case NoteEnd(record):
                self.disk = None
                self.records.append(record)
            case NoteCaught(caught):
                self.caught.append(caught)
            case NoteMoment(what, at):
                self.moments[what] = at
                self.noted = self.lived if what == UNREST else self.noted
            case Show(line):
                self.shown.append(line.role)
            case Listen(on):
                assert self.hears is not on, "switched to what it was"
                self.hears = on

    def _check_cap(self, gain_db: float) -> None:
        quiet = self.rules.quiet
        assert quiet is None or not self._is_quiet() or gain_db <= quiet.cap_db, "too loud"

    def _check_calm(self, play: Play) -> None:
        """A reminder comes in a calm hour, or not at all."""
        roles = [item.role for item in play.script if isinstance(item, Line)]
        if not any(role.startswith(("reminders.", "hints.")) for role in roles):
            return
        assert self.session.stage is Stage.LISTENING
        assert not self._is_quiet(), "a reminder in the quiet hours"
        assert self.unrest is None or self.lived - self.unrest >= 2 * 3600 - 0.01, "near a pause"
        assert self.hears or self.rules.key_only, "a reminder before guests"

    def _is_quiet(self) -> bool:
        quiet = self.rules.quiet
        if quiet is None:
            return False
        minute = self.rules.local_time.minute_of_day(self.now.wall)
        if quiet.begin < quiet.end:
            return quiet.begin <= minute < quiet.end
        return minute >= quiet.begin or minute < quiet.end

    def _finish_breath(self) -> None:
        assert self.playing is not None
        play, ends = self.playing
        breaths = play.script[0]
        assert isinstance(breaths, Breaths)
        left = ends - self.now.steady
        one = self._breath_seconds(breaths)
        whole_left = int(left // one)
        ends -= whole_left * one
        done = breaths.total - breaths.first - whole_left
        self.playing = (replace(play, script=(replace(breaths, total=breaths.first + done),)), ends)

    def _breath_seconds(self, breaths: Breaths) -> float:
        is_sigh = breaths.kind is Kind.SIGH
        return self.rules.sigh_seconds if is_sigh else self.rules.breath_seconds

    def _speak(self, role: str) -> None:
        self.said.append((self.now.wall - self._began, role))
