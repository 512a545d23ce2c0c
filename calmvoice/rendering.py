"""A whole pause written to a WAV file: the offline stage with people who play their parts."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path

from calmvoice import wiring, wiring_rules
from calmvoice.audio.wav_track import WavTrack
from calmvoice.errors import VoiceError
from calmvoice.journal import SqliteJournal
from calmvoice.language import PhrasePack
from calmvoice.meanings import Meaning
from calmvoice.offline import CountedClock, OfflineSpeaker, OfflineStage
from calmvoice.ports import Now
from calmvoice.prompter import Wording
from calmvoice.screen import Screen
from calmvoice.session import Session
from calmvoice.session.events import Said
from calmvoice.session.script import Line, Script
from calmvoice.session.stages import Stage
from calmvoice.settings import Settings
from calmvoice.shell import Stagehand, Status
from calmvoice.voice.studio import Studio

LONGEST_SECONDS = 4 * 3600.0
ANSWER_SECONDS = (6.0, 6.0)  # one answers after the call, the other a little later


@dataclass
class Rendered:
    """What was spoken at which second, and how long it all is."""

    lines: list[tuple[float, str]] = field(default_factory=list)
    seconds: float = 0.0


def render_pause(
    settings: Settings, words: PhrasePack, studio: Studio, out: Path, answer: bool
) -> Rendered:
    """Write a pause from the signal until it listens again; raises ``SoundError``.

    ``answer`` says whether both say "here"; otherwise the calls go on until they stop.
    """
    track = WavTrack(out)
    clock = CountedClock(Now(time.time(), 0.0))
    prompter = wiring.prompter(settings, words, studio, _raise)
    speaker = OfflineSpeaker(prompter, clock)
    caption = _Captions(prompter.wording, clock)
    journal = SqliteJournal(":memory:")
    session = Session(wiring_rules.rules(settings))
    stagehand = Stagehand(session, speaker, journal, caption, lambda meanings: None)
    stage = OfflineStage(stagehand, speaker, clock, track.write)
    try:
        stage.apply(Said(Meaning.SIGNAL))
        stage.run(lambda: session.stage is not Stage.CALLING, LONGEST_SECONDS)
        if answer:
            for seconds in ANSWER_SECONDS:
                stage.run(lambda: True, stage.seconds + seconds)
                stage.apply(Said(Meaning.HERE))
        ends = (Stage.LISTENING, Stage.OWED)
        stage.run(lambda: session.stage not in ends or session.is_speaking, LONGEST_SECONDS)
        stage.finish()
    finally:
        track.close()
        journal.close()
    return Rendered(caption.lines, stage.seconds)


def _raise(error: VoiceError) -> None:
    raise error


class _Captions:
    """A display that keeps what was spoken and when."""

    def __init__(self, wording: Wording, clock: CountedClock) -> None:
        from calmvoice.keys import Keys

        self._screen = Screen(wording, Keys(wording.pack))
        self._clock = clock
        self.lines: list[tuple[float, str]] = []

    def show_script(self, script: Script) -> None:
        if text := self._screen.captions(script):
            self.lines.append((self._clock.now().steady, text))

    def show_status(self, status: Status) -> None:
        pass

    def show_line(self, line: Line) -> None:
        pass

    def show_trouble(self, message: str, hint: str) -> None:
        pass

    def clear_trouble(self, message: str) -> None:
        pass
