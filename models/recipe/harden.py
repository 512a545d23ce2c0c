"""Hardening: a network learns to hear what was said, in a noisy home too, and keeps what it heard.

Each moment (``scenes``) is heard by the student, noisy or quiet, and its words are known. Two
things are wanted of it. What was said is to be likely among all strings of sounds, each of which
costs ``SOUND_COST``: the very sum that the product weighs evidence by (``calmvoice.ears.evidence``;
lattice-free MMI with a flat denominator, Povey 2016). And, so that few hours of speech do not
unlearn what many taught, the student stays near to what the teacher, the network as it is, makes of
the quiet form: with Z the logarithm of the sum over all strings, the divergence is
Z(student) − Z(teacher) − ⟨slope of Z(teacher), student − teacher⟩.

Rules: the moments of the normalisations stay as they are, so that the student is at every step
what is written to the file. What is given out is the mean of the last steps' weights, and of those
that it began with (``Plan.stay``): that hears better in noise than either, and keeps what few hours
of speech do not teach (Wortsman and others, Robust fine-tuning of zero-shot models, 2022).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
import optax

from calmvoice.ears.evidence import SOUND_COST
from models.recipe.batches import transcripts
from models.recipe.lfmmi import Transcripts, numerator
from models.recipe.network import SUBSAMPLING, Layers, Network, Shape, scores
from models.recipe.recordings import RecipeError
from models.recipe.scenes import MOST_STATES, Scene, Scenes

LARGEST_STEP = 5.0  # norm of the gradient
ALIKE_SHARE = 0.4  # of a batch's scenes are heard alike by both
# What the teacher hears is held to: in quiet, and in noise, where it hears more than a student can.
QUIET_WEIGHT, NOISY_WEIGHT = 1.0, 0.2
SAME_WEIGHT = 0.3  # of the plain squared difference, which also holds what no string needs
WORST = -4.0  # a row: what is less likely was not said, whatever its transcript
FEWEST_SCENES = 2
MEMORY = 0.995  # of the mean of weights, a step


@dataclass(frozen=True)
class Plan:
    """How long, how fast, and from how much at a time."""

    steps: int = 3000
    scenes: int = 8  # in a batch
    rows: int = 330  # of 30 ms in a scene
    rate: float = 6e-4
    last_rate: float = 2e-5
    rising_steps: int = 50
    teaching: float = 1.0  # how much the teacher is held to beside what was said
    stay: float = 0.5  # the share of the first weights in the mean with the last
    keep_every: int = 250

    def __post_init__(self) -> None:
        """Raise ``RecipeError`` where no scene of a batch would be noisy."""
        if self.scenes < FEWEST_SCENES:
            raise RecipeError(
                f"{self.scenes} scenes in a step, at least {FEWEST_SCENES} are needed",
                "One of them is heard as it was said, and one in noise.",
            )
        if not 0 <= self.stay < 1:
            raise RecipeError(
                f"{self.stay:g} of the first weights stay, it must be 0 or more and below 1",
                "0 gives the last weights alone; 1 would be the network as it was.",
            )

    def frames(self, shape: Shape) -> int:
        """Return the frames of a scene with the context that the network needs."""
        return shape.before + SUBSAMPLING * self.rows + shape.after


@dataclass(frozen=True)
class Progress:
    """Where hardening stands, and the network that would be given out.

    ``quiet`` and ``noisy`` are the mean natural logarithm a row of the chance of what was said,
    lately, in scenes heard alike by both and in the others.
    """

    step: int
    steps: int
    quiet: float
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

    alike = max(1, round(ALIKE_SHARE * plan.scenes))
    parts = ((QUIET_WEIGHT, slice(None, alike)), (NOISY_WEIGHT, slice(alike, None)))

    @jax.jit
    def step(
        learnt: Layers, mean: Layers, state: optax.OptState, memory: float, batch: HeardTwice
    ) -> tuple[Layers, Layers, optax.OptState, jax.Array]:
        wanted = scores(teacher, batch.quiet)

        def loss(learnt: Layers) -> tuple[jax.Array, jax.Array]:
            rows = scores(replace(teacher, learnt=learnt), batch.heard)
            chance = jnp.maximum(chance_of_what_was_said(rows, batch.said) / plan.rows, WORST)
            gained = jnp.stack([chance[part].mean() for _, part in parts])
            lost = -gained.sum()
            for weight, part in parts:
                apart = divergence(rows[part], wanted[part])
                apart += SAME_WEIGHT * unlikeness(rows[part], wanted[part])
                lost += plan.teaching * weight * apart
            return lost, gained

        slope, gained = jax.grad(loss, has_aux=True)(learnt)
        change, state = optimiser.update(slope, state, learnt)
        learnt = optax.apply_updates(learnt, change)
        mean = jax.tree.map(lambda m, now: memory * m + (1 - memory) * now, mean, learnt)
        return learnt, mean, state, gained

    def given() -> Network:
        mixed = jax.tree.map(lambda a, b: plan.stay * a + (1 - plan.stay) * b, student.learnt, mean)
        return replace(student, learnt=mixed)

    learnt = mean = student.learnt
    state, lately = optimiser.init(learnt), []
    for done in range(1, plan.steps + 1):
        drawn = [scenes.draw(changed=i >= alike) for i in range(plan.scenes)]
        memory = min(MEMORY, done / (done + 10))  # of a short run not the beginning
        learnt, mean, state, gained = step(learnt, mean, state, memory, _batch(drawn, plan.rows))
        lately.append(np.asarray(gained))
        if done % plan.keep_every == 0 or done == plan.steps:
            in_quiet, in_noise = np.mean(lately, axis=0).tolist()
            report(Progress(done, plan.steps, in_quiet, in_noise, given()))
            lately.clear()
    return given()


class HeardTwice(NamedTuple):
    """Cepstra as the teacher and the student hear them, ``(batch, frames, 40)``, and the words."""

    quiet: npt.NDArray[np.float32]
    heard: npt.NDArray[np.float32]
    said: Transcripts


def _batch(drawn: Sequence[Scene], rows: int) -> HeardTwice:
    words = [scene.words for scene in drawn]
    said = transcripts(words, MOST_STATES, [rows] * len(drawn), rows)
    quiet, heard = (np.stack([getattr(s, name) for s in drawn]) for name in ("quiet", "heard"))
    return HeardTwice(quiet, heard, said)


def chance_of_what_was_said(rows: jax.Array, said: Transcripts) -> jax.Array:
    """Return the log chance of what was said among all strings of sounds, ``(batch,)``."""
    costly = rows.at[:, :, 0::2].add(-SOUND_COST)
    return numerator(costly, said) - all_strings(rows)


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
