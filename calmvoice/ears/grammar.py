"""What the recogniser is told to expect, and what counts as a whole phrase in its answer.

Rules: a Vosk grammar is a bigram model, so any word may follow any other ("light yellow" passes);
a phrase counts only when all its words are there in order, adjacent in time and of plausible
length. One setting for every phrase and voice: nothing here may be tuned on one of them.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Collection, Sequence
from itertools import pairwise

from calmvoice.ears.model import SpeechModel
from calmvoice.ears.spelling import Word
from calmvoice.errors import PhraseError
from calmvoice.sentences import syllables_in

LOOSE_LEVEL = 5  # misses 1 to 3 % clean, 2 to 4 false candidates an hour (models/README.md)
# Two words: 7 to 8 % missed, and 2 to 8 false alarms an hour of speech in streaming (one setting,
# "smart mirror" 1 and "yellow light" 4 in 30 minutes); 3 misses 13 % (models/README.md).
STRICT_LEVEL = 4
STRICT_LEVEL_ONE_WORD = 3  # one word: 1.9 to 5.6 an hour at 3, 17 to 44 at 4 (models/README.md)
# One word has no decoys: "stahl" and "tyne" took "stop" and "ten" from British voices.
STRICT_LEVEL_ONE_SYLLABLE = 2  # two to four phones carry little evidence; not yet measured well
PHRASE_WEIGHT = 3  # repeats of phrase and filler among decoys: "smart mirror" 94 of 100, 92 without
ENTRY_LIMIT = 100  # decoding slows down beyond it (docs/EAR.md)
GAP_LIMIT_SECONDS = 0.35  # between the words of one phrase; word times are good to ±30 ms
SYLLABLE_SECONDS = 0.07  # very fast talk has 9 syllables a second (0.11 s); word times ±30 ms
WORD_LIMIT_SECONDS = 1.5  # the longest that anybody drags a word


def normalise(phrase: str) -> str:
    """Return a phrase as the recogniser spells it: lower case, single spaces, no punctuation."""
    plain = unicodedata.normalize("NFC", phrase).lower()
    plain = plain.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    kept = (x if unicodedata.category(x)[0] in "LMN" or x in "_'#[]" else " " for x in plain)
    return " ".join("".join(kept).split()).strip("'")


def syllables(phrase: str) -> int:
    """Count the syllables of a phrase; a final silent e is not one."""
    words = (re.sub(r"(?<=[^aeiouyl])e$", "", w) or w for w in normalise(phrase).split())
    return sum(map(syllables_in, words))


def strict_level(phrase: str) -> int:
    """Return how strict the second look is: short phrases need more evidence a phone."""
    if " " in phrase:
        return STRICT_LEVEL
    return STRICT_LEVEL_ONE_WORD if syllables(phrase) > 1 else STRICT_LEVEL_ONE_SYLLABLE


def loose_grammar(model: SpeechModel, phrases: Collection[str]) -> str:
    """Return the grammar that finds candidates among all expected phrases."""
    fillers = model.fillers(LOOSE_LEVEL)
    most = ENTRY_LIMIT - len(fillers)
    if len(phrases) > most:
        raise PhraseError(
            f"{len(phrases)} phrases at once, at most {most} can be listened for",
            "Take some of the phrases out of the settings.",
        )
    written = (way for p in sorted(phrases) for way in model.spelling.write(p))
    return as_grammar([*written, *(f for f in fillers if f not in phrases)])


def strict_grammar(model: SpeechModel, phrase: str, decoys: Sequence[str] = ()) -> str:
    """Return the grammar for the second look at one phrase; words near in sound compete.

    The other expected phrases are left out: each makes entering a word dearer, and how strict
    the look is would depend on what else is listened for ("how long" was lost among six).
    """
    fillers = [f for f in model.fillers(strict_level(phrase)) if f != phrase]
    weight = PHRASE_WEIGHT if len(fillers) == 1 else 1
    entries = model.spelling.write(phrase) * PHRASE_WEIGHT + fillers * weight
    return as_grammar(entries + list(dict.fromkeys(decoys))[: ENTRY_LIMIT - len(entries)])


def as_grammar(entries: Sequence[str]) -> str:
    """Return the JSON list that Vosk takes; it cannot read escaped letters, only plain ones."""
    return json.dumps(list(entries), ensure_ascii=False)


def occurrences(text: str, phrase: str) -> int:
    """Count a phrase in a recogniser's text, whole words only."""
    words, wanted = text.split(), phrase.split()
    return sum(words[i : i + len(wanted)] == wanted for i in range(len(words)))


def find_phrase(words: Sequence[Word], phrase: str) -> list[tuple[float, float]]:
    """Return start and end of each phrase: whole, adjacent in time, of plausible length."""
    wanted = phrase.split()
    found = []
    for i in range(len(words) - len(wanted) + 1):
        part = words[i : i + len(wanted)]
        if [w.text for w in part] != wanted:
            continue
        gap = max((b.start - a.end for a, b in pairwise(part)), default=0.0)
        long = any(w.end - w.start > WORD_LIMIT_SECONDS for w in part)
        start, end = part[0].start, part[-1].end
        if not long and plausible(phrase, start, end, gap):
            found.append((start, end))
    return found


def plausible(phrase: str, start: float, end: float, gap: float) -> bool:
    """Say whether a phrase can have been said from start to end with such a gap in it."""
    shortest = SYLLABLE_SECONDS * syllables(phrase)
    longest = WORD_LIMIT_SECONDS * len(phrase.split())
    return gap <= GAP_LIMIT_SECONDS and shortest <= end - start <= longest
