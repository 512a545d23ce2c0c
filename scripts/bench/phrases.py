#!/usr/bin/env python3
"""How well are false alarms foretold? Fits the curve of ``calmvoice/ears/facts.py`` and tries it.

    scripts/bench/phrases.py --speech DIR --part look --minutes 12

Seventy-two phrases, twelve at a time, are listened for in other speech, in which what is taken for
one is false unless it was said. Printed: a line for each, how well the facts rank them, and the
curve that fits best; the part "held" is for reporting only. Needs the extra ``bench``.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter
from pathlib import Path

import numpy as np
import numpy.typing as npt
from recordings import in_part, load, scene
from spotters import CHUNK

from calmvoice.ears.facts import facts_of, likeness
from calmvoice.ears.model import SpeechModel
from calmvoice.ears.second_look import SecondLook, Seen
from calmvoice.ears.thresholds import FEWEST_SOUNDS
from calmvoice.ears.vosk_ears import VoskEars
from calmvoice.meanings import Meaning
from calmvoice.sound import MICROPHONE_RATE

PHRASES = """
    golden lantern; peanut butter; sleepy panda; cedar forest; ocean breeze; double rainbow;
    marble statue; lemon candle; magic carpet; secret garden; tiger lily; radio silence;
    yellow light; red light; time out; slow down; take a break; hold on; our harbour;
    purple elephant; banana; computer; pineapple; umbrella; penguin; butterfly; orange; water;
    thank you; i love you; no more; good morning; little time; one minute; come here; the garden;
    over there; another day; safe word; silver moon; blue river; paper boat; winter sun; stop now;
    we are one; soft landing; quiet room; deep breath; hummingbird; happy valley; open window;
    old friend; long road; green tea; morning star; turn around; hit the brakes; traffic light;
    white flag; coffee break; holy smoke; mayday mayday; kangaroo; dandelion; lighthouse;
    elephant ears; tomato soup; cucumber; hello kitty; pause please; time to breathe; velvet hammer
    """
SPELT = (
    "zorblik light; flemox harbor; wobbly grommit; tariquo lamp; quobean river; siobhan wickthren"
)
TOGETHER = 12

Numbers = npt.NDArray[np.float64]


class _Counting(VoskEars):
    """Ears that count what they tell of each phrase, surely and with a doubt."""

    def __init__(self, model: SpeechModel, second: SecondLook) -> None:
        self.sure, self.unsure = Counter[str](), Counter[str]()
        super().__init__(model)
        self._second = second  # kept from scene to scene, as in a room

    def _tell(self, phrase: str, seen: Seen) -> None:
        (self.sure if seen.sure else self.unsure)[phrase] += 1
        super()._tell(phrase, seen)


def count(
    model: SpeechModel, phrases: list[str], files: list[Path], minutes: float
) -> tuple[Counter[str], Counter[str], float]:
    """Return how often each phrase was told surely, and with a doubt, and in how many hours."""
    rng, sure, unsure, seconds = np.random.default_rng(2), Counter[str](), Counter[str](), 0.0
    second = SecondLook(model)
    groups = [phrases[at : at + TOGETHER] for at in range(0, len(phrases), TOGETHER)]
    for path in files:
        if seconds > minutes * 60:
            break
        audio = scene(load(path), "clean", (), rng)[: -MICROPHONE_RATE // 2]
        seconds += len(audio) / MICROPHONE_RATE - 1.5
        for group in groups:
            ears = _Counting(model, second)
            ears.expect({Meaning.SIGNAL: group})
            for at in range(0, len(audio), CHUNK):
                ears.feed(audio[at : at + CHUNK])
            sure += ears.sure
            unsure += ears.unsure
    return sure, unsure, seconds / 3600


def ranks(values: Numbers) -> Numbers:
    """Return the ranks of values; equal ones share theirs."""
    return np.array([(values < v).sum() + ((values == v).sum() - 1) / 2 for v in values])


def fit(factors: Numbers, events: Numbers, hours: float) -> Numbers:
    """Return the weights of a Poisson rate's logarithm, by Newton's method."""
    weights = np.zeros(factors.shape[1])
    weights[0] = np.log(max(events.sum(), 1) / len(events) / hours)
    for _ in range(50):
        expected = hours * np.exp(np.clip(factors @ weights, -20, 10))
        slope = factors.T @ (events - expected)
        bend = (factors * expected[:, None]).T @ factors + 1e-6 * np.eye(len(weights))
        weights = weights + np.linalg.solve(bend, slope)
    return weights


def share(sure: Numbers, unsure: Numbers) -> float:
    """Return the logarithm of the share that is sure; where there is none, half a one counts."""
    return float(np.log(max(sure.sum(), 0.5) / max(sure.sum() + unsure.sum(), 0.5)))


def main() -> None:
    """Print the table and the curve."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--speech", type=Path, required=True)
    parser.add_argument("--part", choices=("look", "held", "all"), default="look")
    parser.add_argument("--minutes", type=float, default=12.0, help="of speech, for each phrase")
    parser.add_argument("--spelt", action="store_true", help="made-up words instead")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    model = SpeechModel()
    phrases = [p.strip() for p in (SPELT if options.spelt else PHRASES).split(";")]
    files = [f for f in sorted(options.speech.glob("other/*/*")) if in_part(f, options.part)]
    random.Random(5).shuffle(files)
    sure, unsure, hours = count(model, phrases, files, options.minutes)
    facts = {phrase: facts_of(model, phrase, {}) for phrase in phrases}
    expected = np.array([facts[p].false_alarms_per_hour or 0.0 for p in phrases])
    found = np.array([float(sure[p]) for p in phrases])
    doubts = np.array([float(unsure[p]) for p in phrases])
    for i in np.argsort(-expected):
        print(f"{phrases[i]:18s} expected {expected[i]:6.2f}/h  sure {found[i]:3.0f}"
              f"  unsure {doubts[i]:3.0f}  in {hours:.2f} h")  # fmt: skip
    print(f"an hour: expected {expected.mean():.2f}, found {found.mean() / hours:.2f}, "
          f"with a doubt {doubts.mean() / hours:.2f}")  # fmt: skip
    if not options.spelt:  # too few to say more
        order = np.corrcoef(ranks(expected), ranks(found + doubts))[0, 1]
        print(f"rank correlation with all that was told: {order:.2f}")
        short = np.array([facts[p].sounds < FEWEST_SOUNDS for p in phrases])
        like = np.log([likeness(model, p) for p in phrases])
        told = fit(np.stack([np.ones(len(phrases)), short, like], axis=1), found + doubts, hours)
        surely = [share(found[of], doubts[of]) for of in (~short, short)]
        level, level_short = told[0] + surely[0], told[0] + told[1] + surely[1]
        print(f"fits best: LEVEL {level:.2f} LEVEL_SHORT {level_short:.2f} GROWTH {told[2]:.2f}")
    if options.json:
        rows = [[p, float(e), sure[p], unsure[p]] for p, e in zip(phrases, expected, strict=True)]
        options.json.write_text(json.dumps({"hours": hours, "phrases": rows}, indent=1) + "\n")


if __name__ == "__main__":
    main()
