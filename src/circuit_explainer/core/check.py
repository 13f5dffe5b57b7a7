"""What a model accepts: weights, tokens, names of activations, replacements; each failure is one sentence."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np

from circuit_explainer.core.arrays import Array
from circuit_explainer.core.config import Config
from circuit_explainer.core.shapes import weight_shapes

_FLOATS = ("float16", "float32", "float64")


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
        if not np.isfinite(array).all():
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
    if at is not None and not -cfg.n_layers <= at <= cfg.n_layers:
        raise ValueError(
            f"stop_at_layer must lie between -n_layers and n_layers = {cfg.n_layers}; got stop_at_layer={at}."
        )
    return at


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
        raise ValueError(f"This run has no activation {name!r}{_hint(name, have)}.")
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


# Activations that a model shows only when asked to, and the switch that asks.
_SWITCHES = {
    "hook_result": "use_attn_result",
    "hook_q_input": "use_split_qkv_input",
    "hook_k_input": "use_split_qkv_input",
    "hook_v_input": "use_split_qkv_input",
    "hook_attn_in": "use_attn_in",
    "hook_mlp_in": "use_hook_mlp_in",
}


def _hint(name: str, have: list[str]) -> str:
    switch = _SWITCHES.get(name.rpartition(".")[2])
    if switch is not None:
        return f"; it is there in model.replace({switch}=True)"
    import difflib  # not loaded before there is something to suggest

    near = difflib.get_close_matches(name, have, 1)
    return f"; did you mean {near[0]!r}?" if near else ""


def _left_out(shapes: Mapping[str, tuple[int, ...]], given: Mapping[str, Array]) -> dict[str, Array]:
    """Zeros for the biases of which no layer has any; float16 decides nothing about the dtype of the others."""

    def kind(name: str) -> str:
        return re.sub(r"\d+", "", name)

    present = {kind(name) for name in given}
    biases = (name for name in shapes if re.search(r"\.(b|_?b_\w+)$", name))
    return {name: np.zeros(shapes[name], np.float16) for name in biases if kind(name) not in present}


def _read_only(array: Array) -> Array:
    view = array.view()
    view.flags.writeable = False
    return view
