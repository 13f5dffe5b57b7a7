"""The logit lens: what the model would predict if it stopped after each layer (nostalgebraist, 2020)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from circuit_explainer.circuits.heads import check_batch
from circuit_explainer.core.arrays import Array
from circuit_explainer.core.cache.activation_cache import ActivationCache
from circuit_explainer.core.given import known_ids
from circuit_explainer.core.model import Transformer
from circuit_explainer.core.run import ops


@dataclass(frozen=True)
class LogitLens:
    """``logits [n, b, p, v]`` at ``n`` stages, the last those of the model; ``labels`` name what was added last."""

    labels: tuple[str, ...]
    logits: Array

    def rank(self, tokens: Any) -> Array:
        """How many tokens are likelier than ``tokens [b, p]`` (or of a shape that broadcasts to it): ``[n, b, p]``.

        Raises:
            ValueError: a token is not in the vocabulary, or the shape is another.
        """
        ids, places = known_ids("tokens", tokens, self.logits.shape[3]), self.logits.shape[1:3]
        if ids.ndim > 2 or any(
            has not in (1, needs) for has, needs in zip(ids.shape[::-1], places[::-1], strict=False)
        ):
            raise ValueError(f"tokens must have a shape that fits [batch, pos] = {places}; got {ids.shape}.")
        wanted = np.broadcast_to(ids, places)
        own = np.take_along_axis(self.logits, wanted[None, ..., None], axis=3)
        return np.asarray((self.logits > own).sum(axis=3))


def logit_lens(model: Transformer, cache: ActivationCache, positions: slice = slice(None)) -> LogitLens:
    """The residual stream after each layer, through the final normalization and the unembedding.

    The normalization is done anew at each stage, with the stage's own scale; direct logit attribution instead keeps
    the scale of the whole run.

    Source: nostalgebraist (2020).

    Args:
        model: the model that ran.
        cache: its cache, with every ``resid_pre``, ``resid_mid`` (where there are MLPs) and the last ``resid_post``.
        positions: of which positions; with a large vocabulary all of them take much memory.

    Returns:
        ``logits [n, b, p, v]``, ``p`` being those of ``positions``. Stages in the order ``embedding`` (with positions),
        ``L0 attention``, ``L0 MLP``, ``L1 attention`` …

    Raises:
        ValueError: the cache has no batch axis.
    """
    cfg = model.cfg
    check_batch(cache)
    stream = cache.accumulated_resid(incl_mid=not cfg.attn_only, apply_ln=True, pos_slice=positions)
    parts = ("attention",) if cfg.attn_only else ("attention", "MLP")
    labels = ("embedding", *(f"L{layer} {part}" for layer in range(cfg.n_layers) for part in parts))
    logits = np.stack([ops.linear(stage, model.W_U, model.b_U) for stage in stream])
    return LogitLens(labels, logits)
