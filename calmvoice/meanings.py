"""What a phrase or a key can mean: the words between the ears, the keyboard and the session."""

from enum import Enum


class Meaning(Enum):
    """One idea a person may utter or press; the value is its name in files and on screen."""

    SIGNAL = "signal"
    OTHER_SIGNAL = "other_signal"
    NO_WORDS = "no_words"
    EVENT = "event"
    UNTIL = "until"
    SLOW_DOWN = "slow_down"
    CYCLE = "cycle"
    WHO_ASKED = "who_asked"
    NOT_NOW = "not_now"
    STOP = "stop"
    ONLY_SOUND = "only_sound"
    ONLY_WORDS = "only_words"
    RACING = "racing"
    SHUT_DOWN = "shut_down"
    WAITING = "waiting"
    CLOSENESS = "closeness"
    CALM = "calm"
    UNDERSTOOD = "understood"
    HOW_LONG = "how_long"
    MORE_TIME = "more_time"
    TEN = "ten"
    TWENTY = "twenty"
    YES = "yes"
    HERE = "here"
    BACK = "back"
    AGAIN = "again"
    PAUSE_AGAIN = "pause_again"
    WENT_QUIET = "went_quiet"
    WAITED = "waited"
    NEXT = "next"
    HELP_ME = "help_me"
    GUESTS = "guests"
    EARLY = "early"
    MIDDLE = "middle"
    LATE = "late"


SIGNALS = (Meaning.SIGNAL, Meaning.OTHER_SIGNAL)
"""The words for a pause: one for both, or one for each."""

TRACKS = (Meaning.RACING, Meaning.SHUT_DOWN, Meaning.WAITING)
"""How somebody is; each has lines of its own in the quiet part."""

NEEDS = (Meaning.CLOSENESS, Meaning.CALM, Meaning.UNDERSTOOD)
"""What somebody may need most; understood only while it is asked."""

CALLS = (*SIGNALS, Meaning.NO_WORDS, Meaning.EVENT, Meaning.UNTIL)
"""Everything that begins a pause; each has its own bridge."""

INTERRUPTING = frozenset({Meaning.SLOW_DOWN, Meaning.CYCLE})
"""What begins a moment of quiet and no pause: a film may say it at any hour."""

UNASKED = frozenset({*CALLS, Meaning.PAUSE_AGAIN, Meaning.MORE_TIME, Meaning.BACK} - {*SIGNALS})
"""What begins a pause or moves the return, and is never asked about: not taken on a doubt."""

IN_TALK = frozenset({Meaning.STOP})
"""What is obeyed in the middle of a sentence too: silence costs nothing, and is never refused."""

KEY_ONLY = frozenset({Meaning.GUESTS})
"""What is pressed and never said: a microphone that is off cannot be asked to come back."""
