"""What a head does, as numbers between 0 and 1.

Patterns are ``[..., q, k]`` (query, then key) and tokens ``[..., p]``, so a whole batch of heads is one call: for
a pattern ``[b, h, q, k]`` give tokens ``[b, 1, p]``. Each score has the pattern's leading shape.
Induction is prefix matching after Olsson et al. (2022), with several earlier targets summed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from circuit_explainer.circuits.repeats import RepeatedTokens, repeated_tokens
from circuit_explainer.core.model import Transformer
from circuit_explainer.core.ops import Array


def previous_token(pattern: Array) -> Array:
    """Mean over queries ``i >= 1`` of ``pattern[i, i-1]``; NaN for a single position."""
    return _mean(np.diagonal(pattern, -1, -2, -1))


def current_token(pattern: Array) -> Array:
    """Mean over queries ``i >= 1`` of ``pattern[i, i]``; NaN for a single position."""
    return _mean(np.diagonal(pattern, 0, -2, -1)[..., 1:])


def first_token(pattern: Array) -> Array:
    """Mean over queries ``i >= 1`` of ``pattern[i, 0]``; NaN for a single position."""
    return _mean(pattern[..., 1:, 0])


def duplicate_token(pattern: Array, tokens: Array) -> Array:
    """Attention to earlier copies of the same token, mean over the queries that have one; NaN where none has."""
    return _on_targets(pattern, duplicate_targets(tokens))


def induction(pattern: Array, tokens: Array, queries: Array | None = None) -> Array:
    """Attention to the tokens after earlier copies of the query's token: prefix matching, perfect at 1.

    Args:
        pattern: ``[..., q, k]``.
        tokens: ``[..., p]``.
        queries: ``[..., q]``, True for the queries that count; by default those that have a target.

    Returns:
        For each pattern, the mean over queries ``i`` of the sum of ``pattern[i, j]`` over all ``j <= i`` with
        ``tokens[j-1] == tokens[i]``; NaN where no query counts.
    """
    return _on_targets(pattern, induction_targets(tokens), queries)


def duplicate_targets(tokens: Array) -> Array:
    """``[..., q, k]``: True where the key is an earlier copy of the query's token."""
    same: Array = np.asarray(tokens)[..., :, None] == np.asarray(tokens)[..., None, :]
    return np.tril(same, -1)


def induction_targets(tokens: Array) -> Array:
    """``[..., q, k]``: True where the key stands right after an earlier copy of the query's token."""
    targets = np.zeros_like(earlier := duplicate_targets(tokens))
    targets[..., 1:] = earlier[..., :-1]
    return targets


@dataclass(frozen=True)
class HeadScores:
    """The scores of one head on repeated random tokens, each between 0 and 1."""

    layer: int
    head: int
    previous_token: float
    current_token: float
    first_token: float
    duplicate_token: float
    induction: float


def head_scores(model: Transformer, given: RepeatedTokens | None = None) -> list[HeadScores]:
    """Scores of every head, layer by layer, on ``given`` or on the default repeated random tokens."""
    given = given or repeated_tokens(model.cfg.d_vocab, model.cfg.n_ctx)
    tokens = given.tokens[:, None]
    _, cache = model.run_with_cache(given.tokens, lambda name: name.endswith("hook_pattern"))
    rows = []
    for layer in range(model.cfg.n_layers):
        pattern = cache["pattern", layer]
        columns = [
            score.mean(axis=0)
            for score in (
                previous_token(pattern),
                current_token(pattern),
                first_token(pattern),
                duplicate_token(pattern, tokens),
                induction(pattern, tokens, given.in_repeats),
            )
        ]
        rows += [HeadScores(layer, head, *map(float, values)) for head, values in enumerate(zip(*columns, strict=True))]
    return rows


def scores(model: Transformer) -> list[HeadScores]:
    """The head table of a model: one row for each head."""
    return head_scores(model)


def _mean(values: Array) -> Array:
    if values.shape[-1] == 0:
        return np.full(values.shape[:-1], np.nan)
    return np.asarray(values.mean(axis=-1))


def _on_targets(pattern: Array, targets: Array, queries: Array | None = None) -> Array:
    counted = targets.any(axis=-1) if queries is None else np.broadcast_to(queries, targets.shape[:-1])
    on_target = (pattern * targets).sum(axis=-1) * counted
    number = counted.sum(axis=-1)
    mean = on_target.sum(axis=-1) / np.maximum(number, 1)
    return np.where(number > 0, mean, np.nan)
