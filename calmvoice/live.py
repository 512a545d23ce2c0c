"""A pause in the room: microphone, loudspeaker, screen and session, put together and let go.

Rules: what is missing is said and the rest goes on; the promise on disk is read before anything
can fail; closing never hangs, whatever state a device is in.
"""

from __future__ import annotations

import contextlib
import logging
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from calmvoice import wiring, wiring_attendants, wiring_rules
from calmvoice.attendants import Attendant, Attended
from calmvoice.audio.silent_speaker import TimedSpeaker
from calmvoice.audio.sounddevice_microphone import SounddeviceMicrophone
from calmvoice.audio.sounddevice_speaker import SounddeviceSpeaker
from calmvoice.background import Background
from calmvoice.clock import SystemClock
from calmvoice.closing import close_together
from calmvoice.disk_gate import DiskGate
from calmvoice.errors import VoiceError
from calmvoice.hearing import Hearing
from calmvoice.journal import Journal
from calmvoice.keys import Keys
from calmvoice.language import PhrasePack
from calmvoice.listener import Listener
from calmvoice.meanings import Meaning
from calmvoice.narrator import Narrator
from calmvoice.plain import Plain, Write
from calmvoice.ports import Clock, Ears, Speaker
from calmvoice.screen import Screen
from calmvoice.session import Session
from calmvoice.session.events import ClipEnded, Event, HearingChanged
from calmvoice.session.rules import Rules
from calmvoice.session.script import Line
from calmvoice.session.stages import Stage
from calmvoice.settings import Settings
from calmvoice.shell import Shell, Stagehand, Status
from calmvoice.voice.studio import Studio

if TYPE_CHECKING:
    from calmvoice.terminal import Terminal

    Front = Terminal | Plain | Background

log = logging.getLogger(__name__)

CUE_SECONDS = 6.0  # how long a cue of the breath stands on the screen: the longer half of it


@dataclass(frozen=True)
class Manner:
    """How this run behaves: what is switched off, where sound goes, when it ends."""

    microphone: bool = True
    loudspeaker: bool = True
    save_sound: Path | None = None
    plain: bool = False
    background: bool = False
    one_pause: bool = False


