"""The figures stored with the checkpoints of a run, and measured again by the tests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from circuit_explainer.circuits.repeats import per_token_loss, repeated_tokens
from circuit_explainer.circuits.scores import head_scores
from circuit_explainer.core.arrays import Array
from circuit_explainer.core.model import Transformer


def measure_run(run: Mapping[int, Transformer]) -> list[dict[str, Any]]:
    """For each step both scores of every head, ``[layer][head]``, and the losses, on repeated random symbols."""
    return [{"step": step, **_figures(model)} for step, model in run.items()]


def rounding(run: Mapping[int, Transformer], exact: Mapping[int, Mapping[str, Array]]) -> dict[str, float]:
    """By how much the figures of stored checkpoints differ from those of the weights in float32, at most."""
    furthest: dict[str, float] = {}
    for step, model in run.items():
        stored, true = _figures(model), _figures(Transformer(model.cfg, exact[step]))
        for name in stored:
            difference = float(np.abs(np.subtract(stored[name], true[name])).max())
            furthest[name] = max(difference, furthest.get(name, 0.0))
    return {name: round(value, 6) for name, value in furthest.items()}


def _figures(model: Transformer) -> dict[str, Any]:
    cfg = model.cfg
    given = repeated_tokens(cfg.d_vocab, cfg.n_ctx)
    rows = head_scores(model, given)
    losses = per_token_loss(model(given.tokens), given.tokens)
    scores = {
        name: np.array([getattr(row, name) for row in rows]).reshape(cfg.n_layers, cfg.n_heads).tolist()
        for name in ("previous_token", "induction")
    }
    first, repeats = losses[:, : given.block], losses[:, given.block + 1 :]
    return {**scores, "loss_first": float(first.mean()), "loss_repeats": float(repeats.mean())}
