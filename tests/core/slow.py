"""A transformer number by number, from the definitions, in float64: the twin that the fast one is held to."""

import math
from typing import Any

import numpy as np

from circuit_explainer.core import Transformer

Acts = dict[str, Any]


def slow_run(model: Transformer, tokens: Any) -> Acts:
    """Every activation by its full name, one sequence at a time."""
    runs = [one_sequence(model, list(sequence)) for sequence in tokens]
    return {name: np.array([run[name] for run in runs]) for name in runs[0]}


def same(cache: Any, expected: Acts) -> None:
    """Raise if a run has other activations than its twin."""
    assert set(cache) == set(expected)
    for name, array in expected.items():
        assert cache[name].shape == array.shape, name
        # Both in float64: rounding of a few hundred sums, of parts of the largest entry.
        size = max(1, np.abs(array[np.isfinite(array)]).max())
        np.testing.assert_allclose(cache[name], array, rtol=0, atol=1e-10 * size, err_msg=name)


def one_sequence(model: Transformer, tokens: list[int]) -> Acts:
    cfg, w = model.cfg, {name: array.astype(float) for name, array in model.weights.items()}
    acts: Acts = {"hook_tokens": np.array(tokens)} if cfg.use_hook_tokens else {}
    acts["hook_embed"] = np.array([w["embed.W_E"][token] for token in tokens])
    resid = acts["hook_embed"]
    pos = np.zeros_like(resid)
    if cfg.positional_embedding_type != "rotary":
        acts["hook_pos_embed"] = pos = w["pos_embed.W_pos"][: len(tokens)]
    if cfg.positional_embedding_type == "standard":
        resid = resid + pos
    for layer in range(cfg.n_layers):
        block = f"blocks.{layer}"
        acts[f"{block}.hook_resid_pre"] = resid
        attn_out = attention(model, w, acts, block, resid, pos)
        acts[f"{block}.hook_attn_out"] = attn_out
        resid = resid + attn_out
        if not cfg.attn_only:
            acts[f"{block}.hook_resid_mid"] = resid
            if cfg.use_hook_mlp_in:
                acts[f"{block}.hook_mlp_in"] = resid
            normed = norm(model, w, acts, f"{block}.ln2", resid)
            acts[f"{block}.hook_mlp_out"] = mlp(model, w, acts, block, normed)
            resid = resid + acts[f"{block}.hook_mlp_out"]
        acts[f"{block}.hook_resid_post"] = resid
    resid = norm(model, w, acts, "ln_final", resid)
    acts["unembed.hook_in"] = resid
    acts["unembed.hook_out"] = resid @ w["unembed.W_U"] + w["unembed.b_U"]
    return acts


