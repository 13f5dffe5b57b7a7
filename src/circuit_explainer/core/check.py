"""What a model accepts: weights, tokens, names of activations, replacements; each failure is one sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np

from circuit_explainer.core.config import Config
from circuit_explainer.core.hooks import weight_shapes
from circuit_explainer.core.ops import Array

_FLOATS = ("float16", "float32", "float64")


def weights(cfg: Config, given: Mapping[str, Array]) -> Mapping[str, Array]:
    """Read-only weights in the order of the table, all float32, or all float64 if one is.

    Raises:
        ValueError: a weight is missing, unknown, of another shape or dtype, or not finite.
    """
    shapes = weight_shapes(cfg)
    if set(given) != set(shapes):
        missing, unknown = sorted(set(shapes) - set(given)), sorted(set(given) - set(shapes))
        raise ValueError(f"The weights do not fit the config: missing {missing}, unknown {unknown}.")
    for name, shape in shapes.items():
        array = given[name]
        if array.shape != shape:
            raise ValueError(f"{name}: expected shape {shape} by the config; got {array.shape}.")
        if array.dtype.name not in _FLOATS:
            raise ValueError(f"{name}: expected one of {', '.join(_FLOATS)}; got {array.dtype}.")
        if not np.isfinite(array).all():
            raise ValueError(f"{name}: expected finite numbers; got nan or infinity.")
    dtype = np.result_type(np.float32, *(given[name] for name in shapes))
    return MappingProxyType({name: _read_only(np.asarray(given[name], dtype)) for name in shapes})


def tokens(cfg: Config, given: Any) -> Array:
    """Tokens as integers ``[b, p]``.

    Raises:
        ValueError: they are not integers, not of one or two axes, empty, too long, or outside the vocabulary.
    """
    ids = np.asarray(given)
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


def names(known: Iterable[str], wanted: str | Iterable[str] | Callable[[str], bool] | None) -> set[str]:
    """Those of the known activation names that are meant by a name, several, or a function; None means all.

    Raises:
        ValueError: a name is unknown.
    """
    have = list(known)
    if wanted is None:
        return set(have)
    if callable(wanted):
        return {name for name in have if wanted(name)}
    chosen = {wanted} if isinstance(wanted, str) else set(wanted)
    for name in sorted(chosen - set(have)):
        raise ValueError(f"This model has no activation {name!r}{_hint(name, have)}.")
    return chosen


def replacement(name: str, given: Array, returned: Array | None) -> Array:
    """What a hook left: what it returned, or the array it was given.

    Raises:
        ValueError: it returned something of another shape.
    """
    if returned is None:
        return given
    array = np.asarray(returned)
    if array.shape != given.shape:
        raise ValueError(f"Hook at {name!r}: expected an array of shape {given.shape}; got {array.shape}.")
    return array.astype(given.dtype, copy=False)


def _hint(name: str, have: list[str]) -> str:
    if name.endswith("hook_result"):
        return "; it is there in model.replace(use_attn_result=True)"
    import difflib  # not loaded before there is something to suggest

    near = difflib.get_close_matches(name, have, 1)
    return f"; did you mean {near[0]!r}?" if near else ""


def _read_only(array: Array) -> Array:
    view = array.view()
    view.flags.writeable = False
    return view
