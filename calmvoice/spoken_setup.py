"""The room for an agreement made by voice: loudspeaker, microphone, ears and keyboard together.

Rule: what is missing is said and the rest goes on; everything is let go at the end, so that a
rehearsal can have the devices.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator

from calmvoice import wiring
from calmvoice.agreement.spoken import SpokenAsker
from calmvoice.audio.sounddevice_microphone import SounddeviceMicrophone
from calmvoice.audio.sounddevice_speaker import SounddeviceSpeaker
from calmvoice.clock import SystemClock
from calmvoice.ears.vosk_ears import VoskEars
from calmvoice.errors import SoundError
from calmvoice.exchange import ANSWERS, Inbox, RoomExchange
from calmvoice.language import PhrasePack
from calmvoice.plain import Write
from calmvoice.prompter import Clips
from calmvoice.settings import Settings
from calmvoice.wiring import Phrases


@contextlib.contextmanager
def spoken_asker(
    settings: Settings, pack: PhrasePack, studio: Clips, write: Write
) -> Iterator[SpokenAsker]:
    """Open the devices for the time of the setup; without a microphone the keyboard answers."""
    steady, inbox = SystemClock(), Inbox(sys.stdin.fileno())
    speaker = SounddeviceSpeaker(
        settings.computer.speaker,
        lambda ticket, breaks: inbox.post(ticket),
        lambda part, works: None if works else write(pack.lines["state.speaker_lost"][0]),
        steady,
    )
    said = answers(pack)
    listener = wiring.listener(VoskEars(wiring.model(settings)), said, speaker, inbox.post)
    listener.expect(frozenset(said))
    microphone = SounddeviceMicrophone(
        settings.computer.microphone, lambda part, works: None, steady
    )
    try:
        try:
            microphone.open(listener.take)
        except SoundError as error:
            write(f"{error}. {error.hint}")
        yield SpokenAsker(RoomExchange(studio, speaker, inbox.wait), pack, write)
    finally:
        microphone.close()
        speaker.close()


def answers(pack: PhrasePack) -> Phrases:
    """Return what the ears listen for."""
    return {meaning: pack.marks[answer.value] for meaning, answer in ANSWERS.items()}
