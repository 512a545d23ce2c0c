"""Recordings on disk: for their owner alone, whole or not at all, bound to their words."""

from __future__ import annotations

import logging
import os
import stat
from pathlib import Path

import numpy as np
import pytest

from calmvoice.errors import SoundError
from calmvoice.own_voice.recordings import Recordings
from calmvoice.sound import Sound, write_wav

WORDS = "Yellow light. Back here at {t}."
SOUND = Sound(np.full(4800, 0.25, np.float32))


def test_what_is_kept_is_found_and_is_for_its_owner_alone(tmp_path: Path) -> None:
    store = Recordings(tmp_path / "data" / "recordings")
    assert store.find("bridge.default", WORDS) is None
    old = os.umask(0)
    try:
        store.keep("bridge.default", WORDS, SOUND)
    finally:
        os.umask(old)
    found = store.find("bridge.default", WORDS)
    assert found is not None
    np.testing.assert_allclose(found.samples, SOUND.samples, atol=1e-4)
    (file,) = store.folder.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(store.folder.stat().st_mode) == 0o700
    assert "ellow" not in file.name


def test_a_recording_holds_for_its_words_only(tmp_path: Path) -> None:
    store = Recordings(tmp_path)
    store.keep("bridge.default", WORDS, SOUND)
    assert store.find("bridge.default", "Red kite. Back here at {t}.") is None
    assert store.find("bridge.silent", WORDS) is None
    (kept,) = store.kept()
    assert (kept.name, kept.holds_for(WORDS), kept.holds_for("other")) == (
        "bridge.default",
        True,
        False,
    )


def test_a_new_one_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    store = Recordings(tmp_path)
    store.keep("settling.body.2", "Old words.", SOUND)
    store.keep("settling.body.2", "New words.", SOUND)
    store.keep("settling.body", "Another line.", SOUND)
    assert [one.name for one in store.kept()] == ["settling.body.2", "settling.body"]
    assert store.find("settling.body.2", "Old words.") is None


def test_removing_one_and_all(tmp_path: Path) -> None:
    store = Recordings(tmp_path)
    for name in ("a.b", "a.c", "a.d"):
        store.keep(name, WORDS, SOUND)
    assert store.remove("a.b")
    assert not store.remove("a.b")
    assert store.wipe() == 2
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("damage", ["garbage", "rate"])
def test_a_damaged_one_is_as_good_as_none_and_told_without_words(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, damage: str
) -> None:
    store = Recordings(tmp_path)
    store.keep("bridge.default", WORDS, SOUND)
    (file,) = tmp_path.iterdir()
    if damage == "garbage":
        file.write_bytes(b"x" * 999)
    else:
        write_wav(file, Sound(SOUND.samples, 8000))
    with caplog.at_level(logging.WARNING):
        assert store.find("bridge.default", WORDS) is None
    assert len(caplog.records) == 1
    assert "Yellow" not in caplog.text


def test_a_disk_that_takes_nothing_leaves_the_old_one(tmp_path: Path) -> None:
    store = Recordings(tmp_path)
    store.keep("bridge.default", WORDS, SOUND)
    blocked = Recordings(tmp_path / "file")
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(SoundError, match="cannot be written"):
        blocked.keep("bridge.default", WORDS, SOUND)
    assert store.find("bridge.default", WORDS) is not None
