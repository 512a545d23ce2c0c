"""How much evidence a phrase needs, in natural logarithms; every figure the ears decide by.

Measured by the evidence alone, before the loose recogniser has chosen, in quiet and with household
noise 10 and 5 dB down: 110 pairs of words of the vocabulary held against 27 minutes of other speech
(50 phrase-hours, by people the network was not trained on), 150 clips of "smart mirror" and of
"computer" (some of them copies of one take), 190 pairs of words inside people's sentences, and the
synthetic "yellow light" with its near phrases; one setting for every phrase. The network has been
hardened once more since, and is surer of what it hears. What is called noisy was set anew with it:
26 pairs of words in 20 minutes of such talk 5 dB over noise (9 phrase-hours), 148 and 176 takes of
"smart mirror" and "computer" 10 and 5 dB over it, each looked at when what follows it is known.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from calmvoice.meanings import UNASKED, Meaning

# What whole words explain held against it. With 0.2 twice as many are taken in other talk or asked
# about, with 0.4 hardly fewer, and 2 % more of the phrases are missed. In noise words explain
# anything a little better: with 0.3 there 14.8 % of the takes are missed instead of 13.7, at as
# many false alarms.
WORDS_WEIGHT, NOISY_WORDS_WEIGHT = 0.3, 0.2
# Of "hello light", "mellow night", "yell a lot", "it's a yellow kite" and "red light" 1, 0, 3, 1
# and 0 of 33 are surely taken for "yellow light" in quiet; with 1 it is 10, 0, 7, 4 and 0. In noise
# the network tells sounds apart less surely, and of a hundred rivals one sounds better by chance:
# with 1.75 there as well 17 and 32 % of "smart mirror" are not surely heard (10 and 5 dB), with 0.6
# 9 and 21. What is noise, ``quietness`` says.
RIVAL_WEIGHT, NOISY_RIVAL_WEIGHT = 1.75, 0.6
# A signal is a call: mostly nobody talks right before and after it; a film does. With half of it in
# quiet, three times as many phrases of others are asked about, and inside sentences 24 % of the
# pairs are not surely heard instead of 32 %: "I think we need yellow light before this goes on" is
# asked about. In noise more is made of it: with 5 after a phrase 17 % of the takes are missed
# instead of 14, at as many false alarms; with 12 on both sides no fewer.
BEFORE_WEIGHT, NOISY_BEFORE_WEIGHT = 4.0, 8.0
AFTER_WEIGHT, NOISY_AFTER_WEIGHT = 3.5, 8.0
# In quiet the bar is set by near phrases; of other talk nothing came near it. In noise it is set by
# other talk: 0.9 false alarms an hour and phrase 5 dB over noise, by evidence alone; that is less
# than before there was a last look (1.2), when 18.5 % of the takes were missed instead of 13.8.
SURE, NOISY_SURE = 6.0, 3.5
# What is asked about is decided by the last look. With 2.0 a third more of the takes are missed in
# noise.
UNSURE = 1.0
# What a phrase costs that is said with another accent's habits than the dictionary's. With the flap
# and the lost "r" 0 of 191 recorded "computer" in quiet are missed, at what is asked about, instead
# of 12, and of 180 "smart mirror" 5 dB over noise 2.8 % instead of 5.6; not surely heard are 2 and
# 7 % instead of 10 and 14. False alarms of 30 pairs of words in 6 phrase-hours: 6 and 32 without,
# 8 and 38 with it, 9 and 41 at half the cost. With the broad "a" three British voices' "who asked"
# scored 9 to 14 instead of −7 to 0.
ACCENT_COST = 1.0
# Whole words are not asked (50 ms) when they would hardly outweigh the rest: nine false candidates
# in ten are explained by less than 20 better.
WORDS_AT_MOST = WORDS_WEIGHT * 20
# Shorter phrases carry too little evidence to be told by it alone: "how long" scores as low as 1.4.
# A strict grammar is asked first, and the evidence must not be against what it finds. Of 23 short
# phrases by eight synthetic voices SHORT_UNSURE costs 1, 5 and 6 % (quiet, 10 dB, ringing room).
# What the grammar takes for them in other talk is 9 an hour without it; with it 19 short phrases
# are surely taken 1.3 times an hour, and asked about 3.4 times. A single syllable is left to the
# grammar: "stop" over our own voice was heard 17 times of 20 by it, and 14 with any bar worth
# having. Over our own voice noise is what is left of it, so a short phrase is always weighed as in
# a quiet room.
FEWEST_SOUNDS = 7
SHORT_SURE, SHORT_UNSURE = 3.0, 0.0
# So much evidence needs no grammar. Of the commands by ten synthetic voices 1 % more are heard in a
# quiet room with it and 3 % in one that rings; in 12 minutes of talk 72 phrases were taken three
# times as before, and asked about 17 times instead of 16.
SHORT_ALONE = 6.0
# Commands are said over our own voice. If talk around a short phrase counted for nothing there, a
# television would say "again" and "racing" five times as often; if for more, people were not heard.
SHORT_MOST_TALK = 4.0
# A single syllable carries no evidence, but whether somebody talks right before and after it: both
# together, 0 to 2. In an hour of talk 16 "here" were found, 14 of them over it (most begin a
# sentence); of those said alone, in a quiet or a ringing room, one in sixty.
SYLLABLE_MOST_TALK = 0.8
# A command that begins nothing and leaves the promise as it is may be taken on less than a signal:
# it is said into a quiet room, and can be said again.
COMMAND_SURE = 2.0
# What begins a pause or moves the return, and is never asked about, needs more, and in noise no
# less than in quiet: over our own voice "no words yet" was taken from a television with 4.6, and
# "more time" had 4.8 in noise. "We're back" does nothing until the other says it, too: in 5.8 hours
# of talk its two forms reached 2.9 at most; ten synthetic voices say them with 4.4 to 20 in quiet,
# but for four of twenty, and "more time" with 9 to 17, but for one. What has less counts when it is
# said again.
UNASKED_SURE = dict.fromkeys(UNASKED, SURE) | {Meaning.BACK: 4.0}


@dataclass(frozen=True)
class Against:
    """What speaks against a candidate, and how much that is worth."""

    rival: float = -math.inf  # the evidence for the best rival
    talk_before: float = 0.0  # how likely somebody speaks there (``Evidence.talk_around``)
    talk_after: float = 0.0
    quietness: float = 1.0  # 1 in a quiet room, 0 in noise (``quietness.quietness``)
    words: float = 0.0  # how much better whole words of the language explain it than sounds do


def sure_from(quietness: float) -> float:
    """Return the number from which on a candidate needs no question."""
    return _between(quietness, NOISY_SURE, SURE)


def weigh(evidence: float, against: Against, most_talk: float = math.inf) -> float:
    """Return one number for a candidate; talk counts for no more than ``most_talk``."""
    quiet = against.quietness
    beaten_by = max(0.0, against.rival - evidence)
    rival = _between(quiet, NOISY_RIVAL_WEIGHT, RIVAL_WEIGHT) * beaten_by
    before = _between(quiet, NOISY_BEFORE_WEIGHT, BEFORE_WEIGHT) * against.talk_before
    after = _between(quiet, NOISY_AFTER_WEIGHT, AFTER_WEIGHT) * against.talk_after
    words = _between(quiet, NOISY_WORDS_WEIGHT, WORDS_WEIGHT) * max(0.0, against.words)
    return evidence - rival - min(most_talk, before + after) - words


def _between(quietness: float, noisy: float, quiet: float) -> float:
    """Return a figure for noise (0), one for a quiet room (1), or what lies between."""
    return noisy + quietness * (quiet - noisy)
