"""How a word that stands in no dictionary is likely to be said: g2p_en's weights, run by numpy.

Two recurrent networks: one reads the letters, one writes the sounds until it ends the word.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]
LONGEST = 20  # sounds
_LETTERS = {letter: i for i, letter in enumerate("abcdefghijklmnopqrstuvwxyz", 3)}
_UNKNOWN_LETTER, _END_OF_LETTERS, _BEGIN, _END = 1, 2, 2, 3
_ALL_SOUNDS = (
    "<pad> <unk> <s> </s> AA0 AA1 AA2 AE0 AE1 AE2 AH0 AH1 AH2 AO0 AO1 AO2 AW0 AW1 AW2 AY0 AY1 AY2 "
    "B CH D DH EH0 EH1 EH2 ER0 ER1 ER2 EY0 EY1 EY2 F G HH IH0 IH1 IH2 IY0 IY1 IY2 JH K L M N NG "
    "OW0 OW1 OW2 OY0 OY1 OY2 P R S SH T TH UH0 UH1 UH2 UW UW0 UW1 UW2 V W Y Z ZH"
)
SOUNDS = tuple(_ALL_SOUNDS.split())


class Guess:
    """Sounds of a word by its letters."""

    def __init__(self, weights: Path) -> None:
        self._weights: dict[str, Array] = dict(np.load(weights))

    def __call__(self, word: str) -> tuple[str, ...]:
        """Return the likeliest sounds, in ARPAbet without stress; none if nothing fits."""
        weights = self._weights
        state = np.zeros(weights["enc_w_hh"].shape[1], np.float32)
        for letter in [*(_LETTERS.get(c, _UNKNOWN_LETTER) for c in word), _END_OF_LETTERS]:
            state = self._step(weights["enc_emb"][letter], state, "enc")
        sounds: list[int] = []
        last = _BEGIN
        while len(sounds) < LONGEST:
            state = self._step(weights["dec_emb"][last], state, "dec")
            last = int(np.argmax(weights["fc_w"] @ state + weights["fc_b"]))
            if last == _END:
                break
            sounds.append(last)
        return tuple(SOUNDS[i].rstrip("012") for i in sounds if i > _END)

    def _step(self, heard: Array, state: Array, which: str) -> Array:
        """Take one step of a gated recurrent unit."""
        weights = self._weights
        new = weights[f"{which}_w_ih"] @ heard + weights[f"{which}_b_ih"]
        old = weights[f"{which}_w_hh"] @ state + weights[f"{which}_b_hh"]
        reset, keep, _ = np.split(1 / (1 + np.exp(-(new + old))), 3)
        fresh = np.tanh(new[2 * len(state) :] + reset * old[2 * len(state) :])
        return np.asarray((1 - keep) * fresh + keep * state, np.float32)
