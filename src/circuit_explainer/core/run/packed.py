"""A model's weights in the layout of the forward pass, made once for many runs."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from circuit_explainer.core.arrays import Array
from circuit_explainer.core.config import Config
from circuit_explainer.core.run import rotary
from circuit_explainer.core.shapes import attn_key, weight_shapes


@dataclass(frozen=True)
class Packed:
    """A model's weights by key, and per layer Q, K and V as one matrix, so that one product makes all three."""

    weights: Mapping[str, Array]
    qkv: tuple[Array, ...]  # n_layers of [d, h·e + 2·g·e]: columns of Q, of K, of V
    qkv_bias: tuple[Array, ...]  # n_layers of [h·e + 2·g·e]
    turns: tuple[Array, Array] | None  # cosines and sines of a rotary embedding, each [c, rotary_dim / 2]


def pack(cfg: Config, weights: Mapping[str, Array]) -> Packed:
    """The weights in the layout of the forward pass (Q, K and V are copied but for those of ``room``)."""
    flat, bias = [], []
    for layer in range(cfg.n_layers):
        flat.append(_joined([weights[attn_key(cfg, layer, f"W_{kind}")] for kind in "QKV"]))
        bias.append(np.concatenate([weights[attn_key(cfg, layer, f"b_{kind}")].reshape(-1) for kind in "QKV"]))
    turns = rotary.turns(cfg, weights["embed.W_E"].dtype) if cfg.positional_embedding_type == "rotary" else None
    return Packed(weights, tuple(flat), tuple(bias), turns)


def room(cfg: Config, dtype: Any, without: Collection[str] = ()) -> dict[str, Array]:
    """Zeros for every weight but those named, to be written into; Q, K and V of a layer are views of one matrix.

    ``pack`` takes that matrix as it is, so that a model made of these arrays holds each number once.
    """
    arrays: dict[str, Array] = {}
    shapes = weight_shapes(cfg)
    for layer in range(cfg.n_layers):
        keys = [attn_key(cfg, layer, f"W_{kind}") for kind in "QKV"]
        widths = [shapes[key][0] * cfg.d_head for key in keys]
        flat = np.zeros((cfg.d_model, sum(widths)), dtype)
        for key, columns in zip(keys, np.split(flat, np.cumsum(widths)[:-1], axis=1), strict=True):
            arrays[key] = columns.reshape(cfg.d_model, -1, cfg.d_head).transpose(1, 0, 2)
    # In the order of the table.
    return {
        name: arrays[name] if name in arrays else np.zeros(shape, dtype)
        for name, shape in shapes.items()
        if name not in without
    }


def _joined(parts: list[Array]) -> Array:  # three of [h, d, e] -> [d, 3·h·e]
    base = parts[0].base
    if isinstance(base, np.ndarray) and base.ndim == 2 and base.flags.c_contiguous and _are_columns(parts, base):
        return base
    return np.concatenate([part.transpose(1, 0, 2).reshape(part.shape[1], -1) for part in parts], axis=1)


def _are_columns(parts: list[Array], base: Array) -> bool:
    """Whether the parts, side by side, are ``base`` itself."""
    at, size = base.__array_interface__["data"][0], base.itemsize
    for part in parts:
        heads, rows, width = part.shape
        steps = zip(part.shape, part.strides, (width * size, base.strides[0], size), strict=True)
        # The step along an axis of length one means nothing.
        fits = all(length == 1 or step == expected for length, step, expected in steps)
        if not fits or part.base is not base or part.__array_interface__["data"][0] != at or rows != len(base):
            return False
        at += heads * width * size
    return bool(at == base.__array_interface__["data"][0] + base.strides[0])
