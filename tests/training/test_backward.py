from typing import Any

import numpy as np
import pytest

from circuit_explainer.core import Config, Transformer, ops, weight_shapes
from circuit_explainer.training import loss_and_gradients
from circuit_explainer.training.backward import cross_entropy

CFG = Config(n_layers=2, d_model=7, n_ctx=11, d_head=5, n_heads=3, d_vocab=13, attn_only=True, normalization_type=None)
RNG = np.random.default_rng(0)
WEIGHTS: dict[str, Any] = {name: RNG.standard_normal(shape) / 2 for name, shape in weight_shapes(CFG).items()}
TOKENS = RNG.integers(0, 13, (2, 9))
COUNTED = RNG.random((2, 8)) * (RNG.random((2, 8)) < 0.7)


def slow_loss(weights: dict[str, Any]) -> float:
    """The counted mean, position by position."""
    logits = Transformer(CFG, weights)(TOKENS)
    total = 0.0
    for b, p in np.ndindex(2, 8):
        chances = np.exp(logits[b, p]) / np.exp(logits[b, p]).sum()
        total += COUNTED[b, p] * -np.log(chances[TOKENS[b, p + 1]])
    return float(total / COUNTED.sum())


@pytest.mark.parametrize("blas", [True, False])
@pytest.mark.parametrize("name", weight_shapes(CFG))
def test_gradients_equal_finite_differences(name: str, blas: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ops, "BLAS", blas)
    _, grads = loss_and_gradients(CFG, WEIGHTS, TOKENS, COUNTED)
    assert grads[name].shape == WEIGHTS[name].shape
    step = 1e-5
    chosen = np.random.default_rng(1).permutation(WEIGHTS[name].size)[:12]
    for index in (np.unravel_index(n, WEIGHTS[name].shape) for n in chosen):
        moved = {key: array.copy() for key, array in WEIGHTS.items()}
        moved[name][index] += step
        above = slow_loss(moved)
        moved[name][index] -= 2 * step
        slope = (above - slow_loss(moved)) / (2 * step)
        # Central differences err by step**2 times a third derivative, and by rounding over step: about 1e-10.
        assert grads[name][index] == pytest.approx(slope, rel=1e-6, abs=1e-9)


def test_losses_are_those_of_each_position() -> None:
    losses, _ = loss_and_gradients(CFG, WEIGHTS, TOKENS, COUNTED)
    assert losses.shape == (2, 8)
    assert (losses * COUNTED).sum() / COUNTED.sum() == pytest.approx(slow_loss(WEIGHTS), rel=1e-12)


def test_positions_and_tokens_that_do_not_occur_get_no_gradient() -> None:
    _, grads = loss_and_gradients(CFG, WEIGHTS, TOKENS, COUNTED)
    assert not grads["pos_embed.W_pos"][9:].any()
    absent = sorted(set(range(13)) - set(TOKENS.flat))
    assert absent
    assert not grads["embed.W_E"][absent].any()
    assert list(grads) == list(WEIGHTS)


def test_float32_stays_float32() -> None:
    single = {name: array.astype(np.float32) for name, array in WEIGHTS.items()}
    losses, grads = loss_and_gradients(CFG, single, TOKENS, COUNTED)
    assert {array.dtype.name for array in (losses, *grads.values())} == {"float32"}


def test_the_gradient_of_the_logits_sums_to_zero() -> None:
    _, d_logits = cross_entropy(RNG.standard_normal((2, 9, 13)), TOKENS, COUNTED)
    # Softmax ignores a constant added to all logits; float64.
    np.testing.assert_allclose(d_logits.sum(axis=-1), 0, atol=1e-15)
    assert not d_logits[:, -1].any()


@pytest.mark.parametrize(
    "fields", [{"normalization_type": "LN"}, {"positional_embedding_type": "shortformer"}], ids=str
)
def test_other_kinds_are_refused(fields: dict[str, str]) -> None:
    cfg = Config.from_dict({**CFG.to_dict(), **fields})
    with pytest.raises(ValueError, match=r"Gradients exist for normalization_type=None .*; got"):
        loss_and_gradients(cfg, WEIGHTS, TOKENS, COUNTED)
