"""The playlist: which samples come next does not depend on how they are asked for."""

from __future__ import annotations

import numpy as np
import pytest
from audio_world import noise, noise_clip
from hypothesis import given, settings
from hypothesis import strategies as st

from calmvoice.audio.limiter import CEILING_DB
from calmvoice.audio.playlist import Playlist
from calmvoice.errors import SoundError
from calmvoice.sound import Clip, Samples, Sound

CEILING = 10 ** (CEILING_DB / 20)


@st.composite
def clips(draw: st.DrawFn) -> Clip:
    length = draw(st.integers(0, 3000))
    level = draw(st.sampled_from([0.01, 0.5, 1.0]))
    breaks = draw(st.lists(st.integers(0, length), max_size=4, unique=True))
    samples = noise(length / 48_000, seed=length, level=level)
    return Clip(Sound(samples), breaks=tuple(sorted(breaks)))


def drawn(playlist: Playlist, blocks: list[int]) -> Samples:
    parts = []
    for size in blocks:
        block = np.full(size, 9.0, np.float32)
        playlist.fill(block)
        parts.append(block)
    return np.concatenate(parts) if parts else np.zeros(0, np.float32)


def playlist_of(some: list[Clip], gain_db: float = 0.0) -> Playlist:
    playlist = Playlist(gain_db)
    for clip in some:
        playlist.append(clip)
    return playlist


@settings(deadline=None, max_examples=100)
@given(
    st.lists(clips(), max_size=4),
    st.sampled_from([-12.0, 0.0, 6.0, 12.0]),
    st.lists(st.integers(1, 4096), min_size=1, max_size=12),
)
def test_any_block_sizes_give_the_same_samples_as_one_block(
    some: list[Clip], gain_db: float, blocks: list[int]
) -> None:
    in_pieces, at_once = playlist_of(some, gain_db), playlist_of(some, gain_db)
    for playlist in (in_pieces, at_once):
        playlist.seal()
    np.testing.assert_array_equal(drawn(in_pieces, blocks), drawn(at_once, [sum(blocks)]))
    assert in_pieces.position == at_once.position
    assert in_pieces.end == at_once.end
    assert in_pieces.breaks_passed == at_once.breaks_passed


@settings(deadline=None, max_examples=60)
@given(st.lists(clips(), min_size=1, max_size=3), st.sampled_from([-6.0, 0.0, 3.0, 20.0]))
def test_no_peak_passes_the_ceiling(some: list[Clip], gain_db: float) -> None:
    total = sum(len(clip.sound.samples) for clip in some)
    assert np.abs(drawn(playlist_of(some, gain_db), [total + 1])).max() <= CEILING


@settings(deadline=None, max_examples=60)
@given(clips(), st.integers(0, 3500))
def test_finish_ends_at_the_first_break_that_was_not_handed_out(clip: Clip, handed: int) -> None:
    playlist = playlist_of([clip, noise_clip(0.01)])
    drawn(playlist, [handed])
    playlist.finish()
    drawn(playlist, [8192])
    length = len(clip.sound.samples)
    ahead = [at for at in clip.breaks if handed < at]
    expected = ahead[0] if ahead else max(length + 480, 0)
    assert playlist.end == expected
    assert playlist.breaks_passed == sum(0 < at <= expected for at in clip.breaks)


def test_quiet_clips_are_played_exactly_as_they_are() -> None:
    clip = noise_clip(0.1)
    np.testing.assert_array_equal(drawn(playlist_of([clip]), [4800]), clip.sound.samples)


def test_a_limited_clip_still_gets_louder() -> None:
    samples = np.full(48_000, 0.1, np.float32) * np.sin(np.arange(48_000) / 20).astype(np.float32)
    samples[24_000:24_100] *= 8  # a peak of −2 dBFS in a quiet second
    loud = drawn(playlist_of([Clip(Sound(samples))], 6.0), [48_000])
    assert np.abs(loud).max() <= CEILING
    np.testing.assert_allclose(loud[:19_000], samples[:19_000] * 10 ** (6 / 20), rtol=1e-5)


def test_where_the_next_clip_is_not_there_yet_silence_is_played() -> None:
    playlist = playlist_of([noise_clip(0.01)])
    assert not drawn(playlist, [480, 100])[480:].any()
    playlist.append(noise_clip(0.01, seed=1))
    playlist.seal()
    np.testing.assert_array_equal(drawn(playlist, [480]), noise(0.01, seed=1))
    assert playlist.end == 480 + 100 + 480


def test_a_seal_after_the_last_sample_puts_the_end_where_the_last_clip_ended() -> None:
    playlist = playlist_of([noise_clip(0.01)])
    drawn(playlist, [1000])
    assert playlist.end is None
    playlist.seal()
    assert playlist.end == 480


def test_skipped_samples_count_their_breaks() -> None:
    playlist = playlist_of([noise_clip(0.1, breaks=(0.02, 0.06))])
    playlist.skip(2400)
    assert (playlist.position, playlist.breaks_passed) == (2400, 1)


def test_nothing_is_added_once_sealed() -> None:
    playlist = playlist_of([])
    playlist.seal()
    playlist.append(noise_clip(0.1))
    assert playlist.end == 0


def test_another_rate_is_refused() -> None:
    with pytest.raises(SoundError, match="22050 Hz"):
        playlist_of([Clip(Sound(noise(0.1), 22_050))])
