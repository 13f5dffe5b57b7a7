"""Properties of the circuits of any model; apart, since hypothesis does not run in the browser."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circuit_explainer.circuits import (
    diagonal_accuracy,
    logit_attribution,
    next_token_attribution,
    scores,
    source_attribution,
)
from circuit_explainer.core import Config, FactoredMatrix, Transformer, weight_shapes
from tests.circuits.test_scores import slow
from tests.core.configs import configs


@settings(deadline=None)
@given(st.lists(st.integers(0, 3), min_size=1, max_size=9), st.integers(0, 2**32 - 1))
def test_scores_equal_the_loops(tokens: list[int], seed: int) -> None:
    pattern = np.tril(np.random.default_rng(seed).random((len(tokens), len(tokens))))
    fast = {
        "previous_token": scores.previous_token(pattern),
        "current_token": scores.current_token(pattern),
        "first_token": scores.first_token(pattern),
        "duplicate_token": scores.duplicate_token(pattern, np.array(tokens)),
        "induction": scores.induction(pattern, np.array(tokens)),
    }
    for name, value in fast.items():
        # float64 sums of at most nine terms.
        np.testing.assert_allclose(value, slow(name, pattern, tokens), rtol=1e-12, err_msg=name)


@settings(deadline=None)
@given(st.integers(1, 9), st.integers(1, 9), st.integers(0, 2**32 - 1))
def test_the_stripe_equals_the_loop(pos: int, block: int, seed: int) -> None:
    pattern = np.tril(np.random.default_rng(seed).random((pos, pos)))
    entries = [pattern[i][i - (block - 1)] for i in range(pos) if i - (block - 1) >= 0]
    expected = sum(entries) / len(entries) if entries else math.nan
    np.testing.assert_allclose(scores.stripe(pattern, block), expected, rtol=1e-12)


@settings(deadline=None)
@given(st.integers(1, 7), st.integers(1, 8), st.integers(0, 2**32 - 1), st.booleans())
def test_diagonal_accuracy_equals_the_loop(size: int, k: int, seed: int, ties: bool) -> None:
    rng = np.random.default_rng(seed)
    a, b = (rng.integers(-2, 3, shape).astype(float) for shape in ((size, 3), (3, size)))
    if not ties:
        a, b = a + rng.random(a.shape), b + rng.random(b.shape)
    matrix = a @ b

    def hit(row: int) -> bool:
        no_smaller = [n for n in range(size) if n != row and matrix[row, n] >= matrix[row, row]]
        return len(no_smaller) < k

    circuit = FactoredMatrix(a, b)
    assert diagonal_accuracy(circuit, k=k) == pytest.approx(sum(map(hit, range(size))) / size)
    rows = rng.integers(0, size, 4)
    assert diagonal_accuracy(circuit, rows, k) == pytest.approx(sum(map(hit, rows)) / 4)


@settings(deadline=None, max_examples=60)
@given(configs(), st.integers(0, 2**32 - 1), st.sampled_from(["head", "layer"]))
def test_components_sum_to_the_logit_in_any_model(fields: dict[str, Any], seed: int, by: str) -> None:
    batch, pos = fields.pop("batch"), fields.pop("pos")
    rng = np.random.default_rng(seed)
    cfg = Config.from_dict(fields)
    model = Transformer(cfg, {name: rng.standard_normal(shape) / 2 for name, shape in weight_shapes(cfg).items()})
    tokens = rng.integers(0, cfg.d_vocab, (batch, pos))
    _, cache = model.run_with_cache(tokens)
    token, other = rng.integers(0, cfg.d_vocab, (2, batch))
    for parts in (
        logit_attribution(model, cache, token, by=by),
        logit_attribution(model, cache, token, -pos, against=other, by=by),
        next_token_attribution(model, cache, tokens, by=by),
    ):
        assert parts.values.shape == (*parts.logit.shape, len(parts.labels))
        # float64; a scale of eps alone can make the terms large beside their sum.
        size = np.abs(parts.values).sum(axis=-1)
        assert (np.abs(parts.values.sum(axis=-1) - parts.logit) <= 1e-10 * (1 + size)).all()
    if by == "head":
        sources = source_attribution(model, cache, token, against=other).values
        heads = logit_attribution(model, cache, token, against=other)
        assert sources.shape == (batch, cfg.n_layers, cfg.n_heads, pos)
        for layer, head in np.ndindex(cfg.n_layers, cfg.n_heads):
            column = heads.values[:, heads.labels.index(f"L{layer}H{head}")]
            np.testing.assert_allclose(sources[:, layer, head].sum(axis=-1), column, rtol=1e-8, atol=1e-9)