def attention(model: Transformer, w: Acts, acts: Acts, block: str, resid: Any, pos: Any) -> Any:
    cfg, attn = model.cfg, f"{block}.attn"
    length, shared = len(resid), cfg.n_key_value_heads or cfg.n_heads
    under = "" if cfg.n_key_value_heads is None else "_"
    heads = {"Q": cfg.n_heads, "K": shared, "V": shared}
    if cfg.use_attn_in:
        acts[f"{block}.hook_attn_in"] = np.array([[row] * cfg.n_heads for row in resid])
    if cfg.use_split_qkv_input:
        for kind, count in heads.items():
            acts[f"{block}.hook_{kind.lower()}_input"] = np.array([[row] * count for row in resid])
    normed = norm(model, w, acts, f"{block}.ln1", resid)
    if (cfg.use_attn_in or cfg.use_split_qkv_input) and cfg.normalization_type:
        for name in ("hook_scale", "hook_normalized"):
            acts[f"{block}.ln1.{name}"] = np.array([[row] * shared for row in acts[f"{block}.ln1.{name}"]])
    placed = normed + pos if cfg.positional_embedding_type == "shortformer" else normed
    made = {}
    for kind, count in heads.items():
        mark = under if kind in "KV" else ""
        weight, bias = w[f"{attn}.{mark}W_{kind}"], w[f"{attn}.{mark}b_{kind}"]
        given = normed if kind == "V" else placed
        made[kind] = np.array([[row @ weight[head] + bias[head] for head in range(count)] for row in given])
        acts[f"{attn}.hook_{kind.lower()}"] = made[kind]
    if cfg.positional_embedding_type == "rotary":
        for kind in "QK":
            made[kind] = np.array([[turned(model, at, x) for x in row] for at, row in enumerate(made[kind])])
            acts[f"{attn}.hook_rot_{kind.lower()}"] = made[kind]
    scores = np.full((cfg.n_heads, length, length), -math.inf)
    pattern = np.zeros((cfg.n_heads, length, length))
    z = np.zeros((length, cfg.n_heads, cfg.d_head))
    result = np.zeros((length, cfg.n_heads, cfg.d_model))
    for head in range(cfg.n_heads):
        group = head * shared // cfg.n_heads
        for i in range(length):
            for j in range(i + 1):
                scores[head, i, j] = made["Q"][i, head] @ made["K"][j, group] / math.sqrt(cfg.d_head)
            weights = [math.exp(score - max(scores[head, i])) for score in scores[head, i, : i + 1]]
            for j in range(i + 1):
                pattern[head, i, j] = weights[j] / sum(weights)
                z[i, head] += pattern[head, i, j] * made["V"][j, group]
            result[i, head] = z[i, head] @ w[f"{attn}.W_O"][head]
    acts |= {f"{attn}.hook_attn_scores": scores, f"{attn}.hook_pattern": pattern, f"{attn}.hook_z": z}
    if cfg.use_attn_result:
        acts[f"{attn}.hook_result"] = result
    return result.sum(axis=1) + w[f"{attn}.b_O"]


def turned(model: Transformer, position: int, x: Any) -> Any:
    """Each pair as a complex number, times that of its angle."""
    width, out = model.cfg.rotary_dim or 0, x.copy()
    for pair in range(width // 2):
        first, second = (2 * pair, 2 * pair + 1) if model.cfg.rotary_adjacent_pairs else (pair, pair + width // 2)
        angle = position / model.cfg.rotary_base ** (2 * pair / width)
        number = complex(x[first], x[second]) * complex(math.cos(angle), math.sin(angle))
        out[first], out[second] = number.real, number.imag
    return out


def mlp(model: Transformer, w: Acts, acts: Acts, block: str, x: Any) -> Any:
    part = f"{block}.mlp"
    linear = x @ w[f"{part}.W_in"]
    if model.cfg.gated_mlp:
        pre = x @ w[f"{part}.W_gate"]
        acts[f"{part}.hook_pre_linear"] = linear
        post = bent(model.cfg.act_fn, pre) * linear + w[f"{part}.b_in"]
    else:
        pre = linear + w[f"{part}.b_in"]
        post = bent(model.cfg.act_fn, pre)
    acts[f"{part}.hook_pre"], acts[f"{part}.hook_post"] = pre, post
    return post @ w[f"{part}.W_out"] + w[f"{part}.b_out"]


def bent(name: str | None, x: Any) -> Any:
    """The activation function of this name, from its definition."""
    functions = {
        "relu": lambda t: max(t, 0.0),
        "gelu": lambda t: t * (1 + math.erf(t / math.sqrt(2))) / 2,
        "gelu_new": lambda t: t * (1 + math.tanh(math.sqrt(2 / math.pi) * (t + 0.044715 * t**3))) / 2,
        # exp of a number below zero only, lest it overflow.
        "silu": lambda t: t / (1 + math.exp(-t)) if t > 0 else t * math.exp(t) / (1 + math.exp(t)),
    }
    return np.array([functions[name or ""](float(value)) for value in np.ravel(x)]).reshape(np.shape(x))


def norm(model: Transformer, w: Acts, acts: Acts, name: str, x: Any) -> Any:
    kind = model.cfg.normalization_type
    if kind is None:
        return x
    if kind in ("LN", "LNPre"):
        x = np.array([row - sum(row) / len(row) for row in x])
    acts[f"{name}.hook_scale"] = np.array([[math.sqrt(sum(row**2) / len(row) + model.cfg.eps)] for row in x])
    x = x / acts[f"{name}.hook_scale"]
    acts[f"{name}.hook_normalized"] = x
    return x * w.get(f"{name}.w", 1.0) + w.get(f"{name}.b", 0.0)
