"""Every error CalmVoice raises on purpose.

    CalmVoiceError
    ├── SettingsError    the settings cannot be read, or a value is out of limits
    ├── LanguageError    a language file lacks a role, or a bridge lacks a time
    ├── RoutineError     a routine is wrong somewhere, or is not there
    ├── PhraseError      the recogniser cannot hear a phrase
    ├── ModelError       no usable speech model at the path
    ├── VoiceError       a sentence could not be spoken by the voice engine
    ├── SoundError       a device, or a sound file, cannot be used
    ├── JournalError     the promise could not be written or read
    │   └── JournalDamagedError  what is in the file is no journal any more
    ├── RunningError     another CalmVoice runs, or none does, or it does not answer
    ├── ServiceError     the system's service manager refused, or is not there
    └── SessionError     our own parts surprised the session: a bug

Rule: the message says what happened, with the value and the limit; the hint says what to do next.
Only ``cli.py`` prints them.
"""


class CalmVoiceError(Exception):
    """Something a person can act on: the message, and in ``hint`` the next step."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class SettingsError(CalmVoiceError):
    """The settings file cannot be read, or a value in it is out of its limits."""


class LanguageError(CalmVoiceError):
    """A language file lacks something that will be needed in the hard moment."""


class RoutineError(CalmVoiceError):
    """A routine cannot be guided as it is written."""


class PhraseError(CalmVoiceError):
    """The recogniser cannot hear a phrase as it is written."""


class ModelError(CalmVoiceError):
    """There is no usable speech model at the path."""


class VoiceError(CalmVoiceError):
    """The voice engine did not produce a whole, plausible sentence."""


class SoundError(CalmVoiceError):
    """A sound device or sound file cannot be used."""


class JournalError(CalmVoiceError):
    """The promise could not be written to disk or read from it."""


class JournalDamagedError(JournalError):
    """The journal can be read, and what is in it is no journal any more."""


class RunningError(CalmVoiceError):
    """Another CalmVoice runs, or none does, or it does not answer; ``holder`` is its process."""

    def __init__(self, message: str, hint: str = "", holder: int | None = None) -> None:
        super().__init__(message, hint)
        self.holder = holder


class ServiceError(CalmVoiceError):
    """The system's service manager refused, or there is none."""


class SessionError(CalmVoiceError):
    """One of our own parts sent what the session's table does not allow: a bug, not bad luck."""
