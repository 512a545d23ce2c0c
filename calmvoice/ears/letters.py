"""How an English word is said that no dictionary holds: a guess from its letters.

The network is g2p_en's (two GRU layers of 256, trained on the CMU Pronouncing Dictionary), its
weights in half precision: of 4,509 words all but one came out as with the full ones.
Rule: the weights are read when a word is asked for and let go after it (3 MB, 0.1 s in all): hardly
anyone chooses such a word, and nobody needs two.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from importlib import resources

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.float32]
Weights = dict[str, Values]

LETTERS = {letter: i for i, letter in enumerate("abcdefghijklmnopqrstuvwxyz", start=3)}
WORD_END = 2
SAID_START, SAID_END = 2, 3
# With stress, as the network was trained; ours are without.
SAID = """
    . . . . AA0 AA1 AA2 AE0 AE1 AE2 AH0 AH1 AH2 AO0 AO1 AO2 AW0 AW1 AW2 AY0 AY1 AY2 B CH D DH EH0
    EH1 EH2 ER0 ER1 ER2 EY0 EY1 EY2 F G HH IH0 IH1 IH2 IY0 IY1 IY2 JH K L M N NG OW0 OW1 OW2 OY0
    OY1 OY2 P R S SH T TH UH0 UH1 UH2 UW UW0 UW1 UW2 V W Y Z ZH
    """.split()  # noqa: SIM905 - a list of seventy quoted names is no easier to read
LONGEST = 20  # sounds; the network may not find the end of nonsense
BEAM = 8
WAYS = 4  # it takes "zorblik" for "zorbilk", and has the right way third
LESS_LIKELY = 4.0  # in natural logarithms


def letters_of(word: str) -> str:
    """Return the letters a to z of a word, accents and apostrophes gone; "" if it has others."""
    plain = re.sub(r"[\u0300-\u036f'-]", "", unicodedata.normalize("NFKD", word.lower()))
    return plain if re.fullmatch("[a-z]*", plain) else ""


def sounds_of(word: str) -> list[tuple[str, ...]]:
    """Return how a word is probably said (ARPAbet without stress), the likeliest way first.

    At most ``WAYS``, none of them much less likely; nothing if the word has no letters.
    """
    letters = letters_of(word)
    if not letters:
        return []
    file = resources.files("calmvoice.ears") / "letters.npz"
    with file.open("rb") as stream, np.load(stream) as stored:
        weights: Weights = {name: stored[name].astype(np.float32) for name in stored.files}
    state: Values = np.zeros((1, weights["enc_w_hh"].shape[1]), np.float32)
    for letter in [*(LETTERS[x] for x in letters), WORD_END]:
        state = _step(weights, "enc", [letter], state)
    best: dict[tuple[str, ...], float] = {}
    paths: list[tuple[float, tuple[int, ...]]] = [(0.0, (SAID_START,))]
    for _ in range(LONGEST):
        state = _step(weights, "dec", [said[-1] for _, said in paths], state)
        scores = state @ weights["fc_w"].T + weights["fc_b"]
        scores -= np.logaddexp.reduce(scores, axis=1, keepdims=True)
        scores += np.array([[score] for score, _ in paths], np.float32)
        going: list[tuple[float, tuple[int, ...]]] = []
        places: list[int] = []
        for at in np.argsort(scores, axis=None)[: -BEAM - 1 : -1]:
            path, sound = divmod(int(at), scores.shape[1])
            score, said = float(scores[path, sound]), paths[path][1]
            if sound > SAID_END:
                going.append((score, (*said, sound)))
                places.append(path)
            elif sound == SAID_END and len(said) > 1:
                way = tuple(SAID[x].rstrip("012") for x in said[1:])
                best[way] = max(score, best.get(way, score))
        if not going:
            break
        paths, state = going, state[places]
    ways = sorted(best, key=lambda way: -best[way])[:WAYS]
    return [way for way in ways if best[way] > best[ways[0]] - LESS_LIKELY]


def _step(weights: Weights, part: str, given: Sequence[int], state: Values) -> Values:
    """Return the next states ``(paths, 256)`` of a gated recurrent layer given a symbol each."""
    new = weights[f"{part}_emb"][given] @ weights[f"{part}_w_ih"].T + weights[f"{part}_b_ih"]
    old = state @ weights[f"{part}_w_hh"].T + weights[f"{part}_b_hh"]
    size = state.shape[1]
    gates = 1 / (1 + np.exp(-new[:, : 2 * size] - old[:, : 2 * size]))
    reset, update = np.split(gates, 2, axis=1)
    proposed = np.tanh(new[:, 2 * size :] + reset * old[:, 2 * size :])
    following: Values = (1 - update) * proposed + update * state
    return following
