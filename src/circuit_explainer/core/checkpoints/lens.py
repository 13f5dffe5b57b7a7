"""TransformerLens's own checkpoints: state-dict keys, with or without LayerNorm and MLPs, and its configs as JSON.

Its published attention-only models (Neel Nanda, 2022) have configs with a few other names; these are read as
TransformerLens 3.9 reads them (``convert_neel_model_config``).
"""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Mapping
from typing import Any

from circuit_explainer.core.checkpoints.described import Described
from circuit_explainer.core.checkpoints.table import Row
from circuit_explainer.core.config import Config
from circuit_explainer.core.table import WEIGHTS

ROWS = tuple(
    Row(row.name, row.axes, row.name, optional=re.search(r"\.(b|_?b_\w+)$", row.name) is not None) for row in WEIGHTS
)
HEAD = None
# Buffers that TransformerLens puts beside the weights.
SKIPPED = re.compile(r"blocks\.\d+\.attn\.(mask|IGNORE|rotary_sin|rotary_cos)")

# Fields of HookedTransformerConfig that change what is computed, and the values with which it is computed as here.
_ONLY: dict[str, tuple[Any, ...]] = {
    "use_attn_scale": (True,), "attention_dir": ("causal",), "clip_qkv": (None,), "use_logn_attn": (False,),
    "use_dynamic_ntk_rope": (False,), "use_local_attn": (False,), "scale_attn_by_inverse_layer_idx": (False,),
    "final_rms": (False,), "parallel_attn_mlp": (False,), "post_embedding_ln": (False,), "rotary_base_local": (None,),
    "rotary_scaling_factor": (1.0,), "num_experts": (None,), "use_normalization_before_and_after": (False,),
    "attn_scores_soft_cap": (-1.0,), "output_logits_soft_cap": (-1.0,), "use_NTK_by_parts_rope": (False,),
    "use_yarn_rope": (False,), "use_attention_sinks": (False,), "use_qk_norm": (False,), "load_in_4bit": (False,),
    "rmsnorm_uses_offset": (False,), "quantization_method": (None,), "relative_attention_max_distance": (None,),
}  # fmt: skip
# Those that change nothing here.
_WITHOUT_EFFECT = {
    "device", "default_prepend_bos", "uses_rms_norm", "layer_norm_folding", "experts_per_token", "dtype", "model_name",
    "train_seq_length", "ungroup_grouped_query_attention", "original_architecture", "from_checkpoint",
    "checkpoint_index", "checkpoint_label_type", "checkpoint_value", "tokenizer_name", "window_size", "attn_types",
    "init_mode", "n_devices", "seed", "initializer_range", "init_weights", "n_params",
    "tokenizer_prepends_bos", "trust_remote_code", "relative_attention_num_buckets", "decoder_start_token_id",
    "tie_word_embeddings", "NTK_by_parts_low_freq_factor", "NTK_by_parts_high_freq_factor", "NTK_by_parts_factor",
    "NTK_original_ctx_len", "yarn_factor", "yarn_attention_factor", "yarn_beta_fast", "yarn_beta_slow",
    "yarn_original_max_position_embeddings", "yarn_truncate", "yarn_global_attn_only", "norm_topk_prob",
}  # fmt: skip
_OF_PUBLISHED = ("d_model", "n_layers", "d_mlp", "d_head", "n_heads", "n_ctx", "d_vocab", "act_fn", "attn_only")


def describe(fields: Mapping[str, Any], where: str) -> Described:
    """The config behind fields of ours, of ``HookedTransformerConfig.to_dict()`` or of a published model.

    Raises:
        ValueError: a field is unknown or missing, or the model does something that is not computed here.
    """
    if "normalization" in fields or "shortformer_pos" in fields:
        fields = _published(fields)
    ours = {field.name for field in dataclasses.fields(Config)}
    if fields.keys() <= ours:
        return Described(Config.from_dict(fields))
    for name, values in _ONLY.items():
        if name in fields and fields[name] not in values:
            raise ValueError(f"{where}: models are computed with {name} {values[0]} only; got {fields[name]!r:.50}.")
    computed_anew = {"attn_scale", "d_vocab_out", *_ONLY, *_WITHOUT_EFFECT}
    kept = {name: value for name, value in fields.items() if name not in computed_anew}
    if kept.get("attn_only") is True:
        # TransformerLens gives them to every model.
        kept |= {"d_mlp": None, "act_fn": None}
    if kept.get("positional_embedding_type", "standard") != "rotary":
        kept = {name: value for name, value in kept.items() if not name.startswith("rotary_")}
    cfg = Config.from_dict({name: None if value == -1 else value for name, value in kept.items()})
    for name, expected in (("attn_scale", math.sqrt(cfg.d_head)), ("d_vocab_out", cfg.d_vocab)):
        given = fields.get(name, -1)
        if given != -1 and not (isinstance(given, int | float) and math.isclose(given, expected, rel_tol=1e-6)):
            raise ValueError(f"{where}: models are computed with {name} {expected:.6g} only; got {given!r:.50}.")
    return Described(cfg)


def _published(fields: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: fields[name] for name in _OF_PUBLISHED if name in fields}
    shortformer = fields.get("shortformer_pos", False)
    kept["normalization_type"] = fields.get("normalization", fields.get("normalization_type"))
    kept["positional_embedding_type"] = "shortformer" if shortformer else "standard"
    return {**kept, "final_rms": fields.get("final_rms", False)}
