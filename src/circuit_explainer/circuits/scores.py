"""What a head does, as numbers; ``head_scores`` gives all of them for a whole model.

Patterns are ``[..., q, k]`` (query, then key) and tokens ``[..., p]``, so a whole batch of heads is one call: for
a pattern ``[b, h, q, k]`` give tokens ``[b, 1, p]``. Each score has the pattern's leading shape, is a share of
attention between 0 and 1, and is NaN where nothing counts.
Induction is prefix matching after Olsson et al. (2022), with several earlier targets summed.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import TypeVar

import numpy as np

from circuit_explainer.circuits.copying import copying_eigenvalues, copying_of_run, eigenvalues_in_steps
from circuit_explainer.circuits.repeats import RepeatedTokens, repeats_for
from circuit_explainer.circuits.table import HeadScores as HeadScores
from circuit_explainer.circuits.table import HeadTable
from circuit_explainer.core.arrays import Array
from circuit_explainer.core.cache.activation_cache import ActivationCache
from circuit_explainer.core.given import whole
from circuit_explainer.core.hooks import Hooks
from circuit_explainer.core.model import Transformer
from circuit_explainer.core.steps import finished

# Sequences on which heads are scored where none are given. Each tells of every head at half its positions.
SEQUENCES = 3
Result = TypeVar("Result")


def previous_token(pattern: Array) -> Array:
    """Mean over queries ``i >= 1`` of ``pattern[i, i-1]``: ``[..., q, k] -> [...]``; NaN for a single position.

    Source: previous-token heads are those of Elhage et al. (2021).
    """
    return _mean(np.diagonal(pattern, -1, -2, -1))


def current_token(pattern: Array) -> Array:
    """Mean over queries ``i >= 1`` of ``pattern[i, i]``: ``[..., q, k] -> [...]``; NaN for a single position."""
    return _mean(np.diagonal(pattern, 0, -2, -1)[..., 1:])


def first_token(pattern: Array) -> Array:
    """Mean over queries ``i >= 1`` of ``pattern[i, 0]``: ``[..., q, k] -> [...]``; NaN for a single position."""
    return _mean(pattern[..., 1:, 0])


def stripe(pattern: Array, block: int) -> Array:
    """Mean of ``pattern[i, i - (block - 1)]`` over every ``i`` that has such a key; NaN where none has.

    With BOS in front of two copies of ``block`` tokens the diagonal has ``block + 2`` entries, of which ``block`` are
    induction targets and one is BOS. A perfect head that rests on BOS scores ``(block + 1) / (block + 2)``, one that
    rests elsewhere ``block / (block + 2)``: ``induction`` is the score that reaches 1.

    Source: the induction score of TransformerLens's demos (Nanda and Bloom, 2022) and of ARENA's exercises.

    Args:
        pattern: ``[..., q, k]``, of a run on copies of one block.
        block: tokens of one copy.

    Returns:
        For each pattern one number ``[...]``.

    Raises:
        ValueError: ``block`` is not a whole number of at least 1.
    """
    block = whole("block", block, 1)
    return _mean(np.diagonal(pattern, 1 - block, -2, -1))


def duplicate_token(pattern: Array, tokens: Array) -> Array:
    """Attention to earlier copies of the same token, mean over the queries that have one.

    Source: duplicate-token heads are those of Wang et al. (2022).

    Args:
        pattern: ``[..., q, k]``.
        tokens: ``[..., p]``.

    Returns:
        For each pattern one number ``[...]``: the mean over queries ``i`` of the sum of ``pattern[i, j]`` over all
        ``j < i`` with ``tokens[j] == tokens[i]``; NaN where no query has such a copy.
    """
    return _on_targets(pattern, _shares(duplicate_targets(tokens)))


def induction(pattern: Array, tokens: Array, queries: Array | None = None) -> Array:
    """Attention to the tokens after earlier copies of the query's token: prefix matching, perfect at 1.

    Source: Olsson et al. (2022); that several earlier targets are summed is our choice, the paper does not say.

    Args:
        pattern: ``[..., q, k]``.
        tokens: ``[..., p]``.
        queries: ``[..., q]``, True for the queries that count; by default those that have a target.

    Returns:
        For each pattern, the mean over queries ``i`` of the sum of ``pattern[i, j]`` over all ``j <= i`` with
        ``tokens[j-1] == tokens[i]``; NaN where no query counts.
    """
    return _on_targets(pattern, _shares(induction_targets(tokens), queries))


def duplicate_targets(tokens: Array) -> Array:
    """``[..., p] -> [..., q, k]``: True where the key is an earlier copy of the query's token."""
    same: Array = np.asarray(tokens)[..., :, None] == np.asarray(tokens)[..., None, :]
    return np.tril(same, -1)


