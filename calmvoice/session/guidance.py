"""What of the guidance is wanted and still to come, and how far the voice has come down.

Rule: the lines are kept here and not in the queue of what is said, so that they outlast "only
sound", a second breathing, or an answer in between.
"""

from __future__ import annotations

from dataclasses import dataclass

from calmvoice.ports import Now
from calmvoice.session.promise import Promise
from calmvoice.session.rules import Rules, Track
from calmvoice.session.script import Guide, Step


@dataclass
class Guidance:
    """The guidance of one pause."""

    wanted: Guide = Guide.FULL
    steps: tuple[Step, ...] = ()
    """Lines of the quiet part that are still to come."""
    breathes: bool = True
    """False where somebody said in the bridge that breathing does no good now."""
    more_was_asked: bool = False
    """More time was asked for in the bridge."""
    depth: int = 0
    is_descending: bool = False

    @property
    def speaks(self) -> bool:
        """Whether lines are wanted."""
        return self.wanted in (Guide.FULL, Guide.WORDS)

    def take_over(self, asked: Guidance) -> None:
        """Take over what was asked for while another bridge was spoken."""
        self.wanted, self.breathes = asked.wanted, asked.breathes
        self.more_was_asked = asked.more_was_asked
        self.steps = (*asked.steps, *(step for step in self.steps if step not in asked.steps))

    def is_step_due(self, rules: Rules, promise: Promise, now: Now) -> bool:
        """Whether a line of the quiet part comes next, once nothing sounds."""
        is_near = promise.return_at - now.wall <= rules.last_line_seconds
        return bool(self.steps) and self.speaks and not is_near

    def next_step(self) -> Step:
        """Take the next line."""
        step, self.steps = self.steps[0], self.steps[1:]
        return step

    def put_first(self, track: Track) -> None:
        """Put the lines of a track before what is left, each once; they are wanted aloud."""
        self.steps = track.before(self.steps)
        if not self.speaks:
            self.wanted = Guide.FULL

    def descend(self, deepest: int, promise: Promise, now: Now) -> None:
        """Let the voice come down as the pause goes on, and never up within it."""
        if self.is_descending:
            part = (now.wall - promise.started_at) / (promise.return_at - promise.started_at)
            self.depth = max(self.depth, min(deepest, 1 + int(part * deepest)))