class Room:
    """Everything that is live for one run."""

    def __init__(
        self,
        settings: Settings,
        rules: Rules,
        words: PhrasePack,
        studio: Studio,
        journal: Journal,
        clock: Clock,
        manner: Manner,
        write: Write,
    ) -> None:
        self._settings, self._manner, self._journal = settings, manner, journal
        if not manner.microphone:
            rules = wiring_rules.key_only(rules)
        self._steady = SystemClock()  # sound is never moved on, whatever the session's clock does
        prompter = wiring.prompter(settings, words, studio, self._voice_trouble)
        self._wording = prompter.wording
        self._phrases = wiring.phrases(settings, words)
        self.shell = Shell(clock)
        self.speaker = self._speaker()
        self._sound_works = {"microphone": True, "speaker": True}
        self._gate = DiskGate()
        self._narrator = Narrator(prompter, self.speaker, self._gate)
        self._write = write
        keys = Keys(self._wording.pack, rules.without)
        large = settings.computer.captions == "large"
        self._screen = Screen(self._wording, keys, is_large=large)
        self._front = self._make_front(keys, clock)
        self._display = _OnePause(self._front) if manner.one_pause else self._front
        self._watch = wiring_attendants.watch(self._steady)
        self._attended = Attended(self._attendants(clock))
        self._listener: Listener | None = None
        self._hearing: Hearing | None = None
        self._session = Session(rules, journal.memory())

    def run(self, ears: Ears | None, typed: Iterator[str]) -> None:
        """Live until someone quits; then let go of everything.

        ``ears`` is None where the microphone stays off. Raises what ended the session, if
        something did.
        """
        try:
            if ears is not None:
                self._listener = wiring.listener(ears, self._phrases, self.speaker, self.shell.post)
                self._hearing = Hearing(
                    self._microphone,
                    self._attended.listener(self._listener),
                    self._microphone_changed,
                )
            self._attended.begin(self._front)
            stagehand = Stagehand(
                self._session,
                self._attended.mouth(self._narrator),
                self._journal,
                self._attended.display(self._display),
                self._expect,
                self._switch_microphone,
                gate=self._gate,
            )
            if self._manner.one_pause:
                self._front.show_script((Line("state.rehearsal"),))
            for trouble in self._journal.troubles:
                self._front.show_trouble(str(trouble), trouble.hint)
            beat = self._watch.beat if self._watch is not None else None
            self.shell.start(stagehand, self._journal, self._front.end, beat)
            if self._hearing is not None:
                self._hearing.start()
            if isinstance(self._front, Plain):
                self._front.run(typed)
            else:
                self._front.run()
        finally:
            with _uninterrupted():
                self._close()
        if self.shell.failure is not None:
            raise self.shell.failure
        promise = self._session.promise
        told = not self._manner.one_pause and not self._manner.background
        if promise is not None and not promise.owed and told:
            with _uninterrupted():
                kept = self._journal.is_promise_kept()
                self._write(self._screen.farewell(promise.return_at, kept))

    def _voice_trouble(self, error: VoiceError) -> None:
        """A line could not be spoken: it stays on the screen."""
        log.error("not spoken: %s", error)
        self._front.show_trouble(str(error), error.hint)

    def _close(self) -> None:
        self.shell.close()
        close_together([self._attended, self._narrator, self._hearing, self.speaker])
        self._journal.close()

    def _expect(self, meanings: frozenset[Meaning]) -> None:
        if self._listener is not None:
            self._listener.expect(meanings)

    def _speaker(self) -> Speaker:
        if not self._manner.loudspeaker or self._manner.save_sound is not None:
            return TimedSpeaker(self._clip_ended, self._steady, self._manner.save_sound)
        name = self._settings.computer.speaker
        return SounddeviceSpeaker(name, self._clip_ended, self._sound_changed, self._steady)

    def _microphone(self) -> SounddeviceMicrophone:
        name = self._settings.computer.microphone
        return SounddeviceMicrophone(name, self._sound_changed, self._steady)

    def _switch_microphone(self, on: bool) -> None:
        if self._hearing is not None:
            self._hearing.switch(on)

    def _microphone_changed(self, works: bool, hint: str) -> None:
        self._tell_sound("microphone", works, hint)

    def _clip_ended(self, ticket: int, breaks: int) -> None:
        self.shell.post(ClipEnded(ticket, breaks))

    def _sound_changed(self, part: str, works: bool) -> None:
        self._tell_sound(part, works, "")

    def _tell_sound(self, part: str, works: bool, hint: str) -> None:
        if self._sound_works[part] == works:
            return
        self._sound_works[part] = works
        log.warning("%s %s", part, "works" if works else "does not work")
        if part == "microphone":
            self.shell.post(HearingChanged(works))
            if not works and isinstance(self.speaker, SounddeviceSpeaker):
                self.speaker.look()  # often both are gone, and this one only shows when it plays
            self._attended.show_microphone(works)
        role = "state.microphone_lost" if part == "microphone" else "state.speaker_lost"
        message = " ".join(self._wording.lines(Line(role)))
        if works:
            self._front.clear_trouble(message)
        else:
            self._front.show_trouble(message, hint)

    def _make_front(self, keys: Keys, clock: Clock) -> Front:
        post: Callable[[Event], None] = self.shell.post
        if self._manner.background:
            return Background()
        if self._manner.plain:
            return Plain(self._screen, keys, self._phrases, clock, self._write, post)
        from calmvoice.terminal import Terminal  # 9 MB that lines and the service do without

        return Terminal(self._screen, keys, clock, self._cue, post)

    def _attendants(self, clock: Clock) -> list[Attendant]:
        aloud = self._manner.loudspeaker and self._manner.save_sound is None
        found = wiring_attendants.attendants(
            *(self._settings, self.shell, clock, self._front.end),
            aloud=aloud,
            is_practice=self._manner.one_pause,
        )
        return found if self._watch is None else [*found, self._watch]

    def _cue(self) -> str:
        """Return the words that sound now: the cues of the breath."""
        now = self._steady.now().steady
        return " ".join(self.speaker.spoken(now - CUE_SECONDS, now)[-1:])


@contextlib.contextmanager
def _uninterrupted() -> Iterator[None]:
    """Let a second Ctrl-C do nothing: what follows takes less than two seconds."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


class _OnePause:
    """A display that ends the run when the pause that was begun is over."""

    def __init__(self, front: Front) -> None:
        self._front, self._begun = front, False
        self.show_script = front.show_script
        self.show_line = front.show_line
        self.show_trouble = front.show_trouble
        self.clear_trouble = front.clear_trouble

    def show_status(self, status: Status) -> None:
        """Pass it on, and end after the last word."""
        self._front.show_status(status)
        if status.stage is not Stage.LISTENING:
            self._begun = True
        elif self._begun and status.is_at_rest:
            self._front.end()
