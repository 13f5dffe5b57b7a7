"""Exact gradients of the next-token loss, for attention-only models without normalization, standard positions.

Reverse mode by hand over ``core.forward``, whose activations it reads by name. For a row ``p = softmax(s)`` the
gradient is ``ds = p * (dp - sum(dp * p))``.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from circuit_explainer.core import ops
from circuit_explainer.core.config import Config
from circuit_explainer.core.forward import Packed, forward, pack
from circuit_explainer.core.ops import Array


def loss_and_gradients(
    cfg: Config, weights: Mapping[str, Array], tokens: Array, counted: Array
) -> tuple[Array, dict[str, Array]]:
    """Each position's loss, and the gradient of the mean over the counted ones.

    Args:
        cfg: no normalization and standard positions.
        weights: by TransformerLens key.
        tokens: ``[b, p]``.
        counted: ``[b, p-1]``, how much the prediction of token ``p+1`` counts; not all zero.

    Returns:
        Losses ``[b, p-1]`` in nats, and gradients by the keys of ``weights``.

    Raises:
        ValueError: the config is of a kind whose gradients are not written yet.
    """
    if cfg.normalization_type is not None or cfg.positional_embedding_type != "standard":
        raise ValueError(
            "Gradients exist for normalization_type=None with positional_embedding_type='standard'; got "
            f"{cfg.normalization_type!r} with {cfg.positional_embedding_type!r}."
        )
    packed = pack(cfg, weights)
    seen: dict[str, Array] = {}

    def keep(name: str, value: Array) -> Array:
        seen[name] = value
        return value

    logits = forward(cfg, packed, tokens, keep)
    losses, d_logits = cross_entropy(logits, tokens, counted)
    grads = {
        "unembed.W_U": _outer(seen["unembed.hook_in"], d_logits),
        "unembed.b_U": d_logits.sum(axis=(0, 1)),
    }
    d_resid = ops.product(d_logits, weights["unembed.W_U"].T)
    for layer in reversed(range(cfg.n_layers)):
        d_resid = d_resid + _attention(cfg, packed, layer, seen, d_resid, grads)
    one_hot = (np.arange(cfg.d_vocab) == tokens[..., None]).astype(d_resid.dtype)
    grads["embed.W_E"] = _outer(one_hot, d_resid)
    grads["pos_embed.W_pos"] = np.zeros_like(weights["pos_embed.W_pos"])
    grads["pos_embed.W_pos"][: tokens.shape[1]] = d_resid.sum(axis=0)
    return losses, {name: grads[name] for name in weights}


def cross_entropy(logits: Array, tokens: Array, counted: Array) -> tuple[Array, Array]:
    """Losses ``[b, p-1]`` of predicting each next token, and the gradient of their counted mean ``[b, p, v]``."""
    log_probs = ops.log_softmax(logits)
    following = tokens[:, 1:, None]
    losses = -np.take_along_axis(log_probs[:, :-1], following, axis=2)[..., 0]
    share = (counted / counted.sum()).astype(logits.dtype)
    d_logits = np.exp(log_probs)
    hit = np.take_along_axis(d_logits[:, :-1], following, axis=2)
    np.put_along_axis(d_logits[:, :-1], following, hit - 1, axis=2)
    d_logits[:, :-1] *= share[..., None]
    d_logits[:, -1] = 0
    return losses, d_logits


def _attention(
    cfg: Config, packed: Packed, layer: int, seen: Mapping[str, Array], d_out: Array, grads: dict[str, Array]
) -> Array:
    """Gradient of one attention layer's input ``[b, p, d]`` from that of its output; fills in its weights' own."""
    attn = f"blocks.{layer}.attn."
    q, k, v, pattern, z = (seen[f"{attn}hook_{name}"] for name in ("q", "k", "v", "pattern", "z"))
    w_o = packed.weights[f"{attn}W_O"]
    grads[f"{attn}W_O"] = _outer(z.reshape(*z.shape[:2], -1), d_out).reshape(w_o.shape)
    grads[f"{attn}b_O"] = d_out.sum(axis=(0, 1))
    d_z = ops.product(d_out, w_o.reshape(-1, cfg.d_model).T).reshape(z.shape).transpose(0, 2, 1, 3)
    d_pattern = ops.stacked_product(d_z, v.transpose(0, 2, 3, 1))
    d_v = ops.stacked_product(pattern.transpose(0, 1, 3, 2), d_z)
    d_scores = pattern * (d_pattern - (d_pattern * pattern).sum(axis=-1, keepdims=True))
    d_scores /= np.asarray(np.sqrt(cfg.d_head), d_scores.dtype)
    d_q = ops.stacked_product(d_scores, k.transpose(0, 2, 1, 3))
    d_k = ops.stacked_product(d_scores.transpose(0, 1, 3, 2), q.transpose(0, 2, 1, 3))
    # [3, b, h, p, e] -> [b, p, 3·h·e], the columns of the packed matrix.
    d_qkv = np.stack([d_q, d_k, d_v]).transpose(1, 3, 0, 2, 4).reshape(*d_out.shape[:2], -1)
    matrix = _outer(seen[f"blocks.{layer}.hook_resid_pre"], d_qkv)
    by_kind = matrix.reshape(cfg.d_model, 3, cfg.n_heads, cfg.d_head).transpose(1, 2, 0, 3)
    bias = d_qkv.sum(axis=(0, 1)).reshape(3, cfg.n_heads, cfg.d_head)
    for n, kind in enumerate("QKV"):
        grads[f"{attn}W_{kind}"], grads[f"{attn}b_{kind}"] = by_kind[n], bias[n]
    return ops.product(d_qkv, packed.qkv[layer].T)


def _outer(a: Array, b: Array) -> Array:  # [..., i], [..., o] -> [i, o]
    """Sum over all positions of the outer products: the gradient of a matrix from its input and output's."""
    return ops.product(np.ascontiguousarray(a.reshape(-1, a.shape[-1]).T), b.reshape(-1, b.shape[-1]))
