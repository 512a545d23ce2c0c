"""Hardening: a network learns to hear in a noisy home what it hears in a quiet room.

The teacher is the network as it is, the student begins as the same, or as one hardened before. No
transcript is needed: of each moment (``scenes``) the teacher hears the quiet form and the student
the noisy one, and the student is moved towards what the teacher makes of it. What they make of it
is not one sound a row but a distribution over all strings of sounds, the one that the product
weighs evidence by (``calmvoice.ears.evidence``). With Z the logarithm of the sum over all strings,
the divergence is Z(student) − Z(teacher) − ⟨slope of Z(teacher), student − teacher⟩.

Rules: the moments of the normalisations stay as they are, so that the student is at every step
what is written to the file; what is given out is the mean of the last steps' weights.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import jax
import jax.numpy as jnp
import numpy as np
import optax

from calmvoice.ears.evidence import SOUND_COST
from models.recipe.network import SUBSAMPLING, Layers, Network, Shape, scores
from models.recipe.scenes import Scenes

LARGEST_STEP = 5.0  # norm of the gradient
SAME_WEIGHT = 0.3  # of the plain squared difference, which also holds what no string needs
QUIET_WEIGHT = 3.0  # of a scene that both hear alike: what was well heard must stay so
MEMORY = 0.995  # of the mean of weights, a step


@dataclass(frozen=True)
class Plan:
    """How long, how fast, and from how much at a time."""

    steps: int = 4000
    scenes: int = 16  # in a batch, of which the first half is heard alike by both
    rows: int = 130  # of 30 ms in a scene
    rate: float = 6e-4
    last_rate: float = 2e-5
    rising_steps: int = 50
    keep_every: int = 250

    def frames(self, shape: Shape) -> int:
        """Return the frames of a scene with the context that the network needs."""
        return shape.before + SUBSAMPLING * self.rows + shape.after


@dataclass(frozen=True)
class Progress:
    """Where hardening stands: the mean divergence a row, lately, and the mean of the weights."""

    step: int
    steps: int
    quiet: float  # divergence where both hear the same
    noisy: float
    network: Network


def harden(
    teacher: Network,
    student: Network,
    scenes: Scenes,
    plan: Plan,
    report: Callable[[Progress], None] = lambda progress: None,
) -> Network:
    """Return the student hardened; ``report`` is called every ``plan.keep_every`` steps."""
    falling = optax.cosine_decay_schedule(plan.rate, plan.steps, alpha=plan.last_rate / plan.rate)

    def rate(count: jax.Array) -> jax.Array:
        return jnp.asarray(jnp.minimum(1.0, (count + 1) / plan.rising_steps) * falling(count))

    optimiser = optax.chain(
        optax.clip_by_global_norm(LARGEST_STEP), optax.adam(rate, b1=0.9, b2=0.98)
    )

    @jax.jit
    def step(
        learnt: Layers,
        mean: Layers,
        state: optax.OptState,
        memory: float,
        quiet: jax.Array,
        heard: jax.Array,
    ) -> tuple[Layers, Layers, optax.OptState, jax.Array]:
        wanted = scores(teacher, quiet)

        def loss(learnt: Layers) -> tuple[jax.Array, jax.Array]:
            rows = scores(replace(teacher, learnt=learnt), heard)
            half = len(rows) // 2
            parts = ((QUIET_WEIGHT, slice(None, half)), (1.0, slice(half, None)))
            apart = [divergence(rows[part], wanted[part]) for _, part in parts]
            alike = [unlikeness(rows[part], wanted[part]) for _, part in parts]
            lost = sum(
                weight * (a + SAME_WEIGHT * b)
                for (weight, _), a, b in zip(parts, apart, alike, strict=True)
            )
            return jnp.asarray(lost), jnp.stack(apart)

        slope, apart = jax.grad(loss, has_aux=True)(learnt)
        change, state = optimiser.update(slope, state, learnt)
        learnt = optax.apply_updates(learnt, change)
        mean = jax.tree.map(lambda m, now: memory * m + (1 - memory) * now, mean, learnt)
        return learnt, mean, state, apart

    learnt = mean = student.learnt
    state, lately = optimiser.init(learnt), []
    for done in range(1, plan.steps + 1):
        drawn = [scenes.draw(changed=2 * i >= plan.scenes) for i in range(plan.scenes)]
        quiet = np.stack([scene.quiet for scene in drawn])
        heard = np.stack([scene.heard for scene in drawn])
        memory = min(MEMORY, done / (done + 10))  # of a short run not the beginning
        learnt, mean, state, apart = step(learnt, mean, state, memory, quiet, heard)
        lately.append(np.asarray(apart))
        if done % plan.keep_every == 0 or done == plan.steps:
            student = replace(student, learnt=mean)
            in_quiet, in_noise = np.mean(lately, axis=0).tolist()
            report(Progress(done, plan.steps, in_quiet, in_noise, student))
            lately.clear()
    return replace(student, learnt=mean)


def divergence(rows: jax.Array, wanted: jax.Array) -> jax.Array:
    """Return how far the strings of ``rows`` are from those of ``wanted``, a row; 0 if the same."""
    summed, likely = jax.value_and_grad(lambda x: all_strings(x).sum())(wanted)
    total = all_strings(rows).sum() - summed - jnp.sum(likely * (rows - wanted))
    return jnp.asarray(total / (rows.shape[0] * rows.shape[1]))


def unlikeness(rows: jax.Array, wanted: jax.Array) -> jax.Array:
    """Return the mean squared difference; a constant a row means nothing."""
    apart = rows - wanted
    return jnp.mean((apart - apart.mean(axis=-1, keepdims=True)) ** 2)


def all_strings(rows: jax.Array) -> jax.Array:
    """Return the logarithm of the sum over all strings of sounds, ``(batch, rows, 2 units)``."""
    enter, stay = rows[:, :, 0::2] - SOUND_COST, rows[:, :, 1::2]

    def forward(
        reached: tuple[jax.Array, jax.Array], row: tuple[jax.Array, jax.Array]
    ) -> tuple[tuple[jax.Array, jax.Array], None]:
        inside, summed = reached
        inside = jnp.logaddexp(inside + row[1], summed[:, None] + row[0])
        return (inside, jax.nn.logsumexp(inside, axis=1)), None

    inside = jnp.full(enter.shape[::2], -1e9)
    along = (enter.swapaxes(0, 1), stay.swapaxes(0, 1))
    (_, summed), _ = jax.lax.scan(forward, (inside, jnp.zeros(len(rows))), along)
    return jnp.asarray(summed)
