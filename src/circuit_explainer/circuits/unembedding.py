"""From the residual stream to logits: directions of ``W_U`` together with what the final normalization always does."""

from __future__ import annotations

import numpy as np

from circuit_explainer.core.arrays import Array
from circuit_explainer.core.model import Transformer


def readout(model: Transformer, columns: Array) -> Array:  # [d, ...] -> [d, ...]
    """Columns of ``W_U``, or sums of them, with the final LayerNorm's weights and its centring in them.

    A residual stream ``x`` then has the logit ``x @ readout / scale``, but for the biases. Centring is linear, so it
    can be done to the columns instead of to ``x``; RMSNorm does not centre.
    """
    if model.cfg.normalization_type in ("LN", "RMS"):
        columns = columns * _beside(model.weights["ln_final.w"], columns)
    if model.cfg.normalization_type in ("LN", "LNPre"):
        columns = columns - columns.mean(axis=0)
    return columns


def bias_behind(model: Transformer, columns: Array) -> Array:  # [d, ...] -> [...]
    """What the final LayerNorm's bias adds to the logits whose columns of ``W_U`` these are."""
    if model.cfg.normalization_type != "LN":
        return np.zeros(columns.shape[1:], columns.dtype)
    return np.asarray((columns * _beside(model.weights["ln_final.b"], columns)).sum(axis=0))


def _beside(vector: Array, columns: Array) -> Array:
    return vector.reshape(-1, *(1,) * (columns.ndim - 1))
