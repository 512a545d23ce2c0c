"""A network learns to hear in noise what it hears in quiet, and keeps what it heard."""

from __future__ import annotations

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
from models.recipe.harden import Plan, Progress, all_strings, divergence, harden
from models.recipe.network import Network, Shape, new_network, scores, with_edges
from models.recipe.noises import MAKERS, babble, cut
from models.recipe.recordings import Wave
from models.recipe.scenes import Scenes
from models.recipe.units import OUTPUTS
from models.recipe.vosk_files import read_model, write_model

SMALL = Shape(first=12, width=24, bottleneck=8, head=12, layers=((1, 1), (1, 0)))
PLAN = Plan(steps=40, scenes=4, rows=20, rate=4e-3, rising_steps=5, keep_every=10)


def voices(count: int = 4) -> list[Wave]:
    """Hisses of three colours that come and go: enough to tell apart."""
    rng = np.random.default_rng(3)
    said = []
    for _ in range(count):
        parts = [np.repeat(rng.normal(0, 3000, 900), n)[:1600] for n in rng.integers(2, 5, 12)]
        said.append(np.concatenate(parts).astype(np.float32))
    return said


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
    scenes = Scenes(voices(), [voices()[0]], frames=60, made=1)
    alike = scenes.draw(changed=False)
    assert alike.quiet is alike.heard
    apart = [scenes.draw(changed=True) for _ in range(8)]
    assert {s.heard.shape for s in apart} == {s.quiet.shape for s in apart} == {(60, 40)}
    assert all(not np.allclose(s.quiet, s.heard) for s in apart)
    assert all(np.isfinite(s.heard).all() for s in apart)


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


def test_the_student_hears_in_noise_what_the_teacher_hears_in_quiet(tmp_path: Path) -> None:
    told: list[Progress] = []
    known = teacher()
    scenes = Scenes(voices(), [], PLAN.frames(SMALL), seed=1, made=1)
    student = harden(known, known, scenes, PLAN, told.append)
    assert [p.step for p in told] == [10, 20, 30, 40]
    assert told[-1].noisy < 0.8 * told[0].noisy
    drawn = [scenes.draw(changed=True) for _ in range(8)]
    quiet, heard = (np.stack([getattr(s, name) for s in drawn]) for name in ("quiet", "heard"))
    before, after = (apart_by(scores(n, heard), scores(known, quiet)) for n in (known, student))
    assert after < 0.8 * before
    assert apart_by(scores(student, quiet), scores(known, quiet)) < 0.8 * after
    assert jax.tree.all(jax.tree.map(np.array_equal, student.measured, known.measured))
    write_model(student, tmp_path)
    sound = voices()[0][:8000].astype(np.int16)
    again = NumpyNetwork(tmp_path)(sound)
    assert not np.allclose(again, _rows_of(known, sound), atol=1e-2)
    np.testing.assert_allclose(again, _rows_of(student, sound), atol=1e-4)


def _rows_of(network: Network, sound: np.ndarray[tuple[int], np.dtype[np.int16]]) -> jax.Array:
    return scores(network, with_edges(cepstra(sound), network.shape)[None])[0]


def test_the_command_hardens_a_model_by_a_list_of_recordings(tmp_path: Path) -> None:
    for name in ("a.wav", "b.wav"):
        soundfile.write(tmp_path / name, voices()[0] / 32768, 16_000)
    (tmp_path / "files").write_text(f"{tmp_path / 'a.wav'}\n{tmp_path / 'b.wav'}\n")
    write_model(teacher(), tmp_path / "known")
    arguments = [str(tmp_path / "files"), str(tmp_path / "new"), "--from", str(tmp_path / "known")]
    done = CliRunner().invoke(
        recipe, ["harden", *arguments, "--steps", "2", "--scenes", "2", "--made", "1"]
    )
    assert done.exit_code == 0, done.output
    assert "step 2 of 2" in done.output
    read_model(tmp_path / "new")
