"""A take that is in a folder again, shifted and as loud as it may be, counts once."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
from reverberation import Wave
from takes import alike, distinct, spectrum

from calmvoice.sound import MICROPHONE_RATE


def said(seed: int) -> Wave:
    """A second of somebody: a hiss of a colour of its own, that comes and goes."""
    rng = np.random.default_rng(seed)
    hiss = np.repeat(rng.normal(0, 3000, MICROPHONE_RATE // 4), 4)
    return np.asarray(hiss * np.repeat(rng.uniform(0.1, 1, 16), MICROPHONE_RATE // 16), np.float64)


def again(sound: Wave, shift: int, gain: float) -> Wave:
    """The same take, later and at another level, with what coding adds."""
    noise = np.random.default_rng(9).normal(0, 30, len(sound) + shift)
    return np.asarray(gain * np.concatenate([np.zeros(shift), sound]) + noise, np.float64)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    sounds = {
        "a": said(1), "b": said(2), "c": again(said(1), 700, 0.5), "d": said(3),
        "e": again(said(2), 40, 1.5), "f": again(said(1), 9000, 1.0), "g": said(4),
    }  # fmt: skip
    for name, sound in sounds.items():
        soundfile.write(tmp_path / f"{name}.flac", sound / 32768, MICROPHONE_RATE)
    return tmp_path


def names(folder: Path, count: int) -> str:
    return "".join(path.stem for path in distinct(sorted(folder.iterdir()), count))


def test_a_take_counts_once_and_no_more_are_read_than_are_wanted(folder: Path) -> None:
    assert names(folder, 99) == "abdg"
    assert names(folder, 3) == "abd"
    (folder / "h.flac").write_bytes(b"no sound")
    assert names(folder, 4) == "abdg"


def test_takes_are_alike_whatever_their_level_and_shift() -> None:
    one = spectrum(said(1))
    assert alike(one, one) == pytest.approx(1, abs=1e-3)
    assert alike(one, spectrum(again(said(1), 5000, 0.3))) > 0.95
    assert alike(one, spectrum(said(2))) < 0.3
