"""The doctor: tries each part for real and says ok, or what is wrong and what to do."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from calmvoice import journal, wiring
from calmvoice.audio.devices import find_device
from calmvoice.audio.sounddevice_microphone import SounddeviceMicrophone
from calmvoice.audio.sounddevice_speaker import SounddeviceSpeaker
from calmvoice.clock import SystemClock
from calmvoice.ears.hear import hear
from calmvoice.errors import CalmVoiceError, SoundError
from calmvoice.journal import SqliteJournal
from calmvoice.meanings import Meaning
from calmvoice.ports import Trust
from calmvoice.sentences import sentences
from calmvoice.settings import Settings
from calmvoice.sound import Clip, silence

MICROPHONE_SECONDS = 3.0
SPEAKER_SECONDS = 5.0


@dataclass(frozen=True)
class Finding:
    """One part, whether it works, what was seen, and what to do."""

    part: str
    ok: bool
    what: str
    hint: str = ""


def check_all(path: Path, load: Callable[[], Settings]) -> list[Finding]:
    """Check every part that the settings name, which ``load`` reads from this path."""
    settings = Settings()
    findings = []

    def look(part: str, check: Callable[[], str]) -> None:
        try:
            findings.append(Finding(part, True, check()))
        except CalmVoiceError as error:
            findings.append(Finding(part, False, str(error), error.hint))

    def read() -> str:
        nonlocal settings
        settings = load()
        return str(path) if path.exists() else "the defaults (calmvoice init writes your own)"

    look("settings", read)
    look("language", lambda: wiring.pack(settings).name)
    look("voice", lambda: _check_voice(settings))
    look("ears", lambda: _check_ears(settings))
    look("loudspeaker", lambda: _check_speaker(settings))
    look("microphone", lambda: _check_microphone(settings))
    look("journal", lambda: _check_journal(settings))
    look("clock", _check_clock)
    return findings


def _check_voice(settings: Settings) -> str:
    voice = wiring.voice(settings)
    sound = voice.render(sentences(wiring.pack(settings).lines["breathing.intro"][0])[0])
    return f"{voice.identity}, {sound.seconds:.1f} s spoken"


def _check_ears(settings: Settings) -> str:
    """Let the ears hear the signal in CalmVoice's own voice."""
    said = wiring.phrases(settings, wiring.pack(settings))
    ears = wiring.ears(wiring.model(settings), said)
    ears.expect({Meaning.SIGNAL: said[Meaning.SIGNAL]})
    spoken = wiring.voice(settings).render(settings.agreement.signal)
    if not hear(ears, spoken):
        return f'the model works; in my own voice I did not hear "{settings.agreement.signal}"'
    return f'"{settings.agreement.signal}" is heard'


def _check_speaker(settings: Settings) -> str:
    device = find_device(settings.computer.speaker, "output")
    ended = threading.Event()
    lost = threading.Event()
    speaker = SounddeviceSpeaker(
        settings.computer.speaker,
        lambda ticket, breaks: ended.set(),
        lambda part, works: None if works else lost.set(),
        SystemClock(),
    )
    try:
        speaker.start(1)
        speaker.append(1, Clip(silence(0.2)))
        speaker.seal(1)
        finished = ended.wait(SPEAKER_SECONDS)
    finally:
        speaker.close()
    if not finished or lost.is_set():
        raise SoundError(f"{device.name} does not play", "Is it plugged in, and the server up?")
    return device.name


def _check_microphone(settings: Settings) -> str:
    device = find_device(settings.computer.microphone, "input")
    came = threading.Event()
    microphone = SounddeviceMicrophone(
        settings.computer.microphone,
        lambda part, works: None,
        SystemClock(),
    )
    try:
        microphone.open(lambda samples, at: came.set())
        heard = came.wait(MICROPHONE_SECONDS)
    finally:
        microphone.close()
    if not heard:
        raise SoundError(
            f"{device.name} gives no sound", "Is it muted, or used by another program?"
        )
    return device.name


def _check_journal(settings: Settings) -> str:
    path = journal.default_path()
    kept = SqliteJournal(path, settings.computer.history_days)
    try:
        promise = kept.promise()
        kept.check_writable()
    finally:
        kept.close()
    return f"{path}{', a promise is running' if promise is not None else ''}"


def _check_clock() -> str:
    now = SystemClock().now()
    if now.trust is Trust.NEVER_SET:
        raise CalmVoiceError(
            "this computer's clock cannot be believed: it stands still while the computer is off",
            "Set it, or let the network set it; until then I say times with doubt.",
        )
    return datetime.fromtimestamp(now.wall).astimezone().strftime("%Y-%m-%d %H:%M %Z")
