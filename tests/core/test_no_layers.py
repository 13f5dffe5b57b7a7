"""A model without layers: what is embedded is unembedded, and no name of a layer is there, as in TransformerLens."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from circuit_explainer.core import Transformer, activation_shapes, load, weight_shapes
from circuit_explainer.core.folding import processed
from tests.core.conftest import random_model
from tests.core.kinds import KINDS
from tests.core.slow import same, slow_run

TOKENS = np.array([[3, 1, 4, 1, 5], [9, 2, 6, 5, 3]])


@pytest.fixture(params=KINDS)
def model(request: pytest.FixtureRequest) -> Transformer:
    return random_model(n_layers=0, **KINDS[request.param])


def test_a_run_equals_the_loops_and_the_table(model: Transformer) -> None:
    logits, cache = model.run_with_cache(TOKENS)
    same(cache, slow_run(model, TOKENS))
    np.testing.assert_array_equal(logits, cache["unembed.hook_out"])
    assert {name: array.shape for name, array in cache.items()} == activation_shapes(model.cfg, 2, 5)
    assert {name: array.shape for name, array in model.weights.items()} == weight_shapes(model.cfg)
    assert not any("blocks" in name for name in (*cache, *model.weights))


def test_names_are_those_of_transformer_lens() -> None:
    # As HookedTransformer 3.9 gives them for n_layers=0.
    expected = {
        None: ["hook_embed", "hook_pos_embed", "unembed.hook_in", "unembed.hook_out"],
        "LN": [
            "hook_embed", "hook_pos_embed", "ln_final.hook_scale", "ln_final.hook_normalized", "unembed.hook_in",
            "unembed.hook_out",
        ],
    }  # fmt: skip
    for kind, names in expected.items():
        assert list(random_model(n_layers=0, normalization_type=kind).run_with_cache(TOKENS)[1]) == names


def test_the_stream_taken_apart(model: Transformer) -> None:
    _, cache = model.run_with_cache(TOKENS)
    standard = model.cfg.positional_embedding_type == "standard"
    stream = model(TOKENS, stop_at_layer=0)
    np.testing.assert_array_equal(stream, cache["embed"] + cache["pos_embed"] if standard else cache["embed"])
    whole, labels = cache.accumulated_resid(return_labels=True)
    np.testing.assert_array_equal(whole, stream[None])
    assert labels == ["final_post"]
    final = cache.accumulated_resid(apply_ln=True)[0]
    # float64, one sum after the other.
    np.testing.assert_allclose(final, cache["unembed.hook_in"], rtol=1e-12, atol=1e-12)
    parts, labels = cache.decompose_resid(return_labels=True)
    assert labels == [name for name in ("embed", "pos_embed") if f"hook_{name}" in cache]
    assert parts.shape == (len(labels), 2, 5, 7)
    heads, labels = cache.stack_head_results(return_labels=True)
    assert (heads.shape, labels) == ((0, 2, 5, 7), [])
    rest, labels = cache.stack_head_results(return_labels=True, incl_remainder=True)
    np.testing.assert_array_equal(rest, stream[None])
    assert labels == ["remainder"]
    _, labels = cache.get_full_resid_decomposition(return_labels=True)
    assert labels[-1] == "bias"
    with pytest.raises(ValueError, match=r"^There is no layer before layer 0 whose 'q' could be stacked\.$"):
        cache.stack_activation("q")


def test_stacked_weights_are_empty(model: Transformer) -> None:
    cfg = model.cfg
    assert model.W_Q.shape == (0, cfg.n_heads, 7, cfg.d_head)
    assert model.W_K.shape == model.W_Q.shape
    assert model.W_O.shape == (0, cfg.n_heads, cfg.d_head, 7)
    assert model.b_O.shape == (0, 7)
    assert model.OV.AB.shape == model.QK.AB.shape == (0, cfg.n_heads, 7, 7)
    if not cfg.attn_only:
        assert model.W_in.shape == (0, 7, cfg.d_mlp)
    assert not model.accumulated_bias(0).any()
    assert model.all_head_labels() == []


def test_saving_and_opening(model: Transformer, tmp_path: Path) -> None:
    model.save(tmp_path / "m.safetensors")
    again = load(tmp_path / "m.safetensors")
    assert again.cfg == model.cfg
    np.testing.assert_array_equal(again(TOKENS), model(TOKENS))


@pytest.mark.parametrize("kind", ["LN", "RMS", None])
def test_folding_leaves_the_probabilities(kind: str | None) -> None:
    model = random_model(n_layers=0, normalization_type=kind)
    logits, folded = model(TOKENS), processed(model)(TOKENS)
    difference = folded - logits
    # Only the mean of each position's logits may change; float64.
    np.testing.assert_allclose(difference, difference[..., :1] + np.zeros(13), atol=1e-12)


def test_what_needs_a_layer_says_so() -> None:
    model = random_model(n_layers=0)
    wrong: list[tuple[Any, str]] = [
        (lambda: model(TOKENS, stop_at_layer=1), "stop_at_layer must be a whole number between 0 and 0; got"),
        (lambda: model.run_with_cache(TOKENS, "blocks.0.attn.hook_pattern"), "This run has no activation 'blocks.0"),
    ]
    for run, told in wrong:
        with pytest.raises(ValueError, match=told):
            run()
