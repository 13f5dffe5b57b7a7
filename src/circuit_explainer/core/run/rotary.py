"""Rotary positions (Su et al., 2021): pairs of a head's dimensions turn by angles that grow with the position.

Pair ``j`` of ``rotary_dim / 2`` turns by ``position / rotary_base ** (2 j / rotary_dim)`` radians, so that the score of
a query and a key depends on the distance between them. As TransformerLens does, angles are rounded to the precision of
the weights: in float32 a turn is exact to about ``position * 6e-8`` radians.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from circuit_explainer.core.arrays import Array
from circuit_explainer.core.config import Config


def turns(cfg: Config, dtype: Any) -> tuple[Array, Array]:
    """Cosines and sines of every position's angles, pair by pair: two arrays ``[c, rotary_dim / 2]``."""
    half = (cfg.rotary_dim or cfg.d_head) // 2
    slowness = (float(cfg.rotary_base) ** (np.arange(half) / half)).astype(dtype)
    angles = np.arange(cfg.n_ctx, dtype=dtype)[:, None] / slowness
    return np.cos(angles), np.sin(angles)


def rotate(x: Array, cos: Array, sin: Array, adjacent: bool) -> Array:  # [b, p, h, e] -> [b, p, h, e]
    """The first ``rotary_dim`` dimensions turned by their position's angles; ``-sin`` turns them back."""
    pos, half = x.shape[1], cos.shape[1]
    cos, sin = cos[:pos, None], sin[:pos, None]
    first = slice(0, 2 * half, 2) if adjacent else slice(0, half)
    second = slice(1, 2 * half, 2) if adjacent else slice(half, 2 * half)
    out = x.copy()
    out[..., first] = x[..., first] * cos - x[..., second] * sin
    out[..., second] = x[..., second] * cos + x[..., first] * sin
    return out
