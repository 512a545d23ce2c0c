"""A network in JAX, in Kaldi's file and in the product's numpy is one and the same."""

from __future__ import annotations

from pathlib import Path

import jax
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calmvoice.ears.model import default_model_path
from calmvoice.ears.network import Network as NumpyNetwork
from calmvoice.ears.spectrum import cepstra, energies
from calmvoice.sound import PcmSamples
from models.recipe.features import energies_to_norm, to_cepstra
from models.recipe.network import (
    Network,
    Shape,
    constrained,
    new_network,
    scores,
    training_scores,
    with_edges,
)
from models.recipe.vosk_files import NETWORK_FILE, read_model, write_model

SMALL = Shape(first=12, width=20, bottleneck=8, head=10, layers=((1, 1), (1, 0), (0, 1), (0, 0)))

run = jax.jit(scores)


def hiss(seconds: float, seed: int = 0) -> PcmSamples:
    rng = np.random.default_rng(seed)
    return rng.normal(0, 1000, round(seconds * 16_000)).astype(np.int16)


def small_network(shape: Shape = SMALL, seed: int = 0) -> Network:
    """A network in which every number counts, as if it had been trained."""
    network = new_network(shape, energies(hiss(1.0)), seed)
    rng = np.random.default_rng(seed)
    leaves, tree = jax.tree.flatten(network)
    changed = [leaf + rng.uniform(0, 0.05, leaf.shape).astype(np.float32) for leaf in leaves]
    whole: Network = jax.tree.unflatten(tree, changed)
    return whole


def test_the_shipped_network_is_written_as_it_was_read(tmp_path: Path) -> None:
    shipped = default_model_path()
    write_model(read_model(shipped), tmp_path)
    for name in (NETWORK_FILE, "conf/mfcc.conf", "conf/model.conf"):
        assert (tmp_path / name).read_bytes() == (shipped / name).read_bytes(), name


def test_the_shipped_network_gives_the_same_scores_in_jax_and_in_numpy() -> None:
    samples = hiss(2.0)
    network = read_model(default_model_path())
    rows = run(network, with_edges(cepstra(samples), network.shape)[None])[0]
    np.testing.assert_allclose(rows, NumpyNetwork(default_model_path())(samples), atol=1e-4)


layers = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=4)


@given(layers=layers, samples=st.integers(400, 20_000))
@settings(max_examples=5, deadline=None)
def test_a_network_of_any_shape_survives_its_file(
    tmp_path_factory: pytest.TempPathFactory, layers: list[tuple[int, int]], samples: int
) -> None:
    model = tmp_path_factory.mktemp("model")
    network = small_network(Shape(6, 10, 4, 5, tuple(layers)))
    write_model(network, model)
    again = read_model(model)
    assert again.shape == network.shape
    assert jax.tree.all(jax.tree.map(np.array_equal, again, network))
    sound = hiss(samples / 16_000)
    rows = run(network, with_edges(cepstra(sound), network.shape)[None])[0]
    np.testing.assert_allclose(rows, NumpyNetwork(model)(sound), atol=1e-4)


def test_an_untrained_network_takes_all_units_for_equally_likely() -> None:
    network = new_network(SMALL, energies(hiss(1.0)))
    frames = with_edges(cepstra(hiss(0.5)), SMALL)
    assert not np.asarray(run(network, frames[None])).any()


def test_frames_that_only_fill_up_change_nothing_before_them() -> None:
    network, frames = small_network(), cepstra(hiss(0.5))
    alone = run(network, with_edges(frames, SMALL)[None])[0]
    longer = run(network, with_edges(frames, SMALL, 120)[None])[0]
    assert len(longer) == 40
    np.testing.assert_allclose(longer[: len(alone)], alone, atol=1e-5)


def test_training_moves_the_moments_towards_those_of_the_batch() -> None:
    network = small_network()
    frames = np.stack([with_edges(cepstra(hiss(1.0, seed)), SMALL) for seed in range(4)])
    step, moved = jax.jit(training_scores), network
    for _ in range(300):
        _, moved = step(moved, frames, jax.random.key(0))
    first = moved.measured["inp.bn"]
    _, settled = step(moved, frames, jax.random.key(1))
    np.testing.assert_allclose(settled.measured["inp.bn"]["mean"], first["mean"], rtol=1e-2)
    assert not np.allclose(first["mean"], network.measured["inp.bn"]["mean"], rtol=1e-1)
    assert jax.tree.all(jax.tree.map(np.array_equal, moved.learnt, network.learnt))


def test_the_narrow_layers_become_orthogonal() -> None:
    learnt = small_network().learnt
    for _ in range(60):
        learnt = constrained(learnt)
    weight = learnt["tdnnf0.linear"]["weight"]
    product = weight @ weight.T
    np.testing.assert_allclose(product / product[0, 0], np.eye(len(weight)), atol=1e-3)


def test_cepstra_and_energies_are_two_views_of_one_spectrum() -> None:
    sound = hiss(0.5)
    log_mel = energies(sound)
    np.testing.assert_array_equal(to_cepstra(log_mel), cepstra(sound))
    weight, bias = energies_to_norm(log_mel.mean(axis=0), log_mel.std(axis=0))
    even = cepstra(sound) @ weight.T + bias
    np.testing.assert_allclose(even.mean(axis=0), 0.0, atol=1e-3)
    np.testing.assert_allclose(even.std(axis=0), 1.0, atol=1e-3)


def test_a_network_of_another_make_is_refused(tmp_path: Path) -> None:
    write_model(small_network(), tmp_path)
    data = (tmp_path / NETWORK_FILE).read_bytes()
    (tmp_path / NETWORK_FILE).write_bytes(data.replace(b"pre.linear", b"own.linear"))
    with pytest.raises(ValueError, match=r"another make, without 'pre\.linear'"):
        read_model(tmp_path)
