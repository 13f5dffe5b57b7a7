"""Gradients through one attention layer, mirror of ``core.run.attention``.

For a row ``p = softmax(s)`` the gradient is ``ds = p * (dp - sum(dp * p))``. Keys and values that several heads share
get the sum of these heads' gradients; a rotary turn is undone by turning back.
"""

from __future__ import annotations

import numpy as np

from circuit_explainer.core.arrays import Array
from circuit_explainer.core.config import Config
from circuit_explainer.core.run import ops
from circuit_explainer.core.run.rotary import rotate
from circuit_explainer.core.shapes import attn_key
from circuit_explainer.training.backward_norm import normalized
from circuit_explainer.training.tape import Tape, outer, over_positions


def attention_back(
    tape: Tape, layer: int, d_out: Array
) -> tuple[Array, Array | None]:  # [b, p, d] -> [b, p, d], [p, d]
    """The gradients of the layer's normalized input and of the positions added to it, from that of its output.

    The second is None unless positions are "shortformer". Fills in the gradients of the layer's weights.
    """
    cfg, block, matrix = tape.cfg, f"blocks.{layer}.", tape.packed.qkv[layer]
    d_qkv = _through_heads(tape, layer, d_out)
    x = normalized(tape, f"{block}ln1", f"{block}hook_resid_pre")
    if cfg.positional_embedding_type != "shortformer":
        _fill(tape, layer, outer(x, d_qkv), d_qkv)
        return ops.product(d_qkv, matrix.T), None
    _, to_v = _ends(cfg)
    d_qk, d_v = d_qkv[..., :to_v], d_qkv[..., to_v:]
    placed = x + tape.weight("pos_embed.W_pos")[: x.shape[1]]
    _fill(tape, layer, np.concatenate([outer(placed, d_qk), outer(x, d_v)], axis=1), d_qkv)
    d_placed = ops.product(d_qk, matrix[:, :to_v].T)
    d_pos = d_placed.sum(axis=0)
    d_placed += ops.product(d_v, matrix[:, to_v:].T)
    return d_placed, d_pos


def _through_heads(tape: Tape, layer: int, d_out: Array) -> Array:  # [b, p, d] -> [b, p, h·e + 2·g·e]
    """The gradients of queries, keys and values, side by side as the columns of the packed matrix."""
    cfg, attn, turns = tape.cfg, f"blocks.{layer}.attn.", tape.packed.turns
    names = ("q", "k", "v") if turns is None else ("rot_q", "rot_k", "v")
    q, k, v = (tape.seen[f"{attn}hook_{name}"].transpose(0, 2, 1, 3) for name in names)
    if cfg.n_key_value_heads is not None:
        k, v = (np.repeat(shared, cfg.n_heads // cfg.n_key_value_heads, axis=1) for shared in (k, v))
    pattern, z = tape.seen[f"{attn}hook_pattern"], tape.seen[f"{attn}hook_z"]
    tape.matrix(f"{attn}W_O", z.reshape(*z.shape[:2], -1), d_out)
    tape.bias(f"{attn}b_O", d_out)
    w_o = tape.weight(f"{attn}W_O").reshape(-1, cfg.d_model)
    d_z = ops.product(d_out, w_o.T).reshape(z.shape).transpose(0, 2, 1, 3)
    d_scores = ops.stacked_product(d_z, v.transpose(0, 1, 3, 2))
    d_scores -= (d_scores * pattern).sum(axis=-1, keepdims=True)
    d_scores *= pattern
    d_scores /= np.asarray(np.sqrt(cfg.d_head), d_scores.dtype)
    d_qkv = np.empty((*d_out.shape[:2], tape.packed.qkv[layer].shape[1]), d_out.dtype)
    d_q, d_k, d_v = (part.reshape(*part.shape[:2], -1, cfg.d_head) for part in np.split(d_qkv, _ends(cfg), axis=-1))
    _product_to(d_q, d_scores, k)
    _product_to(d_k, d_scores.transpose(0, 1, 3, 2), q)
    _product_to(d_v, pattern.transpose(0, 1, 3, 2), d_z)
    if turns is not None:
        for turned in (d_q, d_k):
            turned[...] = rotate(turned, turns[0], -turns[1], cfg.rotary_adjacent_pairs)
    return d_qkv


def _product_to(out: Array, a: Array, b: Array) -> None:  # [b, p, g, e], [b, h, p, p], [b, h, p, e]
    """Write ``a @ b`` into ``out``, summed over the heads that share one of ``out``."""
    batch, pos, groups, width = out.shape
    by_head = out.transpose(0, 2, 1, 3)
    if groups == a.shape[1]:
        if ops.BLAS:
            np.matmul(a, b, out=by_head)
        else:
            by_head[...] = ops.stacked_product(a, b)
        return
    by_head[...] = ops.stacked_product(a, b).reshape(batch, groups, -1, pos, width).sum(axis=2)


def _ends(cfg: Config) -> tuple[int, int]:
    """Where in the packed matrix the columns of K and of V begin."""
    to_k = cfg.n_heads * cfg.d_head
    return to_k, to_k + (cfg.n_key_value_heads or cfg.n_heads) * cfg.d_head


def _fill(tape: Tape, layer: int, d_matrix: Array, d_qkv: Array) -> None:  # [d, h·e + 2·g·e], [b, p, h·e + 2·g·e]
    """Hand out the gradients of Q's, K's and V's weights from that of the packed matrix."""
    width, ends = tape.cfg.d_head, _ends(tape.cfg)
    for kind, columns in zip("QKV", np.split(d_matrix, ends, axis=1), strict=True):
        name = attn_key(tape.cfg, layer, f"W_{kind}")
        if name in tape.grads:
            tape.grads[name][...] = columns.reshape(len(columns), -1, width).transpose(1, 0, 2)
    names = [attn_key(tape.cfg, layer, f"b_{kind}") for kind in "QKV"]
    if any(name in tape.grads for name in names):
        for name, entries in zip(names, np.split(over_positions(d_qkv), ends), strict=True):
            if name in tape.grads:
                tape.grads[name][...] = entries.reshape(-1, width)
