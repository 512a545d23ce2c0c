"""How much evidence a phrase needs, in natural logarithms; every figure the ears decide by.

Measured by the evidence alone, before the loose recogniser has chosen, in quiet and with household
noise 10 and 5 dB down: 300 pairs of words of the vocabulary held against 19 minutes of other
speech (96 phrase-hours), 179 clips of "smart mirror" by as many people, 665 pairs of words inside
people's sentences, and the synthetic "yellow light" with its near phrases; one setting for every
phrase.
"""

from __future__ import annotations

# What whole words explain held against it. At 0.1 false alarms an hour 7, 26 and 44 % of the pairs
# inside sentences are missed (quiet, 10, 5 dB); with 0.5 10, 32 and 54 %, with 0.1 no fewer.
WORDS_WEIGHT = 0.3
# Of "hello light" and "yell a lot" 6 % are surely taken for "yellow light", of the other near
# phrases none; with 1 it is 30 and 15 % where as many "yellow light" are sure. More costs: with
# 2.25 at 0.2 false alarms an hour 18 % of "smart mirror" in noise are missed instead of 14 %.
# Being better than all rivals earns nothing: a margin changes no figure.
RIVAL_WEIGHT = 1.75
# A signal is a call: mostly nobody talks on within 0.2 s of it; a film does. Silence is heard there
# at least as likely as this before and after a phrase called alone, in noise too (nine in ten);
# around what is taken for a phrase in other talk at most one time in ten. With it 0.23 are taken an
# hour where without it 0.6 were, and no more phrases missed; inside running talk 2 % more are.
QUIET_BEFORE, QUIET_AFTER = -2.7, -3.0
TALK_WEIGHT, MOST_TALK = 2.0, 4.0
SURE = 6.0  # 0.04 false alarms an hour and phrase, 0.01 in noise
UNSURE = 2.0  # 0.2 an hour, 0.5 and 0.75 in noise of 10 and 5 dB
# Whole words are not asked (50 ms) when they would hardly outweigh the rest: nine false candidates
# in ten are explained by less than 17 better.
BEYOND_DOUBT = SURE + WORDS_WEIGHT * 20
# Shorter phrases carry too little evidence to be told by it alone: "how long" scores as low as 1.4.
# A strict grammar is asked first, and the evidence must not be against what it finds. Of 23 short
# phrases by eight synthetic voices SHORT_UNSURE costs 1, 5 and 6 % (quiet, 10 dB, ringing room).
# What the grammar takes for them in other talk is 4 an hour with it and 9 without (five sounds),
# or 1 and 4 (six), and 3 and 0.5 with SHORT_SURE. A single syllable is left to the grammar: "stop"
# over our own voice was heard 17 times of 20 by it, and 14 with any bar worth having.
FEWEST_SOUNDS = 7
SHORT_SURE, SHORT_UNSURE = 2.0, 0.0
# What moves the promise needs more. In talk "we're back" and "we are back" were taken 7 times in
# 1.1 hours with a score of 1.0 to 3.9; said by a person in quiet they have 14, by one of three 2 to
# 6, "more time" 7 and more. It ended one pause of sixteen early, and moved four of fifteen.
MOVING_SURE = 5.0


def weigh(
    evidence: float,
    rival: float | None,
    silence: tuple[float, float] = (0.0, 0.0),
    words: float = 0.0,
) -> float:
    """Return one number for a candidate.

    ``rival`` is the evidence for the best rival, ``silence`` how likely silence is before and after
    (``Evidence.silence_around``), ``words`` how much better whole words of the language explain the
    stretch than sounds do.
    """
    beaten_by = 0.0 if rival is None else max(0.0, rival - evidence)
    talk = max(0.0, QUIET_BEFORE - silence[0]) + max(0.0, QUIET_AFTER - silence[1])
    against = min(MOST_TALK, TALK_WEIGHT * talk) + WORDS_WEIGHT * max(0.0, words)
    return evidence - RIVAL_WEIGHT * beaten_by - against
