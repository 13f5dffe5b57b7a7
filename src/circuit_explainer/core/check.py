"""What a model accepts: weights, tokens, a layer to stop at; each failure is one sentence."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import numpy as np

from circuit_explainer.core.arrays import Array
from circuit_explainer.core.config import Config
from circuit_explainer.core.given import array as as_array
from circuit_explainer.core.given import whole
from circuit_explainer.core.shapes import weight_shapes

_FLOATS = ("float16", "float32", "float64")
# Numbers that are looked at together.
_SOME = 1 << 18


def weights(cfg: Config, given: Mapping[str, Array]) -> Mapping[str, Array]:
    """Read-only weights in the order of the table, all float32, or all float64 if one is.

    A model without biases of some kind is one whose biases of that kind are zero: they may be left out, in every
    layer alike.

    Raises:
        ValueError: a weight is missing, unknown, of another shape or dtype, or not finite.
    """
    shapes = weight_shapes(cfg)
    given = {**_left_out(shapes, given), **given}
    if set(given) != set(shapes):
        missing, unknown = sorted(set(shapes) - set(given)), sorted(set(given) - set(shapes))
        raise ValueError(f"The weights do not fit the config: missing {missing}, unknown {unknown}.")
    for name, shape in shapes.items():
        array = given[name]
        if array.shape != shape:
            raise ValueError(f"{name}: expected shape {shape} by the config; got {array.shape}.")
        if array.dtype.name not in _FLOATS:
            raise ValueError(f"{name}: expected one of {', '.join(_FLOATS)}; got {array.dtype}.")
        if not _finite(array):
            raise ValueError(f"{name}: expected finite numbers; got nan or infinity.")
    dtype = np.result_type(np.float32, *(given[name] for name in shapes))
    return MappingProxyType({name: _read_only(np.asarray(given[name], dtype)) for name in shapes})


def bos(cfg: Config, given: Any) -> int:
    """The token in front of texts.

    Raises:
        ValueError: it is no token of the vocabulary.
    """
    if type(given) is not int or not 0 <= given < cfg.d_vocab:
        raise ValueError(f"bos must be a token between 0 and d_vocab - 1 = {cfg.d_vocab - 1}; got bos={given!r:.50}.")
    return given


def stop(cfg: Config, at: int | None) -> int | None:
    """The layer to stop before, as it was given.

    Raises:
        ValueError: the model has no such layer.
    """
    return None if at is None else whole("stop_at_layer", at, -cfg.n_layers, cfg.n_layers)


def tokens(cfg: Config, given: Any) -> Array:
    """Tokens as integers ``[b, p]``.

    Raises:
        ValueError: they are not integers, not of one or two axes, of different lengths, empty, too long, or outside
            the vocabulary.
    """
    ids = as_array("Tokens", given)
    if ids.dtype.kind not in "iu":
        raise ValueError(f"Tokens must be integers; got {ids.dtype}.")
    if ids.ndim not in (1, 2) or ids.size == 0:
        raise ValueError(f"Tokens must have shape [pos] or [batch, pos] and not be empty; got {ids.shape}.")
    if ids.shape[-1] > cfg.n_ctx:
        raise ValueError(f"The model reads at most n_ctx={cfg.n_ctx} tokens; got {ids.shape[-1]}: shorten them.")
    low, high = int(ids.min()), int(ids.max())
    if low < 0 or high >= cfg.d_vocab:
        wrong = low if low < 0 else high
        raise ValueError(f"Tokens must lie between 0 and d_vocab - 1 = {cfg.d_vocab - 1}; got {wrong}.")
    return ids.reshape(-1, ids.shape[-1])


def _left_out(shapes: Mapping[str, tuple[int, ...]], given: Mapping[str, Array]) -> dict[str, Array]:
    """Zeros for the biases of which no layer has any; float16 decides nothing about the dtype of the others."""

    def kind(name: str) -> str:
        return re.sub(r"\d+", "", name)

    present = {kind(name) for name in given}
    biases = (name for name in shapes if re.search(r"\.(b|_?b_\w+)$", name))
    return {name: np.zeros(shapes[name], np.float16) for name in biases if kind(name) not in present}


def _finite(array: Array) -> bool:
    """Whether all numbers are; some at a time, so that no mask as long as the weights is made."""
    step = max(1, _SOME * len(array) // max(1, array.size))
    return all(np.isfinite(array[at : at + step]).all() for at in range(0, len(array), step))


def _read_only(array: Array) -> Array:
    view = array.view()
    view.flags.writeable = False
    return view
