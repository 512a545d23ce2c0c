"""A network learns to hear in noise what was said, and keeps what it heard."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import soundfile
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from calmvoice.ears.evidence import Evidence
from calmvoice.ears.network import Network as NumpyNetwork
from calmvoice.ears.spectrum import cepstra, energies
from models.recipe.__main__ import recipe
from models.recipe.batches import transcripts
from models.recipe.harden import (
    Plan,
    Progress,
    all_strings,
    chance_of_what_was_said,
    divergence,
    harden,
)
from models.recipe.network import Network, Shape, new_network, scores, with_edges
from models.recipe.noises import MAKERS, babble, cut
from models.recipe.recordings import RecipeError, Wave
from models.recipe.scenes import Scenes, Sentence
from models.recipe.units import INDEX, OUTPUTS, SPOKEN_NOISE
from models.recipe.vosk_files import read_model, write_model

SMALL = Shape(first=12, width=24, bottleneck=8, head=12, layers=((1, 1), (1, 0)))
PLAN = Plan(steps=30, scenes=5, rows=80, rate=4e-3, rising_steps=5, keep_every=10)


def voices(count: int = 4) -> list[Wave]:
    """Hisses of three colours that come and go: enough to tell apart."""
    rng = np.random.default_rng(3)
    said = []
    for _ in range(count):
        parts = [np.repeat(rng.normal(0, 3000, 900), n)[:1600] for n in rng.integers(2, 5, 12)]
        said.append(np.concatenate(parts).astype(np.float32))
    return said


def sentences() -> list[Sentence]:
    """Each voice says one of two words, of two sounds each."""
    spoken = ([INDEX["M"], INDEX["AA"]], [INDEX["S"], INDEX["IY"]])
    return [Sentence(voice, [[spoken[i % 2]]]) for i, voice in enumerate(voices())]


def teacher() -> Network:
    """A network that says something else of each sound, as if it had been trained."""
    network = new_network(SMALL, np.concatenate([energies(v.astype(np.int16)) for v in voices()]))
    rng = np.random.default_rng(0)
    last = network.learnt["output.affine"]
    last["weight"] = jnp.asarray(rng.normal(0, 0.5, last["weight"].shape), jnp.float32)
    return network


def rows(seed: int, count: int = 30) -> jax.Array:
    return jnp.asarray(np.random.default_rng(seed).normal(0, 1, (2, count, OUTPUTS)), jnp.float32)


@pytest.mark.parametrize("maker", MAKERS)
def test_a_made_noise_is_as_loud_as_any_and_never_the_same(maker: object) -> None:
    assert callable(maker)
    one, other = (maker(24_000, np.random.default_rng(seed)) for seed in (0, 1))
    for noise in (one, other):
        assert noise.shape == (24_000,)
        assert np.sqrt((noise**2).mean()) == pytest.approx(1.0, abs=1e-3)
    assert abs(np.corrcoef(one, other)[0, 1]) < 0.3


def test_babble_is_made_of_what_people_say() -> None:
    said = [np.full(4000, n, np.float32) for n in (1, 1)]
    assert np.ptp(babble(6000, said, np.random.default_rng(0))) == 0.0
    assert cut(np.arange(9, dtype=np.float32), 20, np.random.default_rng(0)).shape == (20,)


def test_a_scene_is_the_same_for_both_unless_it_is_changed() -> None:
    scenes = Scenes(sentences(), [voices()[0]], frames=320, made=1)
    alike = scenes.draw(changed=False)
    assert alike.quiet is alike.heard
    apart = [scenes.draw(changed=True) for _ in range(8)]
    assert {s.heard.shape for s in apart} == {s.quiet.shape for s in apart} == {(320, 40)}
    assert all(not np.allclose(s.quiet, s.heard) for s in apart)
    assert all(np.isfinite(s.heard).all() for s in apart)


def test_a_scene_holds_whole_sentences_and_knows_their_words() -> None:
    scenes = Scenes(sentences(), [], frames=500, made=1)
    said = [ways[0] for sentence in sentences() for ways in sentence.words]
    drawn = [scenes.draw(changed=False) for _ in range(20)]
    assert all(word in said for scene in drawn for word in scene.words)
    assert {len(scene.words) for scene in drawn} >= {2, 3}
    loud = [np.flatnonzero(scene.quiet[:, 0] > scene.quiet[:, 0].min() + 5) for scene in drawn]
    assert all(where[0] > 30 and where[-1] < 475 for where in loud)  # a pause at both ends


def test_a_scene_too_short_for_any_sentence_is_refused() -> None:
    with pytest.raises(RecipeError, match=r"of 4 sentences none is shorter than 0\.\d s"):
        Scenes(sentences(), [], frames=160, made=1)


def test_one_scene_is_too_few() -> None:
    with pytest.raises(RecipeError, match="1 scenes in a step"):
        Plan(scenes=1)


@pytest.mark.parametrize("stay", [-0.1, 1.0])
def test_a_network_that_stays_as_it_was_is_refused(stay: float) -> None:
    with pytest.raises(RecipeError, match="of the first weights stay"):
        Plan(stay=stay)


def test_what_was_said_is_likelier_than_what_was_not() -> None:
    """Rows that say "M AA" plainly; a flat row says nothing."""
    plain = np.zeros((1, 12, OUTPUTS), np.float32)
    for row, unit in enumerate((0, 0, 0, *[INDEX["M"]] * 3, *[INDEX["AA"]] * 3, 0, 0, 0)):
        plain[0, row, 2 * unit : 2 * unit + 2] = 8.0
    right, wrong, flat = (
        float(chance_of_what_was_said(jnp.asarray(rows), transcripts([[word]], 6, [12], 12))[0])
        for rows, word in (
            (plain, [INDEX["M"], INDEX["AA"]]),
            (plain, [INDEX["S"], INDEX["IY"]]),
            (0 * plain, [INDEX["M"], INDEX["AA"]]),
        )
    )
    assert -1.0 < right < 0.0
    assert wrong < flat < right


def test_what_is_summed_over_is_what_the_product_weighs_against() -> None:
    summed = all_strings(rows(0))
    wanted = [Evidence(np.asarray(one))._before[-1] for one in rows(0)]
    np.testing.assert_allclose(summed, wanted, rtol=1e-5)


apart_by = jax.jit(divergence)


@given(one=st.integers(0, 99), other=st.integers(0, 99), level=st.floats(-5, 5))
@settings(max_examples=15, deadline=None)
def test_two_networks_are_apart_unless_they_say_the_same(
    one: int, other: int, level: float
) -> None:
    apart = float(apart_by(rows(one), rows(other) + level))
    assert apart == pytest.approx(0.0, abs=1e-4) if one == other else apart > 0.05


def test_the_student_hears_in_noise_what_was_said(tmp_path: Path) -> None:
    told: list[Progress] = []
    known = teacher()
    scenes = Scenes(sentences(), [], PLAN.frames(SMALL), seed=1, made=1)
    student = harden(known, known, scenes, PLAN, told.append)
    assert [p.step for p in told] == [10, 20, 30]
    assert all(np.isfinite([p.quiet, p.noisy]).all() for p in told)
    assert told[-1].noisy > told[0].noisy
    for changed in (False, True):
        drawn = [scenes.draw(changed=changed) for _ in range(8)]
        heard = np.stack([scene.heard for scene in drawn])
        said = transcripts([s.words for s in drawn], 60, [PLAN.rows] * 8, PLAN.rows)
        before, after = (
            float(chance_of_what_was_said(scores(n, heard), said).mean()) for n in (known, student)
        )
        assert before < after
    assert jax.tree.all(jax.tree.map(np.array_equal, student.measured, known.measured))
    write_model(student, tmp_path)
    sound = voices()[0][:8000].astype(np.int16)
    again = NumpyNetwork(tmp_path)(sound)
    assert not np.allclose(again, _rows_of(known, sound), atol=1e-2)
    np.testing.assert_allclose(again, _rows_of(student, sound), atol=1e-4)


def test_the_student_stays_near_to_the_teacher() -> None:
    """Nothing else holds it where the words are wrong."""
    known = teacher()
    silent = [Sentence(sentence.wave, [[[SPOKEN_NOISE]]]) for sentence in sentences()]
    scenes = Scenes(silent, [], PLAN.frames(SMALL), seed=1, made=1)
    quiet = np.stack([scenes.draw(changed=False).quiet for _ in range(4)])
    wanted = scores(known, quiet)
    free, held = (
        harden(known, known, scenes, replace(PLAN, steps=15, teaching=teaching))
        for teaching in (0.0, 1.0)
    )
    assert apart_by(scores(held, quiet), wanted) < 0.9 * apart_by(scores(free, quiet), wanted)


def test_what_it_began_with_has_its_share_of_the_weights() -> None:
    known, begun = teacher(), new_network(SMALL, energies(voices()[0].astype(np.int16)), seed=5)
    begun = replace(begun, measured=known.measured)
    free, mixed = (
        harden(
            known, begun, Scenes(sentences(), [], PLAN.frames(SMALL), seed=1, made=1),
            replace(PLAN, steps=5, stay=stay),
        )
        for stay in (0.0, 0.25)
    )  # fmt: skip
    for name, layer in mixed.learnt.items():
        for kind, weights in layer.items():
            wanted = 0.25 * begun.learnt[name][kind] + 0.75 * free.learnt[name][kind]
            np.testing.assert_allclose(weights, wanted, atol=1e-5)


def _rows_of(network: Network, sound: np.ndarray[tuple[int], np.dtype[np.int16]]) -> jax.Array:
    return scores(network, with_edges(cepstra(sound), network.shape)[None])[0]


def test_the_command_hardens_a_model_by_recordings_and_their_words(tmp_path: Path) -> None:
    said = tmp_path / "said"
    said.mkdir()
    lines = []
    for name in ("a.wav", "b.wav"):
        soundfile.write(said / name, voices()[0] / 32768, 16_000)
        lines.append(f"{name}\t1.2\tsomebody\tyellow light\n")
    lines.append("a.wav\t1.2\tsomebody\t42\n")
    (said / "manifest.tsv").write_text("".join(lines))
    write_model(teacher(), tmp_path / "known")
    places = ["--to", str(tmp_path / "new"), "--from", str(tmp_path / "known")]
    short = ["--steps", "2", "--scenes", "2", "--made", "1"]
    done = CliRunner().invoke(recipe, ["harden", str(said), *places, *short])
    assert done.exit_code == 0, done.output
    assert "2 sentences, 1 left out" in done.output
    assert "step 2 of 2" in done.output
    read_model(tmp_path / "new")
