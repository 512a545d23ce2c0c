"""The studio over a test voice: memory, disk, damage, limits and threads."""

from __future__ import annotations

import logging
import os
import resource
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from engines import ToneVoice

from calmvoice.errors import VoiceError
from calmvoice.sound import SPEAKER_RATE, Cue, Sound, write_wav
from calmvoice.voice.levels import LEAD, TAIL, loudness
from calmvoice.voice.pyttsx3_voice import Pyttsx3Voice
from calmvoice.voice.studio import Studio

TEXT = "Nobody is leaving."


@contextmanager
def no_room() -> Iterator[None]:
    """Let no file of this process grow over 1 kB, as on a full disk; only around what is tried."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1024, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def wavs(directory: Path) -> list[Path]:
    return sorted(directory.glob("*.wav"))


def test_a_clip_is_ready_for_the_loudspeaker_with_one_cue(tmp_path: Path) -> None:
    clip = Studio(ToneVoice(), tmp_path).clip(TEXT)
    assert clip.sound.rate == SPEAKER_RATE
    assert clip.cues == (Cue(TEXT, LEAD, len(clip.sound.samples) - TAIL),)
    assert loudness(clip.sound) == pytest.approx(-23, abs=0.1)


def test_it_is_rendered_once_and_served_from_memory_then_from_disk(tmp_path: Path) -> None:
    voice = ToneVoice()
    studio = Studio(voice, tmp_path)
    assert not studio.ready(TEXT)
    first = studio.clip(TEXT)
    assert studio.clip(TEXT) is first
    again = Studio(voice, tmp_path)
    assert again.ready(TEXT)
    assert again.clip(TEXT).cues == first.cues
    np.testing.assert_allclose(again.clip(TEXT).sound.samples, first.sound.samples, atol=1e-4)
    assert voice.rendered == [TEXT]
    assert [path.suffix for path in tmp_path.iterdir()] == [".wav"]


def test_another_voice_does_not_get_this_ones_clip(tmp_path: Path) -> None:
    Studio(ToneVoice(), tmp_path).clip(TEXT)
    other = ToneVoice()
    other.identity = "tone 2"
    assert not Studio(other, tmp_path).ready(TEXT)


@pytest.mark.parametrize("damage", ["garbage", "cut", "empty", "silence", "rate", "directory"])
def test_a_damaged_file_is_made_again(tmp_path: Path, damage: str) -> None:
    voice = ToneVoice()
    Studio(voice, tmp_path).clip(TEXT)
    (path,) = wavs(tmp_path)
    data = path.read_bytes()
    match damage:
        case "garbage":
            path.write_bytes(b"x" * 5000)
        case "cut":
            path.write_bytes(data[:5000])
        case "empty":
            path.write_bytes(b"")
        case "silence":
            path.write_bytes(data[:44] + bytes(len(data) - 44))
        case "rate":
            write_wav(path, Sound(np.ones(5000, np.float32), 8000))
        case _:
            path.unlink()
            path.mkdir()
    assert loudness(Studio(voice, tmp_path).clip(TEXT).sound) == pytest.approx(-23, abs=0.1)
    assert voice.rendered == [TEXT, TEXT]
    assert damage == "directory" or len(path.read_bytes()) == len(data)


def test_a_cache_that_cannot_be_written_is_said_once_without_the_text(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("no directory")
    voice = ToneVoice()
    studio = Studio(voice, tmp_path / "file" / "cache")
    with caplog.at_level(logging.WARNING):
        studio.clip(TEXT)
        studio.clip("Food first.")
    assert studio.clip(TEXT)
    assert studio.ready(TEXT)
    assert voice.rendered == [TEXT, "Food first."]
    assert len(caplog.records) == 1
    assert "Nobody" not in caplog.text


def test_a_read_only_cache_is_not_fatal() -> None:
    nobody_writes_here = Path("/proc/self")  # not even root
    assert Studio(ToneVoice(), nobody_writes_here).clip(TEXT)


def test_a_full_disk_leaves_no_half_file(tmp_path: Path) -> None:
    studio = Studio(ToneVoice(), tmp_path)
    with no_room():
        studio.clip(TEXT)
    assert list(tmp_path.iterdir()) == []
    assert studio.ready(TEXT)


def test_memory_is_bounded_oldest_use_first(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    voice = ToneVoice()
    studio = Studio(voice, tmp_path / "file" / "x", memory_seconds=2.2)
    for text in ("a" * 20, "b" * 20, "a" * 20, "c" * 20):
        studio.clip(text)
    assert [studio.ready(letter * 20) for letter in "abc"] == [True, False, True]


def test_the_disk_is_bounded_oldest_use_first(tmp_path: Path) -> None:
    voice = ToneVoice()
    one = 96_000 + 44 + 2 * (LEAD + TAIL)
    for place, letter in enumerate("abc"):
        Studio(voice, tmp_path).clip(letter * 20)
        for path in wavs(tmp_path):
            if path.stat().st_mtime > 1e9:
                os.utime(path, (1000 + place, 1000 + place))
    Studio(voice, tmp_path).clip("a" * 20)  # used again: now the newest
    studio = Studio(voice, tmp_path, cache_bytes=3 * one + 1000)
    studio.clip("d" * 20)
    assert [Studio(voice, tmp_path).ready(letter * 20) for letter in "abcd"] == [
        True,
        False,
        False,
        True,
    ]


def test_preparing_renders_what_is_missing_and_tells(tmp_path: Path) -> None:
    voice = ToneVoice()
    studio = Studio(voice, tmp_path)
    studio.clip("one")
    told: list[tuple[int, int]] = []
    studio.prepare(["one", "two", "three", "two"], lambda done, of: told.append((done, of)))
    assert told == [(1, 3), (2, 3), (3, 3)]
    assert sorted(voice.rendered) == ["one", "three", "two"]


def test_preparing_stops_at_the_first_voice_error(tmp_path: Path) -> None:
    voice = ToneVoice(refuses="word 2")
    studio = Studio(voice, tmp_path)
    with pytest.raises(VoiceError, match="refused"):
        studio.prepare([f"word {n}" for n in range(200)], lambda _done, _of: None)
    assert len(voice.rendered) < 200
    assert studio.clip("word 0")


def test_many_threads_wait_for_one_rendering(tmp_path: Path) -> None:
    voice = ToneVoice()
    studio = Studio(voice, tmp_path)
    with ThreadPoolExecutor(8) as pool:
        clips = list(pool.map(studio.clip, [TEXT] * 50))
    assert voice.rendered == [TEXT]
    assert all(clip is clips[0] for clip in clips)


def test_the_real_voice_fits_the_studio(tmp_path: Path) -> None:
    clip = Studio(Pyttsx3Voice(), tmp_path).clip("Back at seven forty.")
    assert 1.5 < clip.sound.seconds < 2.6
    assert loudness(clip.sound) == pytest.approx(-23, abs=1)
