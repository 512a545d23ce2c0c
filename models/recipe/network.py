"""The network in JAX: pure functions of a pytree; the layers bear the names of ``final.mdl``.

Forty cepstra a frame at 100 Hz; two layers that see five frames each, the second at every third
frame; factored layers (a narrow linear one, a wide one, and two thirds of what went in added);
a head. Rules: what goes in is what ``calmvoice.ears.spectrum.cepstra`` gives; what comes out is
what ``calmvoice.ears.network`` and Vosk compute from the written file, to 1e-4.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from calmvoice.ears.spectrum import BANDS
from models.recipe.features import energies_to_norm
from models.recipe.units import OUTPUTS

Layers = dict[str, dict[str, jax.Array]]
Frames = npt.NDArray[np.float32]
Step = Callable[[str, jax.Array], jax.Array]

SPLICE = (-2, -1, 0, 1, 2)  # frames that each of the two first layers sees
SUBSAMPLING = 3
BYPASS = 0.66
EPSILON = 1e-3  # of the variance
MEMORY = 0.98  # of the running moments, a step
SHAKE = 0.1  # each factored layer's outputs are scaled by 1 ± this in training


@dataclass(frozen=True)
class Shape:
    """How large the network is. ``layers``: rows of 30 ms each factored one looks (back, ahead)."""

    first: int = 160
    width: int = 384
    bottleneck: int = 96
    head: int = 160
    layers: tuple[tuple[int, int], ...] = (*((1, 1), (1, 1), (1, 0)) * 2, (1, 1), (1, 0), (1, 0))
    outputs: int = OUTPUTS

    @property
    def before(self) -> int:
        """Frames of 10 ms that the first row needs ahead of its own."""
        return 4 + SUBSAMPLING * sum(back for back, _ in self.layers)

    @property
    def after(self) -> int:
        """Frames of 10 ms that the last row needs beyond its own."""
        return 4 + SUBSAMPLING * sum(ahead for _, ahead in self.layers)

    def sizes(self) -> dict[str, tuple[int, int]]:
        """Return rows and columns of each learnt matrix, in the order of the file."""
        wide, narrow, head = self.width, self.bottleneck, self.head
        sizes = {
            "inp.affine": (self.first, len(SPLICE) * BANDS),
            "sub.affine": (wide, len(SPLICE) * self.first),
        }
        for i, (back, ahead) in enumerate(self.layers):
            sizes[f"tdnnf{i}.linear"] = (narrow, wide * (1 + bool(back)))
            sizes[f"tdnnf{i}.affine"] = (wide, narrow * (1 + bool(ahead)))
        return sizes | {
            "pre.linear": (head, wide),
            "pre.affine": (wide, head),
            "pre2.linear": (head, wide),
            "output.affine": (self.outputs, head),
        }

    def normalised(self) -> dict[str, int]:
        """Return the width of each normalisation."""
        wide = {f"tdnnf{i}.bn": self.width for i in range(len(self.layers))}
        ends = {"pre.bn": self.width, "pre2.bn": self.head}
        return {"inp.bn": self.first, "sub.bn": self.width} | wide | ends


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Network:
    """A network: matrices that are learnt (``weight``, ``bias``), and what is measured.

    Measured are ``mean`` and ``variance`` of each normalisation, and ``norm``, the affine map that
    makes evenly spread energies of cepstra.
    """

    learnt: Layers
    measured: Layers
    shape: Shape = field(metadata={"static": True})


def new_network(shape: Shape, log_mel: Frames, seed: int = 0) -> Network:
    """Return an untrained network for speech whose log-mel energies, ``(n, 40)``, are like these.

    The last layer is zero, so that all units are equally likely at first.
    """
    keys = jax.random.split(jax.random.key(seed), len(shape.sizes()))
    learnt: Layers = {}
    for key, (name, (rows, columns)) in zip(keys, shape.sizes().items(), strict=True):
        size = 0.0 if name == "output.affine" else (1 / columns) ** 0.5
        learnt[name] = {"weight": size * jax.random.normal(key, (rows, columns))}
        if name.endswith("affine"):
            learnt[name]["bias"] = jnp.zeros(rows)
    weight, bias = energies_to_norm(log_mel.mean(axis=0), log_mel.std(axis=0))
    measured: Layers = {"norm": {"weight": jnp.asarray(weight), "bias": jnp.asarray(bias)}}
    for name, width in shape.normalised().items():
        measured[name] = {"mean": jnp.zeros(width), "variance": jnp.ones(width)}
    return Network(learnt, measured, shape)


def scores(network: Network, cepstra: jax.Array | Frames) -> jax.Array:
    """Return log scores up to a constant a row, ``(batch, ceil(n / 3), outputs)``.

    ``cepstra``: ``(batch, before + n + after, 40)``, edges repeated by ``with_edges``.
    """

    def normalise(name: str, x: jax.Array) -> jax.Array:
        known = network.measured[name]
        return _normalised(x, known["mean"], known["variance"])

    return _forward(network, cepstra, normalise)


def training_scores(
    network: Network, cepstra: jax.Array | Frames, key: jax.Array
) -> tuple[jax.Array, Network]:
    """Return scores as trained on, and the network with its moments moved towards this batch's.

    Each normalisation uses the moments of the batch itself, and outputs are shaken a little.
    """
    measured = dict(network.measured)

    def normalise(name: str, x: jax.Array) -> jax.Array:
        now = {"mean": x.mean(axis=(0, 1)), "variance": x.var(axis=(0, 1))}
        measured[name] = {
            moment: MEMORY * network.measured[name][moment] + (1 - MEMORY) * value
            for moment, value in now.items()
        }
        return _normalised(x, now["mean"], now["variance"])

    shape = network.shape
    sizes = (len(shape.layers), len(cepstra), 1, shape.width)  # drawn at once: compiled at once
    shaken = 1 + jax.random.uniform(key, sizes, minval=-SHAKE, maxval=SHAKE)

    rows = _forward(network, cepstra, normalise, shaken)
    return rows, replace(network, measured=jax.lax.stop_gradient(measured))


def with_edges(cepstra: Frames, shape: Shape, frames: int = 0) -> Frames:
    """Repeat the first and last frame as Kaldi does, up to ``frames`` own ones and the context."""
    after = max(frames - len(cepstra), 0) + shape.after
    return np.pad(cepstra, ((shape.before, after), (0, 0)), "edge")


@jax.jit
def constrained(learnt: Layers) -> Layers:
    """Move the narrow layers half a step towards orthogonal rows of equal length (Povey 2018)."""
    moved = dict(learnt)
    for name in learnt:
        if name.startswith("tdnnf") and name.endswith("linear"):
            weight = learnt[name]["weight"]
            product = weight @ weight.T
            size = jnp.sum(product**2) / jnp.trace(product)
            moved[name] = {"weight": weight - 0.25 * (product / size @ weight - weight)}
    return moved


def _forward(
    network: Network,
    cepstra: jax.Array | Frames,
    normalise: Step,
    shaken: jax.Array | None = None,
) -> jax.Array:
    """Run the layers; ``shaken`` scales each factored layer's outputs."""
    learnt, shape = network.learnt, network.shape

    def layer(name: str, x: jax.Array) -> jax.Array:
        """Multiply, cut off below zero, normalise."""
        return normalise(f"{name}.bn", jax.nn.relu(_product(learnt[f"{name}.affine"], x)))

    x = _product(network.measured["norm"], jnp.asarray(cepstra))
    x = layer("inp", _spliced(x, SPLICE))
    x = layer("sub", _spliced(x, SPLICE, SUBSAMPLING))
    for i, (back, ahead) in enumerate(shape.layers):
        narrow = _product(learnt[f"tdnnf{i}.linear"], _spliced(x, (-back, 0) if back else (0,)))
        wide = layer(f"tdnnf{i}", _spliced(narrow, (0, ahead) if ahead else (0,)))
        if shaken is not None:
            wide = wide * shaken[i]
        x = wide + BYPASS * x[:, back : x.shape[1] - ahead]
    x = layer("pre", _product(learnt["pre.linear"], x))
    x = normalise("pre2.bn", _product(learnt["pre2.linear"], x))
    return _product(learnt["output.affine"], x)


def _product(layer: dict[str, jax.Array], x: jax.Array) -> jax.Array:
    product = x @ layer["weight"].T
    return product + layer["bias"] if "bias" in layer else product


def _spliced(x: jax.Array, offsets: tuple[int, ...], step: int = 1) -> jax.Array:
    """Put the frames at these offsets side by side, for every ``step``-th frame that has all."""
    low, count = min(offsets), x.shape[1] - (max(offsets) - min(offsets))
    return jnp.concatenate([x[:, o - low : o - low + count : step] for o in offsets], axis=2)


def _normalised(x: jax.Array, mean: jax.Array, variance: jax.Array) -> jax.Array:
    return (x - mean) * jax.lax.rsqrt(variance + EPSILON)
