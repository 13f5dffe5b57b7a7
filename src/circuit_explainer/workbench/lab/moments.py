"""What a run was at some of its steps: its losses, the scores of its heads, and the model itself.

One moment is one point of every curve and one place of the slider, so that all charts move together. A run keeps at
most `MOST` of them: when there are more, every other one goes.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from circuit_explainer.circuits.repeats import RepeatedTokens, per_token_loss, repeated_tokens
from circuit_explainer.circuits.scores import induction, previous_token
from circuit_explainer.core.arrays import Array
from circuit_explainer.core.model import Transformer
from circuit_explainer.training import Batch, Recipe, RepeatedBlocks

MOST = 64
# The texts on which a run is measured are drawn apart from those it learns from, and are the same at every step.
SEED, TEXTS = 20_000, 8


@dataclass(frozen=True)
class Moment:
    """One step: losses in nats over all positions and over those that the task is about, scores `[layer, head]`.

    `model` is None for a moment that was read from a file.
    """

    step: int
    loss: float
    asked: float
    previous: Array
    induction: Array
    model: Transformer | None


@dataclass(frozen=True)
class Yardstick:
    """The texts on which every moment of a run is measured: repeated tokens for the scores, others for the losses.

    For a run on repeated symbols they are the same, and what counts is what `circuits.loss_on_repeats` counts.
    """

    repeated: RepeatedTokens
    batch: Batch


def yardstick(recipe: Recipe) -> Yardstick:
    """Return the texts for a recipe. Raises ValueError where no repeat fits its model."""
    cfg = recipe.config
    given = repeated_tokens(cfg.d_vocab, cfg.n_ctx, TEXTS, seed=SEED)
    if isinstance(recipe.task, RepeatedBlocks):
        predicted = np.arange(1, given.tokens.shape[1])
        counted = np.broadcast_to(predicted > given.block + 1, (TEXTS, len(predicted)))
        return Yardstick(given, Batch(given.tokens, counted))
    return Yardstick(given, recipe.task.draw(np.random.default_rng(SEED), TEXTS, cfg.n_ctx, cfg.d_vocab))


def even_guess(recipe: Recipe) -> float:
    """Return what an even guess among all symbols but BOS costs, in nats."""
    return math.log(recipe.config.d_vocab - 1)


def measure(model: Transformer, step: int, texts: Yardstick) -> Moment:
    """Return the moment of a model; nothing of its run is touched."""
    tokens, repeated = texts.batch.tokens, texts.repeated.tokens
    # A run that breaks off may have weights whose losses are not finite.
    with np.errstate(all="ignore"):
        logits, cache = model.run_with_cache(repeated, lambda name: name.endswith("hook_pattern"))
        losses = per_token_loss(logits if tokens is repeated else model(tokens), tokens)
    patterns = [cache["pattern", layer] for layer in range(model.cfg.n_layers)]
    same, queries = repeated[:, None], texts.repeated.in_repeats
    return Moment(
        step,
        float(losses.mean()),
        float(losses[texts.batch.counted].mean()),
        np.array([previous_token(pattern).mean(axis=0) for pattern in patterns]),
        np.array([induction(pattern, same, queries).mean(axis=0) for pattern in patterns]),
        model,
    )


def thinned(moments: Sequence[Moment], every: int, low: float = 0.0) -> tuple[list[Moment], int]:
    """Return at most `MOST` moments, and every how many steps one is due from now on.

    The first, the last and the first whose loss is below `low` stay. Those between the regular ones, where the reader
    paused, go before any other.
    """
    kept = list(moments)
    passed = next((moment for moment in kept if moment.asked < low), None)
    stay = (kept[0], passed, kept[-1])
    while len(kept) > MOST:
        regular = [m for m in kept if m.step % every == 0 or any(m is each for each in stay)]
        if len(regular) == len(kept):
            every *= 2
        kept = regular
    return kept, every
