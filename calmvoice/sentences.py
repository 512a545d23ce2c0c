"""How a text falls into sentences, words and syllables, in any script that sets words apart.

Rule: nothing here knows a language; what is counted serves to pace, to compare and to check, never
to pronounce.
"""

from __future__ import annotations

import re
import unicodedata

ENDS = ".?!…。？！।؟۔"
"""What ends a sentence."""
FULL_STOPS = (".", "。", "।", "۔")
RAISED = "!！"
QUESTIONS = "?!？！؟"
CLOSING = '"”’»」』)'
"""What may still follow the end."""
_BETWEEN = re.compile(
    rf"(?<=[{ENDS}])[{re.escape(CLOSING)}]?(?=\s)\s+|(?<=[{ENDS}][{re.escape(CLOSING)}])\s+"
)
_RAISED = str.maketrans("", "", RAISED)
_APOSTROPHES = str.maketrans("’", "'")
_VOWELS = re.compile(r"[aeiouyøœæıаеиоуыэюяіїєαεηιουω]+")
_SIGNS_A_SYLLABLE = 2.2  # of an alphabet whose vowels are not known here


def sentences(text: str) -> tuple[str, ...]:
    """Split a line into its sentences; closing quotes stay with the sentence they end."""
    return tuple(part for part in _BETWEEN.split(text) if part)


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a text in lower case, without punctuation but with apostrophes."""
    text = unicodedata.normalize("NFC", text).lower().translate(_APOSTROPHES)
    plain = (x if _is_in_word(x) or x == "'" else " " for x in text)
    words = (word.strip("'") for word in "".join(plain).split())
    return tuple(word for word in words if word)


def ends_low(line: str) -> bool:
    """Say whether a line has an end; a field may be one."""
    return line.rstrip(CLOSING).endswith((*ENDS.translate(_RAISED), "}"))


def syllables_in(word: str) -> int:
    """Estimate the syllables of a word: groups of vowel letters, or the signs that are one each."""
    plain = unicodedata.normalize("NFC", word.lower())
    whole = sum(unicodedata.name(x, "").startswith(_WHOLE) for x in plain)
    letters = "".join(
        x for x in unicodedata.normalize("NFD", plain) if unicodedata.category(x)[0] == "L"
    )
    if whole:
        return whole
    groups = len(_VOWELS.findall(letters))
    if not groups and letters and not letters.isascii():
        groups = round(len(letters) / _SIGNS_A_SYLLABLE)
    return max(1, groups)


_WHOLE = ("HANGUL SYLLABLE", "CJK UNIFIED", "HIRAGANA LETTER", "KATAKANA LETTER")


def _is_in_word(sign: str) -> bool:
    """Say whether a sign belongs to a word: letters, digits, and the marks written on letters."""
    return unicodedata.category(sign)[0] in "LMN"
