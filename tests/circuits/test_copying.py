from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from circuit_explainer.circuits import copying_eigenvalues, copying_of_run, eigenvalue_score, repeated_tokens
from circuit_explainer.circuits.copying import eigenvalues_in_steps
from circuit_explainer.core import FactoredMatrix, Transformer
from circuit_explainer.core.arrays import Array

Make = Callable[..., Transformer]


def slow(model: Transformer, cache: Any, tokens: Array, layer: int, head: int) -> float:
    """One sequence, one key and one token at a time, from the sentences of the definitions."""
    cfg, w = model.cfg, model.weights
    attended = everything = 0.0
    for k in range(len(tokens)):
        value = cache["v", layer][0, k, head * cache["v", layer].shape[2] // cfg.n_heads]
        out = value @ model.W_O[layer, head]
        if cfg.normalization_type in ("LN", "LNPre"):
            out = out - out.mean()
        if cfg.normalization_type in ("LN", "RMS"):
            out = out * w["ln_final.w"]
        logits = [float(out @ model.W_U[:, token]) for token in range(cfg.d_vocab)]
        rise = [max(logit - sum(logits) / len(logits), 0) for logit in logits]
        attention = sum(cache["pattern", layer][0, head, q, k] for q in range(len(tokens)))
        attended += attention * rise[tokens[k]]
        everything += attention * sum(rise[token] for token in set(tokens.tolist()))
    return 2 * attended / everything - 1 if everything else -1


def test_copying_of_a_run_equals_the_loops(any_model: Transformer) -> None:
    tokens = np.random.default_rng(1).integers(0, 13, (2, 7))
    _, cache = any_model.run_with_cache(tokens)
    fast = copying_of_run(any_model, cache, tokens)
    assert fast.shape == (2, 3, any_model.cfg.n_heads)
    for b, layer, head in np.ndindex(*fast.shape):
        one = cache.apply_slice_to_batch_dim(slice(b, b + 1))
        # float64 sums of at most a hundred terms.
        assert fast[b, layer, head] == pytest.approx(slow(any_model, one, tokens[b], layer, head), rel=1e-9)


def with_ov(make_model: Make, sign: float) -> Transformer:
    """A model whose heads move the token itself, or its opposite, or (L1H2) nothing, into the logits."""
    model = make_model(d_model=13, d_head=13, positional_embedding_type="shortformer")
    weights = {name: np.zeros_like(array) for name, array in model.weights.items()}
    for layer in range(2):
        for kind in ("W_V", "W_O"):
            weights[f"blocks.{layer}.attn.{kind}"][:] = np.eye(13)
        weights[f"blocks.{layer}.attn.W_O"] *= sign
    weights["embed.W_E"] = weights["unembed.W_U"] = np.eye(13)
    weights["blocks.1.attn.W_O"][2] = 0
    return Transformer(model.cfg, weights)


def test_heads_that_copy_and_heads_that_do_the_opposite(make_model: Make) -> None:
    tokens = repeated_tokens(13, 11, batch=3).tokens
    for sign in (1.0, -1.0):
        model = with_ov(make_model, sign)
        run = copying_of_run(model, model.run_with_cache(tokens)[1], tokens)
        # In layer 0 the values are the tokens alone.
        np.testing.assert_allclose(run[:, 0], sign, atol=1e-12)
        by_weights = copying_eigenvalues(model)
        np.testing.assert_allclose(by_weights, [[sign] * 3, [sign, sign, 0]], atol=1e-12)
        # A head that raises nothing copies nothing.
        np.testing.assert_array_equal(run[:, 1, 2], -1)


def test_eigenvalues_of_the_full_circuits_are_those_of_the_big_matrices(any_model: Transformer) -> None:
    tokens, residual = copying_eigenvalues(any_model), copying_eigenvalues(any_model, of="residual")
    for layer, head in np.ndindex(3, any_model.cfg.n_heads):
        ov = any_model.W_V[layer, head] @ any_model.W_O[layer, head]
        for score, matrix in ((tokens, any_model.W_E @ ov @ any_model.W_U), (residual, ov)):
            values = np.linalg.eigvals(matrix)
            # The zeros of the big matrix come out at 1e-8 each, as multiple eigenvalues do in float64.
            expected = sum(value.real for value in values) / sum(abs(value) for value in values)
            assert score[layer, head] == pytest.approx(expected, abs=1e-6)


def test_it_is_not_the_share_of_positive_eigenvalues() -> None:
    matrix = np.diag([10.0, -1, -1])
    assert eigenvalue_score(FactoredMatrix(matrix, np.eye(3))) == pytest.approx(8 / 12)


def test_a_large_vocabulary_is_taken_piece_by_piece(make_model: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = copying_eigenvalues(make_model())
    model = make_model()
    monkeypatch.setattr("circuit_explainer.circuits.copying._STEP", 5 * model.cfg.d_model**2)
    # The tokens that are done, five at a time, and then each layer.
    told = list(eigenvalues_in_steps(model))
    assert told == [5, 10, model.cfg.d_vocab] + [model.cfg.d_vocab] * model.cfg.n_layers
    np.testing.assert_allclose(copying_eigenvalues(model), whole, rtol=1e-9)
    # The second time they are known.
    assert list(eigenvalues_in_steps(model)) == []


def test_a_measure_that_was_given_up_is_not_kept(make_model: Make) -> None:
    model, whole = make_model(), copying_eigenvalues(make_model())
    steps = eigenvalues_in_steps(model)
    next(steps)
    steps.close()
    np.testing.assert_array_equal(copying_eigenvalues(model), whole)


def test_what_is_kept_of_a_model_cannot_be_spoiled(make_model: Make) -> None:
    model = make_model()
    first = copying_eigenvalues(model)
    first[:] = 7
    assert (copying_eigenvalues(model) < 7).all()
    assert (copying_eigenvalues(make_model(seed=1)) != copying_eigenvalues(model)).all()


def test_unknown_circuits(make_model: Make) -> None:
    with pytest.raises(ValueError, match="of must be 'tokens' or 'residual'; got of='neurons'"):
        copying_eigenvalues(make_model(), of="neurons")


def test_the_shipped_induction_heads_copy(by_hand: Transformer, trained: Transformer) -> None:
    assert copying_eigenvalues(by_hand).tolist() == [[0], [pytest.approx(1)]]
    assert (copying_eigenvalues(trained)[1] > 0.95).all()
    assert (copying_eigenvalues(trained)[0] < 0.5).all()
    tokens = repeated_tokens(33, 64).tokens
    run = copying_of_run(by_hand, by_hand.run_with_cache(tokens)[1], tokens)
    np.testing.assert_allclose(run.mean(axis=0), [[-1], [1]], atol=1e-6)
