"""Training: from prepared speech to a network, by LF-MMI from a flat start or from a known network.

One step is a batch; the rate rises, then falls evenly on a logarithmic scale. The network is given
out every ``Plan.keep_every`` steps, so that a run of hours can be looked at or broken off.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
import optax

from models.recipe.augment import Frames
from models.recipe.batches import Batch, Batches
from models.recipe.data import Prepared
from models.recipe.lfmmi import chances_of_units, objective
from models.recipe.network import Layers, Network, constrained, training_scores
from models.recipe.units import SILENCE, UNITS

CONSTRAIN_EVERY = 4  # steps
LARGEST_STEP = 5.0  # norm of the gradient
PAUSE_CHANCE = 0.15  # between two words, where the chances of sounds are counted
SAMPLE = 2000  # utterances from which mean and deviation of the energies are taken


@dataclass(frozen=True)
class Plan:
    """How long, how fast, and from how much at a time."""

    steps: int = 7000
    frames: int = 12_000  # of 10 ms in a batch
    rate: float = 2e-3
    last_rate: float = 1e-4
    rising_steps: int = 300
    guidance: float = 6.0  # at the start; 0 from the middle on, and from a known network 0 always
    pairs: bool = False  # chances of units after one other, not two: faster, less exact
    keep_every: int = 250
    seed: int = 1


@dataclass(frozen=True)
class Progress:
    """Where training stands: the mean log chance a row of what was said, lately."""

    step: int
    steps: int
    objective: float
    network: Network


def train(
    prepared: Prepared,
    network: Network,
    plan: Plan,
    noises: Sequence[Frames] = (),
    report: Callable[[Progress], None] = lambda progress: None,
) -> Network:
    """Return the network trained; ``report`` is called every ``plan.keep_every`` steps."""
    rng = np.random.default_rng(plan.seed)
    following = jnp.asarray(chances(prepared, rng, pairs=plan.pairs))
    batches = _endless(Batches(prepared, network.shape, plan.frames, noises), rng)
    optimiser = _optimiser(plan)
    state, lately = optimiser.init(network.learnt), []

    @jax.jit
    def step(
        network: Network, state: optax.OptState, batch: Batch, guidance: float, key: jax.Array
    ) -> tuple[Network, optax.OptState, jax.Array]:
        def loss(learnt: Layers) -> tuple[jax.Array, tuple[jax.Array, Network]]:
            rows, moved = training_scores(replace(network, learnt=learnt), batch.cepstra, key)
            lost, gained = objective(rows, batch.said, following, guidance)
            return lost, (gained, moved)

        slope, (gained, moved) = jax.grad(loss, has_aux=True)(network.learnt)
        change, state = optimiser.update(slope, state, network.learnt)
        return replace(moved, learnt=optax.apply_updates(network.learnt, change)), state, gained

    keys = jax.random.key(plan.seed)
    for done in range(plan.steps):
        guidance = plan.guidance * max(0.0, 1.0 - 2.0 * done / plan.steps)
        key = jax.random.fold_in(keys, done)
        network, state, gained = step(network, state, next(batches), guidance, key)
        if done % CONSTRAIN_EVERY == 0:
            network = replace(network, learnt=constrained(network.learnt))
        lately.append(float(gained))
        if (done + 1) % plan.keep_every == 0 or done + 1 == plan.steps:
            report(Progress(done + 1, plan.steps, float(np.mean(lately)), network))
            lately.clear()
    return network


def chances(
    prepared: Prepared, rng: np.random.Generator, *, pairs: bool = False
) -> npt.NDArray[np.float32]:
    """Return how likely units follow each other in what was said, pauses now and then."""
    strings = []
    for utterance in prepared.utterances:
        string: list[int] = []
        for ways in utterance.words:
            string += [*ways[0], *([SILENCE] if rng.random() < PAUSE_CHANCE else [])]
        strings.append(string)
    return chances_of_units(strings, len(UNITS), pairs=pairs)


def sample(prepared: Prepared, rng: np.random.Generator) -> Frames:
    """Return frames of utterances taken at random, for ``new_network``."""
    some = rng.permutation(len(prepared.utterances))[:SAMPLE]
    return np.concatenate([prepared.log_mel(prepared.utterances[i]) for i in some])


def _endless(batches: Batches, rng: np.random.Generator) -> Iterator[Batch]:
    while True:
        yield from batches.shuffled(rng)


def _optimiser(plan: Plan) -> optax.GradientTransformation:
    rising = min(plan.rising_steps, plan.steps // 4)
    falling = optax.exponential_decay(plan.rate, plan.steps, plan.last_rate / plan.rate)

    def rate(count: jax.Array) -> jax.Array:
        return jnp.asarray(jnp.minimum(1.0, (count + 1) / max(rising, 1)) * falling(count))

    return optax.chain(
        optax.clip_by_global_norm(LARGEST_STEP),
        optax.adamw(rate, b1=0.9, b2=0.98, weight_decay=1e-3),
    )
