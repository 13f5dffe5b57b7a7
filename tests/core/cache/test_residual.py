from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from circuit_explainer.core import ActivationCache, Transformer
from tests.core.kinds import KINDS
from tests.core.slow import norm

Make = Callable[..., Transformer]
TOKENS = np.array([[1, 2, 3, 4, 1, 2], [5, 6, 7, 5, 6, 7]])
ADDED = [kind for kind, fields in KINDS.items() if fields.get("positional_embedding_type") != "shortformer"]


def close(actual: Any, expected: Any) -> None:
    # float64 sums of a few dozen components.
    np.testing.assert_allclose(actual, expected, rtol=1e-11, atol=1e-11)


def cached(make_model: Make, kind: str) -> ActivationCache:
    return make_model(**KINDS[kind]).run_with_cache(TOKENS)[1]


@pytest.mark.parametrize("kind", KINDS)
def test_the_stream_layer_by_layer(make_model: Make, kind: str) -> None:
    cache = cached(make_model, kind)
    stack, labels = cache.accumulated_resid(return_labels=True)
    assert labels == ["0_pre", "1_pre", "final_post"]
    for row, name in zip(stack, [("resid_pre", 0), ("resid_pre", 1), ("resid_post", 1)], strict=True):
        np.testing.assert_array_equal(row, cache[name])
    np.testing.assert_array_equal(cache.accumulated_resid(1), stack[:2])
    np.testing.assert_array_equal(cache.accumulated_resid(-1, pos_slice=2), stack[:, :, 2])
    if not cache.model.cfg.attn_only:
        stack, labels = cache.accumulated_resid(1, incl_mid=True, mlp_input=True, return_labels=True)
        assert labels == ["0_pre", "0_mid", "1_pre", "1_mid"]
        np.testing.assert_array_equal(stack[3], cache["resid_mid", 1])


@pytest.mark.parametrize("kind", KINDS)
def test_a_logit_lens_ends_in_the_logits(make_model: Make, kind: str) -> None:
    cache = cached(make_model, kind)
    model = cache.model
    stack = cache.accumulated_resid(apply_ln=True)
    close(stack[-1] @ model.W_U + model.b_U, cache["unembed.hook_out"])
    weights = dict(model.weights)
    close(stack[0, 1], norm(model, weights, {}, "ln_final", cache["resid_pre", 0][1]))


@pytest.mark.parametrize("kind", KINDS)
def test_outputs_sum_to_the_stream(make_model: Make, kind: str) -> None:
    cache = cached(make_model, kind)
    for layer in range(3):
        embeds = ["embed", "pos_embed"] if "hook_pos_embed" in cache else ["embed"]
        stack, labels = cache.decompose_resid(layer, return_labels=True)
        kinds = ["attn"] if cache.model.cfg.attn_only else ["attn", "mlp"]
        assert labels == embeds + [f"{at}_{name}_out" for at in range(layer) for name in kinds]
        if kind not in ADDED:
            # Shortformer positions stand in the stack, as in TransformerLens, but are no part of the stream.
            stack = np.delete(stack, 1, axis=0)
        whole = cache["resid_pre", layer] if layer < 2 else cache["resid_post", 1]
        close(stack.sum(axis=0), whole)
    if not cache.model.cfg.attn_only:
        close(cache.decompose_resid(1, mlp_input=True).sum(axis=0), cache["resid_mid", 1])
        assert cache.decompose_resid(mode="mlp", incl_embeds=False, return_labels=True)[1] == ["0_mlp_out", "1_mlp_out"]
    assert cache.decompose_resid(mode="attn", incl_embeds=False, pos_slice=0).shape == (2, 2, 7)
    with pytest.raises(ValueError, match="mode must be one of 'all', 'mlp', 'attn'; got mode='heads'"):
        cache.decompose_resid(mode="heads")
    with pytest.raises(ValueError, match="between 0 and n_layers = 2, or be -1 or None; got 3"):
        cache.decompose_resid(3)