def induction_targets(tokens: Array) -> Array:
    """``[..., p] -> [..., q, k]``: True where the key stands right after an earlier copy of the query's token.

    Source: the targets of prefix matching, Olsson et al. (2022).
    """
    targets = np.zeros_like(earlier := duplicate_targets(tokens))
    targets[..., 1:] = earlier[..., :-1]
    return targets


def head_scores(model: Transformer, given: RepeatedTokens | None = None, fwd_hooks: Hooks = ()) -> HeadTable:
    """Scores of every head in one run, layer by layer.

    Source: scoring heads on repeated random tokens, Olsson et al. (2022).

    Args:
        model: of any architecture.
        given: the text; by default three repeated random sequences of at most 64 tokens.
        fwd_hooks: interventions on the run, such as ``zero_heads``.

    Raises:
        ValueError: as ``model.run_with_cache``; ``given`` is no ``RepeatedTokens``.
    """
    return finished(scoring(model, given, fwd_hooks))


def scoring(
    model: Transformer, given: RepeatedTokens | None = None, fwd_hooks: Hooks = ()
) -> Generator[tuple[int, int], None, HeadTable]:
    """``head_scores`` in steps: yields how much is done and how much there is, for a model where it takes long."""
    given = repeats_for(model, given, SEQUENCES)
    # A token of the run costs about a pass through all weights, one of the vocabulary a pass through d_model².
    cost = max(1, sum(array.size for array in model.weights.values()) // model.cfg.d_model**2)
    run, layers = given.tokens.size * cost, max(1, model.cfg.n_layers)
    whole = run + model.cfg.d_vocab
    _, cache = yield from _told(model.run_in_steps(given.tokens, needed, fwd_hooks), run / layers, 0, whole)
    yield from _told(eigenvalues_in_steps(model), 1, run, whole)
    return table_of_run(model, cache, given)


def _told(
    steps: Generator[int, None, Result], cost: float, before: int, whole: int
) -> Generator[tuple[int, int], None, Result]:
    while True:
        try:
            done = next(steps)
        except StopIteration as end:
            result: Result = end.value
            return result
        yield min(whole, before + int(done * cost)), whole


def scores(model: Transformer) -> HeadTable:
    """The head table of a model: one row for each head, from a run on three repeated random sequences.

    It is ``head_scores`` with nothing else given. The command line takes sixteen sequences.

    Raises:
        ValueError: the model's context or vocabulary is too small for a repeat.
    """
    return head_scores(model)


def needed(name: str) -> bool:
    """Whether ``table_of_run`` reads the activation of this name."""
    return name.endswith(("hook_pattern", "hook_v"))


def table_of_run(model: Transformer, cache: ActivationCache, given: RepeatedTokens) -> HeadTable:
    """The head table from the cache of a run on ``given``, which needs every ``pattern`` and ``v``."""
    if not model.cfg.n_layers:
        return HeadTable()
    columns = columns_of_run(model, cache, given)
    return HeadTable.from_columns({**columns, "copying_eigenvalues": copying_eigenvalues(model)})


def columns_of_run(model: Transformer, cache: ActivationCache, given: RepeatedTokens) -> dict[str, Array]:
    """The scores of ``table_of_run`` by name, each ``[l, h]``, but for that of the weights alone."""
    same = given.tokens[:, None]
    duplicates, targets = _shares(duplicate_targets(same)), _shares(induction_targets(same), given.in_repeats)
    columns: dict[str, list[Array]] = {}
    for layer in range(model.cfg.n_layers):
        pattern = cache["pattern", layer]
        found = {
            "previous_token": previous_token(pattern),
            "current_token": current_token(pattern),
            "first_token": first_token(pattern),
            "duplicate_token": _on_targets(pattern, duplicates),
            "induction": _on_targets(pattern, targets),
            "stripe": stripe(pattern, given.block),
        }
        for name, values in found.items():
            columns.setdefault(name, []).append(values.mean(axis=0))
    stacked = {name: np.stack(values) for name, values in columns.items()}
    stacked["copying"] = copying_of_run(model, cache, given.tokens).mean(axis=0)
    return stacked


def _mean(values: Array) -> Array:
    if values.shape[-1] == 0:
        return np.full(values.shape[:-1], np.nan)
    return np.asarray(values.mean(axis=-1))


def _shares(targets: Array, queries: Array | None = None) -> Array:
    """``[..., q, k]``: what each key's attention counts for in the mean over the queries; NaN where none counts."""
    counted = np.asarray(targets.any(axis=-1) if queries is None else np.broadcast_to(queries, targets.shape[:-1]))
    number = counted.sum(axis=-1)[..., None, None]
    return np.where(number > 0, (targets & counted[..., None]) / np.maximum(number, 1), np.nan)


def _on_targets(pattern: Array, shares: Array) -> Array:
    flat = (part.reshape(*part.shape[:-2], -1) for part in (pattern, shares.astype(pattern.dtype, copy=False)))
    return np.asarray(np.vecdot(*flat))
