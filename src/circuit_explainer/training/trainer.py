"""Training as a generator that does one step at a time and says how it goes."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from circuit_explainer.core.config import Config
from circuit_explainer.core.hooks import weight_shapes
from circuit_explainer.core.model import Transformer
from circuit_explainer.core.ops import Array
from circuit_explainer.core.tokens import SymbolTokenizer
from circuit_explainer.training.adam import Moments, adam_step, clip
from circuit_explainer.training.backward import loss_and_gradients
from circuit_explainer.training.tasks import repeated_blocks


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """All that decides a training run on repeated blocks.

    The learning rate stays at ``lr`` for ``hold`` of the steps, then falls in a straight line to zero. Biases stay
    zero: the circuit needs none, and it reads more clearly without.

    Args:
        config: no normalization and standard positions.
        seed: of the weights at the start and of all data.
        steps, batch: how many steps, of how many sequences of ``n_ctx`` tokens.
        lr, hold: learning rate, and for which part of the steps it stays.
        clip: greatest length of the gradient.
        blocks: shortest and longest repeated block.
        embed_std: of the embeddings at the start; the other weights begin at ``0.8 / sqrt(d_model)``.
        unpredictable: how much a position counts that nothing foretells, where one in a repeat counts 1. At 0 the
            model never learns to say that it does not know; at 1 the induction heads learn more slowly.
    """

    config: Config
    seed: int
    steps: int
    batch: int = 16
    lr: float = 1e-2
    hold: float = 0.5
    clip: float = 1.0
    blocks: tuple[int, int]
    embed_std: float = 1.0
    unpredictable: float = 1.0


@dataclass(frozen=True)
class Progress:
    """One step done: mean loss over all positions and over repeats, in nats; ``weights`` are live, copy to keep."""

    step: int
    loss: float
    loss_on_repeats: float
    weights: Mapping[str, Array]


def train(recipe: Recipe) -> Iterator[Progress]:
    """Train on repeated blocks, yielding after every step; the same recipe always gives the same run.

    Raises:
        FloatingPointError: the loss is no longer a number; the sentence says at which step and what to lower.
    """
    cfg = recipe.config
    rng = np.random.default_rng(recipe.seed)
    weights, theta, views = _start(recipe, rng)
    grad = np.zeros_like(theta)
    grad_views = _views(grad, {name: view.shape for name, view in views.items()})
    state = Moments(np.zeros_like(theta), np.zeros_like(theta))
    for step in range(1, recipe.steps + 1):
        batch = repeated_blocks(rng, recipe.batch, cfg.n_ctx, cfg.d_vocab, recipe.blocks)
        losses, grads = loss_and_gradients(
            cfg, weights, batch.tokens, np.where(batch.repeats, 1.0, recipe.unpredictable)
        )
        for name, view in grad_views.items():
            view[...] = grads[name]
        clip(grad, recipe.clip)
        adam_step(theta, grad, state, _rate(recipe, step))
        loss = float(losses.mean())
        if not math.isfinite(loss):
            raise FloatingPointError(f"The loss became {loss} at step {step}; lower lr={recipe.lr}.")
        yield Progress(step, loss, float(losses[batch.repeats].mean()), weights)


def trained(recipe: Recipe, report: Callable[[Progress], None] = lambda progress: None) -> Transformer:
    """The model at the end of a recipe; ``report`` hears of every step."""
    for progress in train(recipe):
        report(progress)
    cfg = recipe.config
    weights = {name: array.copy() for name, array in progress.weights.items()}
    return Transformer(cfg, weights, SymbolTokenizer(cfg.d_vocab, cfg.n_ctx))


def _start(recipe: Recipe, rng: np.random.Generator) -> tuple[dict[str, Array], Array, dict[str, Array]]:
    shapes = weight_shapes(recipe.config)
    trainable = {name: shape for name, shape in shapes.items() if ".W_" in name}
    theta = np.zeros(sum(map(math.prod, trainable.values())), np.float32)
    views = _views(theta, trainable)
    std = 0.8 / math.sqrt(recipe.config.d_model)
    for name, view in views.items():
        scale = recipe.embed_std if name in ("embed.W_E", "pos_embed.W_pos") else std
        view[...] = rng.standard_normal(view.shape) * scale
    fixed = {name: np.zeros(shape, np.float32) for name, shape in shapes.items()}
    return {**fixed, **views}, theta, views


def _views(vector: Array, shapes: Mapping[str, tuple[int, ...]]) -> dict[str, Array]:
    """Pieces of one vector, shaped, by name."""
    ends = np.cumsum([math.prod(shape) for shape in shapes.values()])[:-1]
    pieces = np.split(vector, ends)
    return {name: piece.reshape(shape) for (name, shape), piece in zip(shapes.items(), pieces, strict=True)}


def _rate(recipe: Recipe, step: int) -> float:
    left = 1 - (step - 1) / recipe.steps
    return recipe.lr * min(1.0, left / (1 - recipe.hold))
