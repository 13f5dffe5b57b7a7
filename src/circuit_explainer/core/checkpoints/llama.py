"""Llama's checkpoints as Hugging Face's ``transformers`` stores them (Touvron et al., 2023), and those built alike.

Its linear layers hold ``[outputs, inputs]``. Mistral and Qwen 2 are the same but for a window of attention and biases.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from circuit_explainer.core.checkpoints.described import Described, activation, neutral
from circuit_explainer.core.checkpoints.table import Row
from circuit_explainer.core.config import Config
from circuit_explainer.core.files.fields import flag, mapping, number, whole

_L, _A = "blocks.{l}.", "layers.{l}.self_attn."
ROWS = (
    Row("embed_tokens.weight", "v d", "embed.W_E"),
    Row("layers.{l}.input_layernorm.weight", "d", f"{_L}ln1.w"),
    Row(f"{_A}q_proj.weight", "he d", f"{_L}attn.W_Q"),
    Row(f"{_A}q_proj.bias", "he", f"{_L}attn.b_Q", optional=True),
    # A model has either keys of its own for each head or shared ones: one row of the two holds.
    *(Row(f"{_A}{kind.lower()}_proj.weight", "he d", f"{_L}attn.W_{kind}") for kind in "KV"),
    *(Row(f"{_A}{kind.lower()}_proj.bias", "he", f"{_L}attn.b_{kind}", optional=True) for kind in "KV"),
    *(Row(f"{_A}{kind.lower()}_proj.weight", "ge d", f"{_L}attn._W_{kind}") for kind in "KV"),
    *(Row(f"{_A}{kind.lower()}_proj.bias", "ge", f"{_L}attn._b_{kind}", optional=True) for kind in "KV"),
    Row(f"{_A}o_proj.weight", "d he", f"{_L}attn.W_O"),
    Row(f"{_A}o_proj.bias", "d", f"{_L}attn.b_O", optional=True),
    Row("layers.{l}.post_attention_layernorm.weight", "d", f"{_L}ln2.w"),
    Row("layers.{l}.mlp.gate_proj.weight", "m d", f"{_L}mlp.W_gate"),
    Row("layers.{l}.mlp.up_proj.weight", "m d", f"{_L}mlp.W_in"),
    Row("layers.{l}.mlp.down_proj.weight", "d m", f"{_L}mlp.W_out"),
    Row("norm.weight", "d", "ln_final.w"),
)
HEAD = "lm_head.weight"
SKIPPED = re.compile(r"layers\.\d+\.self_attn\.rotary_emb\.inv_freq")
# TransformerLens loads models with rotary positions for as many tokens; their tables grow with the number.
LONGEST = 2048


def describe(fields: Mapping[str, Any], where: str) -> Described:
    """The config behind a ``config.json`` of model type ``llama``, ``mistral`` or ``qwen2``.

    ``n_ctx`` is at most 2048, and at most the window where attention sees only so far back: up to there the window
    changes nothing.

    Raises:
        ValueError: a size is missing or no number, or the model does something that is not computed here.
    """
    # TransformerLens's gated MLP has one bias where these have three.
    neutral(fields, where, mlp_bias=False)
    d_model, n_heads = whole(fields, "hidden_size", where), whole(fields, "num_attention_heads", where)
    if n_heads == 0 or (fields.get("head_dim") is None and d_model % n_heads):
        raise ValueError(
            f"{where}: num_attention_heads must divide hidden_size; "
            f"got num_attention_heads={n_heads}, hidden_size={d_model}."
        )
    shared = whole(fields, "num_key_value_heads", where, n_heads)
    cfg = Config(
        n_layers=whole(fields, "num_hidden_layers", where),
        d_model=d_model,
        n_ctx=_context(fields, where),
        d_head=whole(fields, "head_dim", where, d_model // n_heads),
        n_heads=n_heads,
        d_vocab=whole(fields, "vocab_size", where),
        d_mlp=whole(fields, "intermediate_size", where),
        act_fn=activation(fields.get("hidden_act", "silu"), "hidden_act", where),
        gated_mlp=True,
        normalization_type="RMS",
        eps=number(fields, "rms_norm_eps", where, 1e-6),
        positional_embedding_type="rotary",
        rotary_base=_rotary_base(fields, where),
        n_key_value_heads=None if shared == n_heads else shared,
    )
    bos = fields.get("bos_token_id")
    # Some files list several; the first is the one that is put in front.
    bos = bos[0] if isinstance(bos, list) and bos else bos
    tied = flag(fields, "tie_word_embeddings", False, where)
    return Described(cfg, tied, whole({"bos_token_id": bos}, "bos_token_id", where, None))


def _context(fields: Mapping[str, Any], where: str) -> int:
    longest: int = min(LONGEST, whole(fields, "max_position_embeddings", where, LONGEST))
    window: int = whole(fields, "sliding_window", where, LONGEST)
    return min(longest, window) if flag(fields, "use_sliding_window", True, where) else longest


def _rotary_base(fields: Mapping[str, Any], where: str) -> float:
    rope = {**fields, **mapping(fields.get("rope_parameters") or {}, f"{where}: rope_parameters")}
    scaling = mapping(fields.get("rope_scaling") or {}, f"{where}: rope_scaling")
    for kind in (rope.get("rope_type"), scaling.get("rope_type"), scaling.get("type")):
        if kind not in (None, "default"):
            raise ValueError(f"{where}: rotary positions are computed for rope_type 'default' only; got {kind!r:.50}.")
    neutral(rope, where, partial_rotary_factor=1)
    base: float = number(rope, "rope_theta", where, 10000)
    return base
