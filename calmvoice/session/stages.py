"""Where a session can stand, and what can move it on besides people and our own parts."""

from enum import Enum


class Stage(Enum):
    """A stage of a pause; the value is its name in the log and in the diagram."""

    LISTENING = "listening"
    DOUBT = "doubt"
    SLOWING = "slowing"
    BRIDGE = "bridge"
    BREATHING = "breathing"
    SETTLING = "settling"
    ASKING = "asking"
    AGREEING = "agreeing"
    CALLING = "calling"
    OWED = "owed"
    REENTRY = "reentry"
    CHOOSING = "choosing"
    TALKING = "talking"
    REFLECTING = "reflecting"


class Due(Enum):
    """Something whose time has come; the session finds these itself, from the time it is given."""

    SCRIPT_DONE = "everything said"
    NOTICE = "notice due"
    STEP = "next line due"
    RETURN = "return due"
    CALL = "call due"
    DAY = "a day over"
    REMINDER = "reminder due"


APART = frozenset({Stage.BRIDGE, Stage.BREATHING, Stage.SETTLING})
"""The stages of a pause in which nothing is asked."""
AWAY = APART | {Stage.ASKING, Stage.AGREEING}
"""The stages in which both are apart and the return lies ahead."""
