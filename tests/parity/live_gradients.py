"""Gradients of new random models against torch autograd over TransformerLens, in float64 (``make parity``)."""

import secrets
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch
from transformer_lens import HookedTransformer, HookedTransformerConfig

from circuit_explainer.core import Config, weight_shapes
from circuit_explainer.training import loss_and_gradients

# Sizes differ pairwise inside each case, so that no swapped axis can pass.
SIZES: dict[str, Any] = {"n_layers": 2, "d_model": 11, "n_ctx": 13, "d_head": 8, "n_heads": 3, "d_vocab": 17}
MLP = {"attn_only": False, "d_mlp": 19}
ATTN = {"attn_only": True}
ROTARY = {"positional_embedding_type": "rotary"}
GROUPED = {"n_heads": 6, "n_key_value_heads": 3}
CASES: dict[str, dict[str, Any]] = {
    "plain": {**ATTN, "normalization_type": None},
    "LN": {**ATTN, "normalization_type": "LN"},
    "LNPre, large eps": {**ATTN, "normalization_type": "LNPre", "eps": 0.1},
    "RMS": {**ATTN, "normalization_type": "RMS"},
    "RMSPre": {**ATTN, "normalization_type": "RMSPre"},
    "shortformer": {**ATTN, "normalization_type": None, "positional_embedding_type": "shortformer"},
    "shortformer LN": {**ATTN, "normalization_type": "LN", "positional_embedding_type": "shortformer"},
    "rotary": {**ATTN, **ROTARY, "normalization_type": None},
    "rotary, part of the head, pairs side by side": {
        **ATTN, **ROTARY, "normalization_type": "LN",
        "rotary_dim": 4, "rotary_adjacent_pairs": True, "rotary_base": 300,
    },
    "relu": {**MLP, "act_fn": "relu", "normalization_type": None},
    "gelu": {**MLP, "act_fn": "gelu", "normalization_type": "LN"},
    "gelu_new": {**MLP, "act_fn": "gelu_new", "normalization_type": "LNPre"},
    "silu": {**MLP, "act_fn": "silu", "normalization_type": "RMS"},
    "gated gelu": {**MLP, "act_fn": "gelu", "gated_mlp": True, "normalization_type": "LN"},
    "gated silu, shortformer": {
        **MLP, "act_fn": "silu", "gated_mlp": True, "normalization_type": None,
        "positional_embedding_type": "shortformer",
    },
    "grouped": {**ATTN, **GROUPED, "normalization_type": None},
    "grouped shortformer": {
        **ATTN, **GROUPED, "normalization_type": "LNPre", "positional_embedding_type": "shortformer",
    },
    "llama": {**MLP, **ROTARY, **GROUPED, "act_fn": "silu", "gated_mlp": True, "normalization_type": "RMS"},
    "no layers": {**ATTN, "n_layers": 0, "normalization_type": "LN"},
    "four layers": {**MLP, "n_layers": 4, "act_fn": "gelu_new", "normalization_type": "LN"},
}  # fmt: skip
BATCH, POS = 5, 7


@pytest.fixture(autouse=True)
def in_float64() -> Iterator[None]:
    """TransformerLens makes its rotary tables and masks in torch's default precision."""
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(before)


@pytest.mark.parametrize("case", CASES)
def test_gradients_equal_those_of_autograd(case: str) -> None:
    seed = secrets.randbits(32)
    rng = np.random.default_rng(seed)
    fields = {**SIZES, **CASES[case]}
    cfg = Config.from_dict(fields)
    weights = {name: rng.standard_normal(shape) / 2 + name.endswith(".w") for name, shape in weight_shapes(cfg).items()}
    tokens = rng.integers(0, cfg.d_vocab, (BATCH, POS))
    counted = rng.random((BATCH, POS - 1)) * (rng.random((BATCH, POS - 1)) < 0.7)
    theirs_losses, theirs = autograd(fields, weights, tokens, counted)
    losses, ours = loss_and_gradients(cfg, weights, tokens, counted)
    np.testing.assert_allclose(losses, theirs_losses, rtol=1e-9, atol=1e-12)
    assert set(ours) == set(theirs)
    whole = np.sqrt(sum((gradient**2).sum() for gradient in theirs.values()))
    for name, gradient in theirs.items():
        # Relative to the weight's whole gradient: single entries may be near zero by cancellation. That of b_K is
        # zero but for rounding wherever positions do not turn, hence the part of the model's whole gradient.
        error = np.linalg.norm(ours[name] - gradient)
        assert error <= 1e-9 * np.linalg.norm(gradient) + 1e-14 * whole, f"{name}, seed {seed}"


def autograd(fields: dict[str, Any], weights: dict[str, Any], tokens: Any, counted: Any) -> tuple[Any, dict[str, Any]]:
    """Losses ``[b, p-1]`` and gradients of their counted mean, by TransformerLens and torch."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = HookedTransformer(HookedTransformerConfig(**fields, device="cpu", dtype=torch.float64))
    parameters = dict(model.named_parameters())
    assert set(parameters) == set(weights)
    with torch.no_grad():
        for name, parameter in parameters.items():
            parameter.copy_(torch.from_numpy(weights[name]))
    ids = torch.from_numpy(tokens)
    losses = model(ids, return_type="loss", loss_per_token=True)
    share = torch.from_numpy(counted / counted.sum())
    (losses * share).sum().backward()
    return losses.detach().numpy(), {
        name: np.zeros_like(weights[name]) if parameter.grad is None else parameter.grad.numpy()
        for name, parameter in parameters.items()
    }
