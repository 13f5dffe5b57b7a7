"""A model without layers against TransformerLens: hooks, logits, and the stream taken apart (``make parity``)."""

import secrets
import warnings
from typing import Any

import numpy as np
import pytest
import torch
from transformer_lens import HookedTransformer, HookedTransformerConfig

from circuit_explainer.core import Config, Transformer

SIZES = {"n_layers": 0, "d_model": 11, "n_ctx": 13, "d_head": 8, "n_heads": 3, "d_vocab": 17, "attn_only": True}


@pytest.mark.parametrize("norm", [None, "LN", "LNPre", "RMS", "RMSPre"])
@pytest.mark.parametrize("positions", ["standard", "shortformer", "rotary"])
def test_no_layers(norm: str | None, positions: str) -> None:
    fields: dict[str, Any] = {**SIZES, "normalization_type": norm, "positional_embedding_type": positions}
    if positions == "rotary":
        fields["rotary_dim"] = 8
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = HookedTransformer(HookedTransformerConfig(**fields, device="cpu"))
    rng = np.random.default_rng(secrets.randbits(32))
    parameters = dict(theirs.named_parameters())
    weights = {name: rng.standard_normal(tuple(given.shape)).astype(np.float32) for name, given in parameters.items()}
    ours = Transformer(Config.from_dict(fields), weights)
    assert list(ours.weights) == list(weights)
    tokens = rng.integers(0, 17, (5, 7))
    with torch.no_grad():
        for name, parameter in parameters.items():
            parameter.copy_(torch.from_numpy(weights[name]))
        expected, their_cache = theirs.run_with_cache(torch.from_numpy(tokens))
        logits, cache = ours.run_with_cache(tokens)
        close(logits, expected)
        assert list(cache) == list(their_cache)
        for name in cache:
            close(cache[name], their_cache[name])
        close(ours(tokens, stop_at_layer=0), theirs(torch.from_numpy(tokens), stop_at_layer=0))
        # What TransformerLens cannot stack without a layer, it does not give; the rest is the same.
        for method in ("decompose_resid", "stack_head_results", "get_full_resid_decomposition"):
            stack, labels = getattr(cache, method)(return_labels=True)
            their_stack, their_labels = getattr(their_cache, method)(return_labels=True)
            close(stack, their_stack)
            assert labels == their_labels


def close(actual: Any, expected: Any) -> None:
    assert actual.shape == tuple(expected.shape)
    # float32 sums in another order.
    np.testing.assert_allclose(actual, expected.numpy(), rtol=0, atol=1e-5 * max(1, np.abs(actual).max(initial=0)))
