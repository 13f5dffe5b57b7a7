"""Direct logit attribution: how much each component of the residual stream adds to one token's logit.

After "A Mathematical Framework for Transformer Circuits" (Elhage et al., 2021). The logit is a sum over components
``x`` of ``(x - mean(x)) / scale * w @ W_U[:, token]``, with the final LayerNorm's ``scale`` frozen from the run
(without LayerNorm just ``x @ W_U[:, token]``), plus a constant from the biases behind it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from circuit_explainer.core.cache import ActivationCache
from circuit_explainer.core.model import Transformer
from circuit_explainer.core.ops import Array


@dataclass(frozen=True)
class Attribution:
    """``values [b, component]`` in logits, which sum to ``logit [b]``; ``labels`` name the components."""

    labels: tuple[str, ...]
    values: Array
    logit: Array


def logit_attribution(model: Transformer, cache: ActivationCache, token: Any, position: int = -1) -> Attribution:
    """What the embedding, the positions, each head and the biases add to the logit of ``token`` at ``position``.

    Args:
        model: the model that ran.
        cache: its cache, with at least the embeddings, every ``z``, the final scale and ``unembed.hook_out``.
        token: one token, or one for each sequence ``[b]``.
        position: whose prediction is explained; negative counts from the end.

    Returns:
        Components in the order embedding, positions (where they enter the residual stream), heads ``L0H0`` …,
        the heads' output biases, the biases behind the residual stream.

    Raises:
        ValueError: the token is not in the vocabulary.
    """
    cfg = model.cfg
    batch = len(cache["embed"])
    tokens = np.broadcast_to(np.asarray(token), (batch,))
    if tokens.dtype.kind not in "iu" or tokens.min() < 0 or tokens.max() >= cfg.d_vocab:
        raise ValueError(f"token must be an integer between 0 and {cfg.d_vocab - 1}; got {token!r}.")
    parts = [("embedding", cache["embed"][:, position])]
    if cfg.positional_embedding_type == "standard":
        parts.append(("positions", cache["pos_embed"][:, position]))
    w_o = model.W_O
    for layer in range(cfg.n_layers):
        z = cache["z", layer][:, position]
        results = np.einsum("bhe,hed->bhd", z, w_o[layer])
        parts += [(f"L{layer}H{head}", results[:, head]) for head in range(cfg.n_heads)]
    parts.append(("output biases", np.broadcast_to(model.b_O.sum(axis=0), (batch, cfg.d_model))))
    stream = np.stack([part for _, part in parts], axis=1)
    directions = model.W_U.T[tokens]
    constant = model.b_U[tokens]
    if cfg.normalization_type is not None:
        stream = stream - stream.mean(axis=-1, keepdims=True)
        stream = stream / cache["scale"][:, position, None]
    if cfg.normalization_type == "LN":
        constant = constant + directions @ model.weights["ln_final.b"]
        directions = directions * model.weights["ln_final.w"]
    values = np.einsum("bnd,bd->bn", stream, directions)
    return Attribution(
        labels=(*(label for label, _ in parts), "unembedding bias"),
        values=np.concatenate([values, constant[:, None]], axis=1),
        logit=cache["unembed.hook_out"][np.arange(batch), position, tokens],
    )
