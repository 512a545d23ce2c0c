"""The sounds the model tells apart, and how Kaldi's files number them.

A unit is a sound; a phone is a unit at its place in a word, which Vosk needs for word times. Unit u
has two network outputs: ``2 u`` for its first row, ``2 u + 1`` for each further one. Transition ids
count from 1: phone p stays by ``2 p − 1`` and is entered by ``2 p``.
"""

from __future__ import annotations

_ARPABET = (
    "AA AE AH AO AW AY B CH D DH EH ER EY F G HH IH IY JH K L M N NG OW OY P R S SH T TH "
    "UH UW V W Y Z ZH"
)
PHONES = tuple(_ARPABET.split())
SILENCE, SPOKEN_NOISE = 0, 1
UNITS = ("SIL", "SPN", *PHONES)
INDEX = {unit: i for i, unit in enumerate(UNITS)}
OUTPUTS = 2 * len(UNITS)

_PLACES = {"B": "begin", "E": "end", "I": "internal", "S": "singleton"}
# Name, unit and place in the word of each phone; its number is its position here, from 1.
TABLE = (
    ("SIL", SILENCE, "nonword"),
    ("SPN_S", SPOKEN_NOISE, "singleton"),
    *((f"{p}_{letter}", INDEX[p], place) for p in PHONES for letter, place in _PLACES.items()),
)
NUMBER = {name: i for i, (name, _, _) in enumerate(TABLE, 1)}


def in_a_word(phones: tuple[str, ...]) -> list[int]:
    """Return the phone numbers of a word's sounds: begin, internal…, end; or one singleton."""
    if len(phones) == 1:
        return [NUMBER[f"{phones[0]}_S"]]
    places = ["B", *"I" * (len(phones) - 2), "E"]
    return [NUMBER[f"{p}_{place}"] for p, place in zip(phones, places, strict=True)]


def entering(phone: int) -> int:
    """Return the transition id of a phone's first row."""
    return 2 * phone


def staying(phone: int) -> int:
    """Return the transition id of each further row of a phone."""
    return 2 * phone - 1
