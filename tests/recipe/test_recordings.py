"""Folders of speech, whole and broken, and what is made of them for training."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from calmvoice.ears.model import default_model_path
from models.recipe import augment
from models.recipe.batches import Batches, with_pauses
from models.recipe.data import Prepared, prepare
from models.recipe.lexicon import Pronunciations
from models.recipe.network import Shape
from models.recipe.recordings import (
    RecipeError,
    at_speed,
    in_a_room,
    read_manifest,
    read_wave,
    to_samples,
)
from models.recipe.units import INDEX, SILENCE

NET = Shape(first=8, width=8, bottleneck=4, head=4, layers=((1, 1),))


def hiss(seconds: float, rate: int = 16_000) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    return np.random.default_rng(1).normal(0, 0.1, round(seconds * rate)).astype(np.float32)


def folder(parent: Path, *lines: str) -> Path:
    """A folder of speech with one sound, ``one.wav`` (1.5 s in stereo at 22 050 Hz)."""
    source = parent / "people"
    source.mkdir()
    soundfile.write(source / "one.wav", np.stack([hiss(1.5, 22_050)] * 2, axis=1), 22_050)
    (source / "manifest.tsv").write_text("path\tseconds\tspeaker\ttext\n" + "\n".join(lines))
    return source


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("one.wav\t1.5\tanna", "line 2: 3 fields, not 4"),
        ("one.wav\tlong\tanna\thello", 'line 2: "long" is no number of seconds'),
        ("one.wav\t-1\tanna\thello", 'line 2: "-1" is no number of seconds'),
        ("one.wav\tnan\tanna\thello", 'line 2: "nan" is no number of seconds'),
        ("two.wav\t1.5\tanna\thello", "line 2: no sound file .*two.wav"),
        ("", "names no utterance"),
    ],
)
def test_a_broken_manifest_is_told_with_its_line(tmp_path: Path, line: str, what: str) -> None:
    with pytest.raises(RecipeError, match=what) as caught:
        read_manifest(folder(tmp_path, line))
    assert caught.value.hint


def test_a_folder_without_a_manifest_says_what_it_needs(tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match=r"manifest\.tsv cannot be read") as caught:
        read_manifest(tmp_path)
    assert "path, seconds, speaker, text" in caught.value.hint


def test_a_manifest_that_names_what_is_no_sound(tmp_path: Path) -> None:
    source = folder(tmp_path, "one.wav\t1.5\tanna\tyellow light")
    (source / "one.wav").write_text("no sound at all")
    with pytest.raises(RecipeError, match="is no sound file"):
        prepare(source, tmp_path / "prepared", Pronunciations(default_model_path()))


def test_any_sound_file_becomes_one_channel_at_16_khz(tmp_path: Path) -> None:
    wave = read_wave(folder(tmp_path, "one.wav\t1.5\tanna\thello") / "one.wav")
    assert wave.shape == (24_000,)
    assert 0.05 < wave.std() / 32768 < 0.11


def test_faster_is_shorter_and_a_room_adds_what_comes_after() -> None:
    wave = hiss(1.0) * 10_000
    assert len(at_speed(wave, 1.25)) == pytest.approx(12_800, abs=2)
    assert len(at_speed(wave, 0.8)) == pytest.approx(20_000, abs=2)
    click = np.zeros(8000, np.float32)
    click[100] = 10_000
    heard = in_a_room(click, np.random.default_rng(0))
    assert len(heard) == len(click)
    assert np.argmax(np.abs(heard)) == 100
    assert np.abs(heard[:100]).max() < 1
    assert np.abs(heard[400:1000]).mean() > 2 * np.abs(heard[2000:]).mean() > 0


def test_what_is_too_loud_is_clipped_not_turned_over() -> None:
    assert to_samples(np.array([40_000, -40_000, 1.6], np.float32)).tolist() == [32767, -32768, 2]


def test_prepared_speech_is_read_as_it_was_written(tmp_path: Path) -> None:
    told: list[str] = []
    source = folder(
        tmp_path,
        "one.wav\t1.5\tanna\tYellow light!",
        "one.wav\t1.5\tben\t…",
        "one.wav\t40\tben\tyellow light",
        "one.wav\t1.5\tben\t" + "yellow light " * 20,
    )
    target = tmp_path / "prepared"
    prepare(source, target, Pronunciations(default_model_path()), (1.0, 0.9), told.append)
    assert told == ["people: 2 utterances, 4 left out"]
    slow = Prepared(target).utterances[1]
    assert slow.speaker == "people:anna"
    assert [INDEX["L"], INDEX["AY"], INDEX["T"]] in slow.words[1]
    assert slow.frames == pytest.approx(1.5 / 0.9 * 100, abs=3)
    assert Prepared(target).log_mel(slow).shape == (slow.frames, 40)
    with pytest.raises(RecipeError, match="no prepared speech"):
        Prepared(target, leave_out=["people"])


def prepared_hiss(tmp_path: Path) -> Prepared:
    lines = [f"one.wav\t1.5\tanna\t{text}" for text in ("yellow light", "seven", "music")]
    prepare(folder(tmp_path, *lines), tmp_path / "p", Pronunciations(default_model_path()))
    return Prepared(tmp_path / "p")


def test_a_batch_says_what_was_said_in_it(tmp_path: Path) -> None:
    [batch] = Batches(prepared_hiss(tmp_path), NET, 6000).plain()
    frames = batch.cepstra.shape[1] - NET.before - NET.after
    assert batch.said.loud.shape == (3, frames // 3)
    assert batch.said.rows.tolist() == [50, 50, 50]
    yellow = batch.said.units[0, : batch.said.states[0]].tolist()
    assert yellow == with_pauses([[INDEX[p] for p in ("Y", "EH", "L", "OW")], yellow[6:9]])
    assert batch.said.optional[0].tolist() == [u == SILENCE for u in yellow]


def test_shuffled_batches_are_of_one_shape_and_miss_nobody(tmp_path: Path) -> None:
    speech = prepared_hiss(tmp_path)
    batches = Batches(speech, NET, 800, [hiss_energies(90)])
    assert len(batches) == 2
    for seed in range(20):
        two = list(batches.shuffled(np.random.default_rng(seed)))
        assert {b.cepstra.shape for b in two} == {(2, 360 + NET.before + NET.after, 40)}
        assert all(np.isfinite(b.cepstra).all() for b in two)
        assert all((b.said.rows <= 120).all() for b in two)


def hiss_energies(frames: int) -> augment.Frames:
    return np.random.default_rng(frames).normal(8, 1, (frames, 40)).astype(np.float32)


@given(frames=st.integers(2, 900), noise=st.integers(1, 200), seed=st.integers(0, 10**6))
@settings(max_examples=50, deadline=None)
def test_speech_that_is_changed_keeps_its_length(frames: int, noise: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    changed = augment.changed(hiss_energies(frames), [hiss_energies(noise)], rng)
    assert changed.shape == (frames, 40)
    assert np.isfinite(changed).all()
    before, after = augment.quiet_beside(changed, [hiss_energies(noise)], seed % 100, rng)
    assert len(before) + len(after) <= seed % 100


def test_a_pause_may_be_where_it_is_quiet() -> None:
    level = np.repeat([2.0, 9.0, 2.0], 30)[:, None] + hiss_energies(90) * 0.01
    loud = augment.loudness(level.astype(np.float32))
    assert loud.tolist() == [0] * 30 + [1] * 30 + [0] * 30
    assert not augment.loudness(hiss_energies(90) * 0.01).any()
