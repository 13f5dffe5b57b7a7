"""TransformerLens's own checkpoints and configs (``tests/parity/checkpoints.py`` wrote the configs)."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from circuit_explainer.core import Config, Transformer, load
from circuit_explainer.core.checkpoints.lens import describe
from tests.core.files.plain import save_file

CONFIGS: dict[str, dict[str, Any]] = json.loads(
    (Path(__file__).parents[2] / "parity" / "fixtures" / "lens-configs.json").read_text(encoding="utf-8")
)
LENS = Path(__file__).parents[2] / "parity" / "fixtures" / "lens-checkpoint"
ATTENTION = CONFIGS["attention only"]
SIZES: dict[str, Any] = {"n_layers": 2, "d_model": 7, "n_ctx": 11, "d_head": 5, "n_heads": 3, "d_vocab": 13}
Make = Callable[..., Transformer]


def test_whole_configs() -> None:
    assert describe(ATTENTION, "c").cfg == Config(**SIZES, attn_only=True)
    assert describe(CONFIGS["rotary"], "c").cfg == Config(
        **{**SIZES, "d_head": 4}, d_mlp=9, act_fn="silu", gated_mlp=True, normalization_type="RMS",
        positional_embedding_type="rotary", rotary_base=500,
    )  # fmt: skip
    shown = describe({**ATTENTION, "use_hook_tokens": True}, "c").cfg
    assert shown == Config(**SIZES, attn_only=True, use_hook_tokens=True)
    ours = Config(**SIZES, attn_only=True, normalization_type=None)
    assert describe(ours.to_dict(), "c").cfg == ours


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"attention_dir": "bidirectional"}, "c: models are computed with attention_dir causal only; got 'bidirec"),
        ({"final_rms": True}, "computed with final_rms False only; got True."),
        ({"num_experts": 4}, "computed with num_experts None only; got 4."),
        ({"attn_scale": 1.0}, "computed with attn_scale 2.23607 only; got 1.0."),
        ({"attn_scale": "x"}, "computed with attn_scale 2.23607 only; got 'x'."),
        ({"d_vocab_out": 2}, "computed with d_vocab_out 13 only; got 2."),
        ({"attn_scores_soft_cap": 50.0}, "computed with attn_scores_soft_cap -1.0 only; got 50.0."),
        ({"n_positions": 3}, "Config has no field 'n_positions'"),
        ({"normalization_type": "Soft"}, "normalization_type must be one of"),
        ({"n_heads": -1}, "n_heads must be a whole number of at least 1; got n_heads=None."),
    ],
)
def test_what_is_computed_otherwise(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        describe({**ATTENTION, **changes}, "c")


def test_unset_numbers() -> None:
    assert describe({**ATTENTION, "attn_scale": -1.0, "d_vocab_out": -1}, "c").cfg == Config(**SIZES, attn_only=True)


def test_published_attention_only_models() -> None:
    training = {"lr": 1e-3, "W_O_init_scale": True, "tokenizer_name": "x", "d_mlp": 28, "act_fn": "solu"}
    published = {**SIZES, **training, "attn_only": True, "normalization": None, "shortformer_pos": True}
    assert describe(published, "c").cfg == Config(
        **SIZES, attn_only=True, normalization_type=None, positional_embedding_type="shortformer"
    )
    assert describe({**published, "normalization": "LN", "shortformer_pos": False}, "c").cfg == Config(
        **SIZES, attn_only=True
    )
    with pytest.raises(ValueError, match="computed with final_rms False only"):
        describe({**published, "final_rms": True}, "c")
    with pytest.raises(ValueError, match="act_fn must be one of .*; got act_fn='solu'"):
        describe({**published, "attn_only": False, "d_mlp": 28}, "c")


@pytest.mark.parametrize("normalization", [None, "LN", "LNPre"])
@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_state_dicts_with_buffers(make_model: Make, tmp_path: Path, normalization: str | None, dtype: Any) -> None:
    model = make_model(normalization_type=normalization)
    tensors: dict[str, Any] = {name: np.ascontiguousarray(array, dtype) for name, array in model.weights.items()}
    buffers = {
        f"blocks.{layer}.attn.{name}": np.ones((3, 3), bool) if name == "mask" else np.array(-np.inf, np.float32)
        for layer in (0, 1)
        for name in ("mask", "IGNORE")
    }
    save_file({**tensors, **buffers}, tmp_path / "final.safetensors")
    (tmp_path / "config.json").write_text(json.dumps({**ATTENTION, "normalization_type": normalization}), "utf-8")
    again = load(tmp_path)
    assert set(again.weights) == set(model.weights)
    for name, array in again.weights.items():
        assert array.dtype == np.float32
        np.testing.assert_array_equal(array, tensors[name].astype(np.float32))


def test_weights_without_biases(make_model: Make, tmp_path: Path) -> None:
    model = make_model()
    tensors: dict[str, Any] = {name: np.asarray(array) for name, array in model.weights.items() if ".b_" not in name}
    save_file(tensors, tmp_path / "m.safetensors")
    again = load(tmp_path / "m.safetensors", model.cfg)
    assert not any(array.any() for name, array in again.weights.items() if ".b_" in name)
    np.testing.assert_array_equal(again.W_Q, model.W_Q)


def test_a_checkpoint_that_transformer_lens_wrote() -> None:
    """Its patterns are those that it gave there (``tests/parity/lens_checkpoint.py`` made both)."""
    with np.load(LENS / "expected.npz") as stored:
        tokens, patterns, logits = (stored[name] for name in ("tokens", "patterns", "logits"))
    ours, cache = load(LENS).run_with_cache(tokens)
    np.testing.assert_allclose(ours, logits, rtol=0, atol=1e-4)
    for layer, pattern in enumerate(patterns):
        np.testing.assert_allclose(cache["pattern", layer][0], pattern, rtol=0, atol=1e-4)
