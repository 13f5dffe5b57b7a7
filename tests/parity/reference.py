"""Random models run by TransformerLens, as numpy arrays: the reference of the parity tests (needs torch)."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import torch

with warnings.catch_warnings():
    # 3.9 announces the end of HookedTransformer, and its imports warn about packages we do not use.
    warnings.simplefilter("ignore")
    from transformer_lens import HookedTransformer, HookedTransformerConfig

# Sizes differ pairwise inside each case, so that no swapped axis can pass. Sequence and batch: see "run".
CASES: dict[str, dict[str, Any]] = {
    "plain": {
        "config": {
            "n_layers": 2, "d_model": 11, "n_ctx": 13, "d_head": 5, "n_heads": 3, "d_vocab": 17,
            "normalization_type": None, "positional_embedding_type": "standard", "use_attn_result": True,
        },
        "run": (4, 7),
    },
    "layernorm": {
        "config": {
            "n_layers": 3, "d_model": 11, "n_ctx": 13, "d_head": 4, "n_heads": 5, "d_vocab": 17,
            "normalization_type": "LN", "positional_embedding_type": "standard", "use_attn_result": True,
        },
        "run": (2, 6),
    },
    "shortformer": {
        "config": {
            "n_layers": 2, "d_model": 11, "n_ctx": 13, "d_head": 3, "n_heads": 7, "d_vocab": 17,
            "normalization_type": "LNPre", "positional_embedding_type": "shortformer", "eps": 1e-3,
            "use_attn_result": True,
        },
        "run": (4, 5),
    },
    "one-layer": {
        "config": {
            "n_layers": 1, "d_model": 7, "n_ctx": 13, "d_head": 11, "n_heads": 2, "d_vocab": 5,
            "normalization_type": "LN", "positional_embedding_type": "shortformer", "use_attn_result": True,
        },
        "run": (3, 4),
    },
    "mlp": {
        "config": {
            "n_layers": 1, "d_model": 11, "n_ctx": 13, "d_head": 5, "n_heads": 3, "d_vocab": 17, "d_mlp": 19,
            "act_fn": "gelu", "normalization_type": "LN", "positional_embedding_type": "standard",
            "use_hook_mlp_in": True, "use_attn_in": True,
        },
        "run": (2, 7),
    },
    "gpt2": {
        "config": {
            "n_layers": 2, "d_model": 11, "n_ctx": 13, "d_head": 5, "n_heads": 3, "d_vocab": 17, "d_mlp": 19,
            "act_fn": "gelu_new", "normalization_type": "LNPre", "positional_embedding_type": "standard",
            "use_split_qkv_input": True,
        },
        "run": (4, 6),
    },
    "llama": {
        "config": {
            "n_layers": 2, "d_model": 11, "n_ctx": 13, "d_head": 8, "n_heads": 6, "n_key_value_heads": 3,
            "d_vocab": 17, "d_mlp": 19, "act_fn": "silu", "gated_mlp": True, "normalization_type": "RMS",
            "positional_embedding_type": "rotary",
        },
        "run": (1, 7),
    },
    "grouped": {
        "config": {
            "n_layers": 1, "d_model": 11, "n_ctx": 13, "d_head": 7, "n_heads": 6, "n_key_value_heads": 2,
            "d_vocab": 17, "d_mlp": 19, "act_fn": "relu", "normalization_type": "RMSPre",
            "positional_embedding_type": "rotary", "rotary_dim": 4, "rotary_base": 500,
            "rotary_adjacent_pairs": True, "use_split_qkv_input": True,
        },
        "run": (3, 5),
    },
    "short-mlp": {
        "config": {
            "n_layers": 1, "d_model": 11, "n_ctx": 13, "d_head": 7, "n_heads": 3, "d_vocab": 5, "d_mlp": 17,
            "act_fn": "silu", "normalization_type": None, "positional_embedding_type": "shortformer",
            "use_split_qkv_input": True, "use_attn_in": True,
        },
        "run": (2, 6),
    },
}  # fmt: skip
# Too large to store: run anew each time only.
LIVE: dict[str, dict[str, Any]] = {
    "wide": {
        "config": {
            "n_layers": 3, "d_model": 256, "n_ctx": 64, "d_head": 32, "n_heads": 8, "d_vocab": 300, "d_mlp": 1024,
            "act_fn": "gelu_new", "normalization_type": "LN", "positional_embedding_type": "standard",
            "use_hook_tokens": True,
        },
        "run": (2, 61),
    },
    "wide-llama": {
        "config": {
            "n_layers": 3, "d_model": 256, "n_ctx": 1024, "d_head": 32, "n_heads": 8, "n_key_value_heads": 4,
            "d_vocab": 300, "d_mlp": 640, "act_fn": "silu", "gated_mlp": True, "normalization_type": "RMS",
            "positional_embedding_type": "rotary",
        },
        "run": (1, 200),
    },
}  # fmt: skip
KEPT_BACK = (".attn.mask", ".attn.IGNORE", ".attn.rotary_sin", ".attn.rotary_cos")
Arrays = dict[str, np.ndarray[Any, Any]]


def model(case: str, seed: int) -> tuple[dict[str, Any], Arrays, Any, np.ndarray[Any, Any]]:
    """A config, random weights for it, TransformerLens's model with them, and random tokens."""
    given = {**CASES, **LIVE}[case]
    config = {"attn_only": "act_fn" not in given["config"], **given["config"]}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = HookedTransformer(HookedTransformerConfig(**config, device="cpu"))
    generator = np.random.default_rng(seed)
    weights = {
        name: _draw(generator, name, tuple(tensor.shape))
        for name, tensor in theirs.state_dict().items()
        if not name.endswith(KEPT_BACK)
    }
    theirs.load_state_dict({name: torch.from_numpy(array) for name, array in weights.items()}, strict=False)
    return config, weights, theirs, generator.integers(0, config["d_vocab"], given["run"])


def run(case: str, seed: int) -> tuple[dict[str, Any], Arrays]:
    """The config, and under ``w:``, ``a:``, ``tokens`` and ``logits`` all arrays of one run."""
    config, weights, theirs, tokens = model(case, seed)
    with torch.no_grad():
        logits, cache = theirs.run_with_cache(torch.from_numpy(tokens))
    arrays = {f"w:{name}": array for name, array in weights.items()}
    arrays |= {f"a:{name}": tensor.numpy() for name, tensor in cache.items()}
    return config, {**arrays, "tokens": tokens, "logits": logits.numpy()}


def _draw(generator: np.random.Generator, name: str, shape: tuple[int, ...]) -> np.ndarray[Any, np.dtype[np.float32]]:
    # Biases and LayerNorm weights too are random: at their initial zeros and ones a mistake would not show.
    # Matrices keep the size of what they multiply, so that one absolute tolerance serves all activations.
    embeds = name.startswith(("embed", "pos_embed"))
    scale = 0.5 if embeds else shape[-2] ** -0.5 if "W_" in name else 0.5
    drawn = generator.standard_normal(shape) * scale + name.endswith(".w")
    # Few digits, so that the fixtures compress.
    return (np.round(drawn * 64) / 64).astype(np.float32)
