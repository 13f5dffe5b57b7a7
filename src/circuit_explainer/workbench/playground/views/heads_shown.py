"""Which heads a view of many shows, and in which order: by layer, or by a score of the run without interventions."""

from __future__ import annotations

import numpy as np

from circuit_explainer.circuits import scores
from circuit_explainer.circuits.heads import Head, all_heads, head_name
from circuit_explainer.core import Config
from circuit_explainer.core.arrays import Array

LAYERS = "layer"
# In the words of the menu; each is the name of a score, and of a function of `circuits.scores`.
BY_SCORE = {
    "induction": "induction",
    "previous token": "previous_token",
    "duplicate token": "duplicate_token",
    "current token": "current_token",
    "first token": "first_token",
}
ORDERS = (LAYERS, *BY_SCORE)
# Grids of more charts are too small to read.
MOST = 16
# The score of every head in TransformerLens, from `patterns` [head, query, key]; `same` marks earlier copies.
SAME = "same = (tokens[0][:, None] == tokens[0]).tril(-1)  # [query, key]: the key is an earlier copy"
CODE = {
    "induction": [
        SAME,
        "targets = same.roll(1, dims=1)  # the key stands right after an earlier copy",
        "scores = (patterns * targets).sum(-1)[:, targets.any(-1)].mean(-1)",
    ],
    "previous token": ["scores = patterns.diagonal(-1, 1, 2).mean(-1)"],
    "duplicate token": [SAME, "scores = (patterns * same).sum(-1)[:, same.any(-1)].mean(-1)"],
    "current token": ["scores = patterns.diagonal(0, 1, 2)[:, 1:].mean(-1)"],
    "first token": ["scores = patterns[:, 1:, 0].mean(-1)"],
}


def parts(cfg: Config, order: str) -> dict[str, slice]:
    """The parts of all heads that can be shown at once, by their names in the menu, as slices of the order."""
    count, each = cfg.n_layers * cfg.n_heads, cfg.n_heads
    if order == LAYERS and each > MOST:  # no part goes on into the next layer
        firsts = [layer * each + head for layer in range(cfg.n_layers) for head in range(0, each, MOST)]
        bounds = [(first, min(first + MOST, (first // each + 1) * each)) for first in firsts]
    else:
        size = MOST // each * each if order == LAYERS else MOST
        bounds = [(first, min(first + size, count)) for first in range(0, count, size)]
    return {_part(cfg, order, first, end): slice(first, end) for first, end in bounds}


def ranked(cfg: Config, patterns: Array, tokens: Array, order: str) -> tuple[list[Head], Array | None]:
    """All heads in an order, and the score of each in that order; None by layer, NaN where there is nothing to score.

    `patterns` is [head, query, key], layer by layer, `tokens` [1, p]. Scores are compared as they are printed, with
    two decimals; equal heads stand by layer.
    """
    heads = all_heads(cfg)
    if order == LAYERS:
        return heads, None
    found = score(patterns, tokens, order)
    best = np.argsort(-np.nan_to_num(np.round(found, 2), nan=-1), kind="stable")
    return [heads[at] for at in best], found[best]


def score(patterns: Array, tokens: Array, order: str) -> Array:
    """The score of patterns [head, query, key] on one text: [head], NaN where there is nothing to score."""
    of = getattr(scores, BY_SCORE[order])
    values = of(patterns, tokens[0]) if order in ("induction", "duplicate token") else of(patterns)
    return np.asarray(values, np.float32)


def _part(cfg: Config, order: str, first: int, end: int) -> str:
    if order != LAYERS:
        return f"{first + 1} to {end}" if first else f"best {end}"
    if cfg.n_heads > MOST:
        return f"{head_name(*divmod(first, cfg.n_heads))} to {head_name(*divmod(end - 1, cfg.n_heads))}"
    low, high = first // cfg.n_heads, (end - 1) // cfg.n_heads
    return f"layer {low}" if low == high else f"layers {low} to {high}"
