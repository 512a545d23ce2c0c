"""What the engines are given to say, and how fast: falling ends, counted words, an even pace.

Rules a change must respect:

- Every sentence falls at its end. A rising question puts pressure on someone who has no words, so
  a question mark reaches the engine as a full stop, and a line without an end gets one.
- Pace is counted as people count it: words over the seconds from the first to the last sound.
  Engines count differently (espeak-ng spoke short words at 230 where 120 was asked), so a
  sentence outside 8 % of the pace wanted is spoken once more at a scaled rate.
- Fewer than four words have no pace worth the name ("Pause."), and a line with an ellipsis is slow
  on purpose ("In… two… three… four."): they are spoken at the first rate.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from calmvoice.errors import VoiceError
from calmvoice.sentences import CLOSING, FULL_STOPS, QUESTIONS, syllables_in, words_of
from calmvoice.sound import Sound
from calmvoice.voice.levels import audible_seconds

SLOWEST, FASTEST = 60, 220  # words a minute that can be asked of an engine
FEWEST_WORDS = 4
TOLERANCE = 0.08
AIM = 0.06  # inside the tolerance, for engines do not scale evenly

_QUESTION = re.compile(rf"\s*[{QUESTIONS}]+")
_OPEN_END = re.compile(rf"[\s,;:…–—.\-]*([{re.escape(CLOSING)}\]]*)\s*$")
_HYPHEN = re.compile(r"(?<=[^\W\d_])-(?=[^\W\d_])")


def require_pace(words_per_minute: int) -> None:
    """Raise ``VoiceError`` for a pace that no engine speaks well."""
    if not SLOWEST <= words_per_minute <= FASTEST:
        raise VoiceError(
            f"{words_per_minute} words a minute, the voice can do {SLOWEST} to {FASTEST}",
            "Choose a calm pace: 110 to 140, for example 125.",
        )


def sayable(text: str) -> str:
    """Return what an engine is given for a text; raises ``VoiceError`` if no word is in it."""
    if count_words(text) == 0:
        raise VoiceError(
            f"nothing to say: no word in a text of {len(text)} characters",
            "Give the line at least one word, or leave it out.",
        )
    return with_falling_end(text)


def with_falling_end(text: str) -> str:
    """Return the text with every question and exclamation mark, and an open end, as a full stop."""
    text = _QUESTION.sub(".", text.strip())
    if text.rstrip(CLOSING).endswith(FULL_STOPS):
        return text
    return _OPEN_END.sub(r".\1", text, count=1)


def count_words(text: str) -> int:
    """Count words; "worn-out" and "don't" are one, a number in digits is one."""
    return len(_words(text))


def count_syllables(text: str) -> int:
    """Estimate syllables, two a digit: enough for a check of plausibility."""
    total = 0
    for word in _words(text):
        if word.isdigit():
            total += 2 * len(word)
        else:
            silent = word.endswith("e") and not word.endswith(("le", "ee"))
            total += max(1, syllables_in(word) - silent, len(word) // 6)
    return total


def _words(text: str) -> tuple[str, ...]:
    """Return the words; "worn-out" is one, a time such as 7:40 is two numbers."""
    return words_of(_HYPHEN.sub("", text))


def paced(
    speak: Callable[[float], Sound],
    text: str,
    words_per_minute: int,
    first_rate: float,
    rates: tuple[float, float],
) -> Sound:
    """Speak the text at the pace wanted, trying a second rate once if the first missed it.

    ``speak`` takes the engine's own rate; ``rates`` are the lowest and highest that it honours.
    The second try aims at the near edge of the tolerance, so that paces differ no more than needed.
    """
    sound = speak(first_rate)
    words = count_words(text)
    if words < FEWEST_WORDS or "…" in text or "..." in text:
        return sound
    pace = 60.0 * words / audible_seconds(sound)
    if abs(pace / words_per_minute - 1) <= TOLERANCE:
        return sound
    goal = words_per_minute * (1 + AIM if pace > words_per_minute else 1 - AIM)
    rate = min(max(first_rate * goal / pace, rates[0]), rates[1])
    return sound if rate == first_rate else speak(rate)
