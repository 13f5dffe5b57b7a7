"""One attention layer of a run, from the residual stream to what it adds there (Vaswani et al., 2017).

Keys and values shared by groups of heads: Ainslie et al. (2023).
"""

from __future__ import annotations

import numpy as np

from circuit_explainer.core.arrays import Array
from circuit_explainer.core.config import Config
from circuit_explainer.core.run import ops
from circuit_explainer.core.run.norm import normalize
from circuit_explainer.core.run.packed import Packed
from circuit_explainer.core.run.rotary import rotate
from circuit_explainer.core.run.watch import Watch
from circuit_explainer.core.shapes import attn_key


def attention(
    cfg: Config, packed: Packed, layer: int, resid: Array, pos: Array | None, see: Watch
) -> Array:  # [b, p, d] -> [b, p, d]
    """What the layer adds to the residual stream ``resid``; ``pos`` are the positional embeddings, if there are any."""
    attn = f"blocks.{layer}.attn."
    by_head = cfg.use_attn_in or cfg.use_split_qkv_input
    q, k, v = (_project_by_head if by_head else _project)(cfg, packed, layer, resid, pos, see)
    q, k, v = see(f"{attn}hook_q", q), see(f"{attn}hook_k", k), see(f"{attn}hook_v", v)
    if packed.turns is not None:
        q = see(f"{attn}hook_rot_q", rotate(q, *packed.turns, cfg.rotary_adjacent_pairs))
        k = see(f"{attn}hook_rot_k", rotate(k, *packed.turns, cfg.rotary_adjacent_pairs))
    if cfg.n_key_value_heads is not None:
        k, v = (np.repeat(shared, cfg.n_heads // cfg.n_key_value_heads, axis=2) for shared in (k, v))
    z = see(f"{attn}hook_z", _mix(attn, q, k, v, see))
    w_o, b_o = packed.weights[f"{attn}W_O"], packed.weights[f"{attn}b_O"]
    if cfg.use_attn_result:
        result = see(f"{attn}hook_result", head_results(z, w_o))
        return np.asarray(result.sum(axis=2) + b_o)
    return ops.linear(z.reshape(*z.shape[:2], -1), w_o.reshape(-1, cfg.d_model), b_o)


def head_results(z: Array, w_o: Array) -> Array:  # [b, q, h, e], [h, e, d] -> [b, q, h, d]
    """What each head adds to the residual stream."""
    return ops.product_by_head(z, w_o)


def _mix(attn: str, q: Array, k: Array, v: Array, see: Watch) -> Array:
    """Each query's mean of the values; scores and pattern are made whole only if somebody looks at them."""
    scores_seen = see.sees(f"{attn}hook_attn_scores")
    if not scores_seen and not see.sees(f"{attn}hook_pattern"):
        return ops.attention(q, k, v)
    scores = see(f"{attn}hook_attn_scores", ops.attention_scores(q, k))
    pattern = see(f"{attn}hook_pattern", ops.softmax(scores, out=None if scores_seen else scores))
    return ops.attend(pattern, v)


def _project(
    cfg: Config, packed: Packed, layer: int, resid: Array, pos: Array | None, see: Watch
) -> tuple[Array, Array, Array]:  # [b, p, d] -> [b, p, h, e], [b, p, g, e], [b, p, g, e]
    matrix, bias = packed.qkv[layer], packed.qkv_bias[layer]
    x = normalize(cfg, packed.weights, f"blocks.{layer}.ln1", resid, see)
    to_v = cfg.n_heads + (cfg.n_key_value_heads or cfg.n_heads)
    if cfg.positional_embedding_type == "shortformer":  # positions reach queries and keys only
        cut = to_v * cfg.d_head
        flat = np.concatenate([ops.product(x + pos, matrix[:, :cut]), ops.product(x, matrix[:, cut:])], axis=-1)
        flat += bias
    else:
        flat = ops.linear(x, matrix, bias)
    heads = flat.reshape(*x.shape[:2], -1, cfg.d_head)
    return heads[:, :, : cfg.n_heads], heads[:, :, cfg.n_heads : to_v], heads[:, :, to_v:]


def _project_by_head(
    cfg: Config, packed: Packed, layer: int, resid: Array, pos: Array | None, see: Watch
) -> tuple[Array, Array, Array]:  # [b, p, d] -> [b, p, h, e], [b, p, g, e], [b, p, g, e]
    """The same with an input of its own for each head, that hooks can change one by one."""
    block = f"blocks.{layer}."

    def for_each_head(name: str, heads: int) -> Array:
        return see(f"{block}{name}", resid[:, :, None].repeat(heads, axis=2))

    inputs: list[Array] = []
    if cfg.use_attn_in:
        inputs = [for_each_head("hook_attn_in", cfg.n_heads)] * 3
    if cfg.use_split_qkv_input:
        shared = cfg.n_key_value_heads or cfg.n_heads
        heads = {"q": cfg.n_heads, "k": shared, "v": shared}
        inputs = [for_each_head(f"hook_{kind}_input", n) for kind, n in heads.items()]
    inputs = [normalize(cfg, packed.weights, f"{block}ln1", x, see) for x in inputs]
    if cfg.positional_embedding_type == "shortformer" and pos is not None:
        inputs[:2] = [x + pos[:, :, None] for x in inputs[:2]]
    q, k, v = (
        ops.product_by_head(x, packed.weights[attn_key(cfg, layer, f"W_{kind}")])
        + packed.weights[attn_key(cfg, layer, f"b_{kind}")]
        for kind, x in zip("QKV", inputs, strict=True)
    )
    return q, k, v
