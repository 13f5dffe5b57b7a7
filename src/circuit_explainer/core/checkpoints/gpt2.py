"""GPT-2's checkpoints as Hugging Face's ``transformers`` stores them (Radford et al., 2019).

Its ``Conv1D`` layers hold ``[inputs, outputs]``, and ``c_attn`` queries, keys and values side by side.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from circuit_explainer.core.checkpoints.described import Described, activation, neutral
from circuit_explainer.core.checkpoints.table import Row
from circuit_explainer.core.config import Config
from circuit_explainer.core.files.fields import flag, number, whole

_L = "blocks.{l}."
ROWS = (
    Row("wte.weight", "v d", "embed.W_E"),
    Row("wpe.weight", "c d", "pos_embed.W_pos"),
    Row("h.{l}.ln_1.weight", "d", f"{_L}ln1.w"),
    Row("h.{l}.ln_1.bias", "d", f"{_L}ln1.b"),
    Row("h.{l}.attn.c_attn.weight", "d he", f"{_L}attn.W_Q {_L}attn.W_K {_L}attn.W_V"),
    Row("h.{l}.attn.c_attn.bias", "he", f"{_L}attn.b_Q {_L}attn.b_K {_L}attn.b_V"),
    Row("h.{l}.attn.c_proj.weight", "he d", f"{_L}attn.W_O"),
    Row("h.{l}.attn.c_proj.bias", "d", f"{_L}attn.b_O"),
    Row("h.{l}.ln_2.weight", "d", f"{_L}ln2.w"),
    Row("h.{l}.ln_2.bias", "d", f"{_L}ln2.b"),
    Row("h.{l}.mlp.c_fc.weight", "d m", f"{_L}mlp.W_in"),
    Row("h.{l}.mlp.c_fc.bias", "m", f"{_L}mlp.b_in"),
    Row("h.{l}.mlp.c_proj.weight", "m d", f"{_L}mlp.W_out"),
    Row("h.{l}.mlp.c_proj.bias", "d", f"{_L}mlp.b_out"),
    Row("ln_f.weight", "d", "ln_final.w"),
    Row("ln_f.bias", "d", "ln_final.b"),
)
HEAD = "lm_head.weight"
# The causal mask, which older files hold.
SKIPPED = re.compile(r"h\.\d+\.attn\.(bias|masked_bias)")


def describe(fields: Mapping[str, Any], where: str) -> Described:
    """The config behind a ``config.json`` of model type ``gpt2``.

    Raises:
        ValueError: a size is missing or no number, or the model does something that is not computed here.
    """
    neutral(fields, where, scale_attn_weights=True, scale_attn_by_inverse_layer_idx=False, add_cross_attention=False)
    d_model, n_heads = whole(fields, "n_embd", where), whole(fields, "n_head", where)
    if n_heads == 0 or d_model % n_heads:
        raise ValueError(f"{where}: n_head must divide n_embd; got n_head={n_heads}, n_embd={d_model}.")
    cfg = Config(
        n_layers=whole(fields, "n_layer", where),
        d_model=d_model,
        n_ctx=whole(fields, "n_positions" if "n_positions" in fields else "n_ctx", where),
        d_head=d_model // n_heads,
        n_heads=n_heads,
        d_vocab=whole(fields, "vocab_size", where),
        d_mlp=whole(fields, "n_inner", where, 4 * d_model),
        act_fn=activation(fields.get("activation_function", "gelu_new"), "activation_function", where),
        normalization_type="LN",
        eps=number(fields, "layer_norm_epsilon", where, 1e-5),
    )
    return Described(cfg, flag(fields, "tie_word_embeddings", True, where), whole(fields, "bos_token_id", where, None))
