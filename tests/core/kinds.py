"""One config of each kind, for tests that walk them; the sizes are those of ``conftest``."""

from typing import Any

KINDS: dict[str, dict[str, Any]] = {
    "attention only": {"normalization_type": None},
    "results": {"normalization_type": "LN", "use_attn_result": True, "use_hook_tokens": True},
    "shortformer": {"normalization_type": "LNPre", "positional_embedding_type": "shortformer"},
    "split": {"normalization_type": "LN", "use_split_qkv_input": True, "positional_embedding_type": "shortformer"},
    "attn_in": {"normalization_type": "RMSPre", "use_attn_in": True},
    "split and attn_in": {"normalization_type": None, "use_attn_in": True, "use_split_qkv_input": True},
    "gpt2": {"attn_only": False, "act_fn": "gelu_new", "d_mlp": 17, "normalization_type": "LN"},
    "relu": {"attn_only": False, "act_fn": "relu", "normalization_type": None, "use_hook_mlp_in": True},
    "gelu": {
        "attn_only": False, "act_fn": "gelu", "d_mlp": 17, "normalization_type": "LNPre", "use_attn_result": True,
        "use_attn_in": True, "use_hook_mlp_in": True,
    },
    "llama": {
        "attn_only": False, "act_fn": "silu", "d_mlp": 17, "gated_mlp": True, "normalization_type": "RMS",
        "positional_embedding_type": "rotary", "d_head": 10, "n_heads": 6, "n_key_value_heads": 3,
    },
    "gpt-j": {"normalization_type": "RMS", "positional_embedding_type": "rotary", "rotary_dim": 4,
              "rotary_adjacent_pairs": True, "rotary_base": 100},
    "grouped": {"normalization_type": "RMSPre", "n_heads": 6, "n_key_value_heads": 2, "use_attn_result": True},
    "grouped and split": {
        "normalization_type": "LN", "n_heads": 6, "n_key_value_heads": 3, "use_split_qkv_input": True,
        "positional_embedding_type": "shortformer",
    },
    "one key for all": {"normalization_type": None, "n_key_value_heads": 1},
}  # fmt: skip
