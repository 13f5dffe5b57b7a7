from typing import Any

import numpy as np
import pytest

from circuit_explainer.circuits import logit_lens
from circuit_explainer.core import Transformer
from tests.core.slow import norm, slow_run

TOKENS = np.array([[1, 2, 3, 1, 2], [4, 5, 6, 4, 5]])


def test_every_stage_is_normalized_with_its_own_scale_and_unembedded(any_model: Transformer) -> None:
    logits, cache = any_model.run_with_cache(TOKENS)
    lens = logit_lens(any_model, cache)
    acts = slow_run(any_model, TOKENS)
    names = ["blocks.0.hook_resid_pre"]
    labels = ["embedding"]
    for layer in range(3):
        for part, name in (("attention", "resid_mid"), ("MLP", "resid_post")):
            if any_model.cfg.attn_only:
                part, name = ("attention", "resid_post") if part == "attention" else ("", "")
            if part:
                names.append(f"blocks.{layer}.hook_{name}")
                labels.append(f"L{layer} {part}")
    assert lens.labels == tuple(labels)
    for stage, name in enumerate(names):
        for b in range(2):
            normed = norm(any_model, dict(any_model.weights), {}, "ln_final", acts[name][b])
            expected = normed @ any_model.W_U + any_model.b_U
            # float64 sums of seven terms.
            np.testing.assert_allclose(lens.logits[stage, b], expected, rtol=1e-8, atol=1e-9)
    np.testing.assert_allclose(lens.logits[-1], logits, rtol=1e-12, atol=1e-12)


def test_some_positions(any_model: Transformer) -> None:
    _, cache = any_model.run_with_cache(TOKENS)
    np.testing.assert_allclose(
        logit_lens(any_model, cache, slice(-2, None)).logits, logit_lens(any_model, cache).logits[:, :, -2:], rtol=1e-9
    )


def test_ranks(any_model: Transformer) -> None:
    _, cache = any_model.run_with_cache(TOKENS)
    lens = logit_lens(any_model, cache)
    ranks = lens.rank(TOKENS)
    for stage, b, p in np.ndindex(*ranks.shape):
        row = lens.logits[stage, b, p].tolist()
        assert ranks[stage, b, p] == sorted(row, reverse=True).index(row[TOKENS[b, p]])
    np.testing.assert_array_equal(lens.rank(np.array(3)), lens.rank(np.full((2, 5), 3)))


def test_ranks_of_what_is_no_token(any_model: Transformer) -> None:
    lens = logit_lens(any_model, any_model.run_with_cache(TOKENS)[1])
    wrong: Any
    for wrong in (13, [[-1]], 0.5, TOKENS + 9):
        with pytest.raises(ValueError, match="tokens must be an integer between 0 and 12; got"):
            lens.rank(wrong)
    for wrong in (TOKENS[:, :3], TOKENS[None], [1, 2]):
        with pytest.raises(ValueError, match=r"tokens must have a shape that fits \[batch, pos\] = \(2, 5\); got \("):
            lens.rank(wrong)


def test_the_prediction_is_made_in_the_second_layer(by_hand: Transformer) -> None:
    text = "the cat sat . the cat"
    _, cache = by_hand.run_with_cache(text)
    lens = logit_lens(by_hand, cache, slice(-1, None))
    assert lens.labels == ("embedding", "L0 attention", "L1 attention")
    sat = np.array(by_hand.to_tokens(text)[0, 3])
    # Before, all logits are equal: none is higher than another.
    np.testing.assert_allclose(lens.logits[:2], 0, atol=1e-5)
    assert lens.logits[2, 0, 0].argmax() == sat
    assert lens.rank(sat)[2, 0, 0] == 0


def test_a_cache_without_batch_axis(by_hand: Transformer) -> None:
    with pytest.raises(ValueError, match="batch axis"):
        logit_lens(by_hand, by_hand.run_with_cache("a b", remove_batch_dim=True)[1])
