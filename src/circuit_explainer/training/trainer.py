"""Training as a generator that does one step at a time and says how it goes."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from circuit_explainer.core.arrays import Array
from circuit_explainer.core.model import Transformer
from circuit_explainer.core.tokenizers.symbols import SymbolTokenizer
from circuit_explainer.training.adam import Moments, adam_step, clip
from circuit_explainer.training.backward import loss_and_gradients
from circuit_explainer.training.parameters import split, start
from circuit_explainer.training.recipe import Recipe

Score = Callable[[Transformer], Any]
# A run ends when the running mean of its loss, as the gradient counts it, is so many times what it was at the start
# (or what guessing costs). Single bad steps pass.
TOO_HIGH, SMOOTHING = 2.0, 0.9


@dataclass(frozen=True)
class Progress:
    """One step done.

    ``step`` counts from 1. ``loss`` is the mean over all positions and ``loss_counted`` over those that the task is
    about, in nats, both before the step. ``weights``, by state-dict key in the shapes of ``weight_shapes``, are live:
    copy to keep. ``scores`` hold what the functions given to the run said after
    the step, by name, at the steps that have them; ``snapshot`` is a model of its own, at the steps that have one.
    """

    step: int
    loss: float
    loss_counted: float
    weights: Mapping[str, Array]
    scores: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    snapshot: Transformer | None = None

    @property
    def loss_on_repeats(self) -> float:
        """``loss_counted``, by the name that it has for repeated blocks."""
        return self.loss_counted


class Trainer:
    """One training run, to be gone on with at any time: weights, Adam's moments, random numbers, steps done.

    Source: as its ``Recipe``: Kingma and Ba (2015), Loshchilov and Hutter (2019).

    Args:
        recipe: all that decides the run; an attribute of this name. ``step`` is how many steps are done.
    """

    def __init__(self, recipe: Recipe) -> None:
        self.recipe = recipe
        self.rng = np.random.default_rng(recipe.seed)
        self.parameters = start(recipe, self.rng)
        self.moments = Moments.zeros(self.parameters.theta)
        self.step = 0
        # The loss of the first step as the gradient counts it, and the running mean that is held against it.
        self.began = self.smoothed = 0.0
        self._grad = np.zeros_like(self.parameters.theta)
        self._into = split(self._grad, {name: view.shape for name, view in self.parameters.trained.items()})

    def run(
        self, scores: Mapping[str, Score] | None = None, score_every: int = 1, snapshot_every: int | None = None
    ) -> Iterator[Progress]:
        """Go on to the end of the recipe, yielding after every step; stop by iterating no further.

        Args:
            scores: functions of the model, called every ``score_every`` steps and at the last one.
            score_every: see ``scores``.
            snapshot_every: every so many steps, and at the last one, give a copy of the model; None gives none.

        Raises:
            ValueError: ``score_every`` or ``snapshot_every`` is below 1.
            FloatingPointError: the loss is no longer a number, or far higher than at the start; the sentence says at
                which step and what to lower. Weights stay as they were before this step.
        """
        if score_every < 1 or (snapshot_every is not None and snapshot_every < 1):
            raise ValueError(
                "score_every and snapshot_every must be at least 1; got "
                f"score_every={score_every}, snapshot_every={snapshot_every}."
            )
        while self.step < self.recipe.steps:
            loss, counted = self._one_step()
            weights, last = self.parameters.weights, self.step == self.recipe.steps
            snapshot = self.model() if snapshot_every and (last or self.step % snapshot_every == 0) else None
            told: dict[str, Any] = {}
            if scores and (last or self.step % score_every == 0):
                model = snapshot or self.model()
                told = {name: score(model) for name, score in scores.items()}
            yield Progress(self.step, loss, counted, weights, told, snapshot)

    def model(self) -> Transformer:
        """A copy of the model as it is now, which reads text."""
        cfg = self.recipe.config
        weights = {name: array.copy() for name, array in self.parameters.weights.items()}
        return Transformer(cfg, weights, SymbolTokenizer(cfg.d_vocab, cfg.n_ctx))

    def _one_step(self) -> tuple[float, float]:
        recipe, cfg, step = self.recipe, self.recipe.config, self.step + 1
        batch = recipe.task.draw(self.rng, recipe.batch, cfg.n_ctx, cfg.d_vocab)
        counts = np.where(batch.counted, 1.0, recipe.unpredictable)
        # A run that breaks off says so in one sentence, not in warnings.
        with np.errstate(all="ignore"):
            losses, _ = loss_and_gradients(cfg, self.parameters.weights, batch.tokens, counts, self._into)
            length = clip(self._grad, recipe.clip)
        self._check(float((losses * counts).sum() / counts.sum()), length, step)
        adam_step(
            self.parameters.theta, self._grad, self.moments, recipe.lr * recipe.schedule.part(step, recipe.steps),
            recipe.beta1, recipe.beta2, recipe.eps, recipe.weight_decay, self.parameters.matrices,
        )  # fmt: skip
        self.step = step
        return float(losses.mean()), float(losses[batch.counted].mean())

    def _check(self, loss: float, length: float, step: int) -> None:
        if not math.isfinite(loss) or not math.isfinite(length):
            became = f"loss became {loss}" if not math.isfinite(loss) else f"gradient became {length}"
            raise FloatingPointError(f"The {became} at step {step}; lower lr={self.recipe.lr}.")
        if step == 1:
            self.began = self.smoothed = loss
        self.smoothed = SMOOTHING * self.smoothed + (1 - SMOOTHING) * loss
        if self.smoothed > TOO_HIGH * max(self.began, math.log(self.recipe.config.d_vocab)):
            raise FloatingPointError(
                f"The loss rose to {self.smoothed:.1f} by step {step}, which is {TOO_HIGH:g} times where it began; "
                f"lower lr={self.recipe.lr}."
            )


def train(recipe: Recipe) -> Iterator[Progress]:
    """Train from the start, yielding after every step: ``Trainer(recipe).run()``.

    Yields:
        A ``Progress`` for each of ``recipe.steps`` steps.

    Raises:
        FloatingPointError: as ``Trainer.run``.
    """
    return Trainer(recipe).run()


def trained(recipe: Recipe, report: Callable[[Progress], None] = lambda progress: None) -> Transformer:
    """The model at the end of a recipe; ``report`` hears of every step.

    Raises:
        FloatingPointError: as ``Trainer.run``.
    """
    trainer = Trainer(recipe)
    for progress in trainer.run():
        report(progress)
    return trainer.model()
