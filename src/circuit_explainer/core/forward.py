"""One forward pass of an attention-only transformer, as a function of config, weights and tokens."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from circuit_explainer.core import ops
from circuit_explainer.core.config import Config
from circuit_explainer.core.ops import Array

# Is shown each activation under its name and gives back the one to go on with.
Visit = Callable[[str, Array], Array]


@dataclass(frozen=True)
class Packed:
    """A model's weights by key, and per layer Q, K and V as one matrix, so that one product makes all three."""

    weights: Mapping[str, Array]
    qkv: tuple[Array, ...]  # n_layers of [d, 3·h·e], 3 for Q, K, V
    qkv_bias: tuple[Array, ...]  # n_layers of [3·h·e]


def pack(cfg: Config, weights: Mapping[str, Array]) -> Packed:
    """The weights in the layout of the forward pass (Q, K and V are copied, the others are not)."""
    flat, bias = [], []
    for layer in range(cfg.n_layers):
        attn = f"blocks.{layer}.attn."
        flat.append(np.concatenate([_columns(weights[f"{attn}W_{kind}"]) for kind in "QKV"], axis=1))
        bias.append(np.concatenate([weights[f"{attn}b_{kind}"].reshape(-1) for kind in "QKV"]))
    return Packed(weights, tuple(flat), tuple(bias))


def forward(cfg: Config, packed: Packed, tokens: Array, visit: Visit) -> Array:  # [b, p] -> [b, p, v]
    """Logits for each position; ``visit`` meets every activation of ``hooks.ACTIVATIONS``, in that order."""
    w = packed.weights
    embed = visit("hook_embed", w["embed.W_E"][tokens])
    pos = visit("hook_pos_embed", w["pos_embed.W_pos"][: tokens.shape[1]][None].repeat(len(tokens), axis=0))
    resid = embed + pos if cfg.positional_embedding_type == "standard" else embed
    for layer in range(cfg.n_layers):
        resid = _block(cfg, packed, layer, resid, pos, visit)
    resid = _normalize(cfg, w, "ln_final", resid, visit)
    resid = visit("unembed.hook_in", resid)
    return visit("unembed.hook_out", ops.product(resid, w["unembed.W_U"]) + w["unembed.b_U"])


def _block(cfg: Config, packed: Packed, layer: int, resid: Array, pos: Array, visit: Visit) -> Array:
    block = f"blocks.{layer}."
    resid = visit(f"{block}hook_resid_pre", resid)
    normed = _normalize(cfg, packed.weights, f"{block}ln1", resid, visit)
    attn_out = visit(f"{block}hook_attn_out", _attention(cfg, packed, layer, normed, pos, visit))
    return visit(f"{block}hook_resid_post", resid + attn_out)


def _attention(cfg: Config, packed: Packed, layer: int, x: Array, pos: Array, visit: Visit) -> Array:
    attn = f"blocks.{layer}.attn."
    w = packed.weights
    q, k, v = _project(cfg, packed, layer, x, pos)
    q, k, v = visit(f"{attn}hook_q", q), visit(f"{attn}hook_k", k), visit(f"{attn}hook_v", v)
    scores = visit(f"{attn}hook_attn_scores", ops.attention_scores(q, k))
    pattern = visit(f"{attn}hook_pattern", ops.softmax(scores))
    z = visit(f"{attn}hook_z", ops.attend(pattern, v))
    w_o = w[f"{attn}W_O"]
    if cfg.use_attn_result:
        result = visit(f"{attn}hook_result", head_results(z, w_o))
        return np.asarray(result.sum(axis=2) + w[f"{attn}b_O"])
    flat = ops.product(z.reshape(*z.shape[:2], -1), w_o.reshape(-1, cfg.d_model))
    return np.asarray(flat + w[f"{attn}b_O"])


def head_results(z: Array, w_o: Array) -> Array:  # [b, q, h, e], [h, e, d] -> [b, q, h, d]
    """What each head adds to the residual stream."""
    return ops.stacked_product(z.transpose(0, 2, 1, 3), w_o).transpose(0, 2, 1, 3)


def _project(
    cfg: Config, packed: Packed, layer: int, x: Array, pos: Array
) -> tuple[Array, Array, Array]:  # [b, p, d] -> three of [b, p, h, e]
    matrix, bias = packed.qkv[layer], packed.qkv_bias[layer]
    if cfg.positional_embedding_type == "standard":
        flat = ops.product(x, matrix) + bias
    else:  # shortformer: positions reach queries and keys only
        cut = 2 * cfg.n_heads * cfg.d_head
        qk, v = ops.product(x + pos, matrix[:, :cut]), ops.product(x, matrix[:, cut:])
        flat = np.concatenate([qk, v], axis=-1) + bias
    kinds = flat.reshape(*x.shape[:2], 3, cfg.n_heads, cfg.d_head)
    return kinds[:, :, 0], kinds[:, :, 1], kinds[:, :, 2]


def _normalize(cfg: Config, w: Mapping[str, Array], name: str, x: Array, visit: Visit) -> Array:
    if cfg.normalization_type is None:
        return x
    centred, scale = ops.layer_norm(x, cfg.eps)
    scale = visit(f"{name}.hook_scale", scale)
    x = visit(f"{name}.hook_normalized", centred / scale)
    return x * w[f"{name}.w"] + w[f"{name}.b"] if cfg.normalization_type == "LN" else x


def _columns(matrix: Array) -> Array:  # [h, d, e] -> [d, h·e]
    return matrix.transpose(1, 0, 2).reshape(matrix.shape[1], -1)
