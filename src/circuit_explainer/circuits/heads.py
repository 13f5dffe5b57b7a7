"""Naming heads: pairs ``(layer, head)``, written ``L0H1`` as in TransformerLens."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from circuit_explainer.core.arrays import Array
from circuit_explainer.core.cache.activation_cache import ActivationCache
from circuit_explainer.core.config import Config
from circuit_explainer.core.model import Transformer
from circuit_explainer.core.shapes import attn_key

Head = tuple[int, int]


def head_name(layer: int, head: int) -> str:
    """``L0H1`` for head 1 of layer 0."""
    return f"L{layer}H{head}"


def all_heads(cfg: Config) -> list[Head]:
    """Every ``(layer, head)`` of the model, layer by layer."""
    return [(layer, head) for layer in range(cfg.n_layers) for head in range(cfg.n_heads)]


def check_heads(cfg: Config, heads: Iterable[Head]) -> list[Head]:
    """The heads as a list of pairs.

    Raises:
        ValueError: a head is not in the model.
    """
    listed = list(heads)
    for given in listed:
        fits = isinstance(given, tuple) and len(given) == 2 and all(isinstance(n, (int, np.integer)) for n in given)
        if not (fits and 0 <= given[0] < cfg.n_layers and 0 <= given[1] < cfg.n_heads):
            raise ValueError(
                f"Heads are (layer, head) with layer < {cfg.n_layers} and head < {cfg.n_heads}; got {given!r}."
            )
    return listed


def check_earlier(cfg: Config, earlier: Head, later: Head) -> None:
    """Raise ValueError unless both heads are in the model, the first in an earlier layer than the second."""
    check_heads(cfg, [earlier, later])
    if earlier[0] >= later[0]:
        raise ValueError(
            "What a head writes is read in later layers only, so the first head must be in an earlier layer; "
            f"got {head_name(*earlier)} and {head_name(*later)}."
        )


def key_value_head(cfg: Config, head: int) -> int:
    """The head of keys and values that head ``head`` of queries uses: its own, or its group's."""
    return head if cfg.n_key_value_heads is None else head // (cfg.n_heads // cfg.n_key_value_heads)


def head_weight(model: Transformer, kind: str, layer: int, head: int) -> Array:
    """One head's matrix: ``[d, e]`` for kind "Q", "K" or "V", ``[e, d]`` for "O"; no other head's is copied."""
    index = key_value_head(model.cfg, head) if kind in "KV" else head
    return np.asarray(model.weights[attn_key(model.cfg, layer, f"W_{kind}")][index])


def head_weights(model: Transformer, kind: str, layer: int) -> Array:
    """The matrices of all heads of a layer, shared ones once for each head: ``[h, d, e]``, or ``[h, e, d]`` for "O"."""
    weights = model.weights[attn_key(model.cfg, layer, f"W_{kind}")]
    return weights if len(weights) == model.cfg.n_heads else weights.repeat(model.cfg.n_heads // len(weights), axis=0)


def values_by_head(cfg: Config, cache: ActivationCache, layer: int) -> Array:
    """What each head has at each key to move, ``hook_v`` with shared values once for each head: ``[b, k, h, e]``."""
    v = cache["v", layer]
    return v if v.shape[2] == cfg.n_heads else v.repeat(cfg.n_heads // v.shape[2], axis=2)


def check_batch(cache: ActivationCache) -> None:
    """Raise ValueError if the batch axis of the cache was taken away."""
    if not cache.has_batch_dim:
        raise ValueError("This needs a cache with its batch axis; run without remove_batch_dim.")
