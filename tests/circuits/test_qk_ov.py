import math
import re
from typing import Any

import numpy as np
import pytest

from circuit_explainer.circuits import (
    diagonal_accuracy,
    full_ov,
    full_qk,
    head_scores,
    ov,
    positional_qk,
    qk,
    value_weighted_attention,
)
from circuit_explainer.core import Config, FactoredMatrix, Transformer
from tests.circuits.conftest import random_model

TOKENS = np.array([[1, 2, 3, 1, 2], [4, 5, 6, 4, 5]])
SOME, OTHERS = [3, 0, 12, 3], [5, 1]


def test_circuits_are_the_products_of_their_definitions(any_model: Transformer) -> None:
    m, rotary = any_model, any_model.cfg.positional_embedding_type == "rotary"
    for layer, head in np.ndindex(3, m.cfg.n_heads):
        w_qk, w_ov = m.W_Q[layer, head] @ m.W_K[layer, head].T, m.W_V[layer, head] @ m.W_O[layer, head]
        pairs: list[tuple[FactoredMatrix, Any]] = [
            (qk(m, layer, head), w_qk),
            (ov(m, layer, head), w_ov),
            (full_qk(m, layer, head), m.W_E @ w_qk @ m.W_E.T),
            (full_ov(m, layer, head), m.W_E @ w_ov @ m.W_U),
            (full_qk(m, layer, head, SOME, OTHERS), (m.W_E @ w_qk @ m.W_E.T)[SOME][:, OTHERS]),
            (full_ov(m, layer, head, SOME, OTHERS), (m.W_E @ w_ov @ m.W_U)[SOME][:, OTHERS]),
            (full_ov(m, layer, head, sources=4), (m.W_E @ w_ov @ m.W_U)[[4]]),
        ]
        if not rotary:
            pairs.append((positional_qk(m, layer, head), m.W_pos @ w_qk @ m.W_pos.T))
        for circuit, expected in pairs:
            assert circuit.mdim == m.cfg.d_head
            # float64 products in another order.
            np.testing.assert_allclose(circuit.AB, expected, rtol=1e-9, atol=1e-10)


def test_scores_of_the_first_layer_are_its_circuits() -> None:
    """Without LayerNorm and biases, tokens and positions alone make the scores, by the four circuits between them."""
    m = random_model(normalization_type=None)
    weights = {name: np.zeros_like(w) if ".b_" in name else w for name, w in m.weights.items()}
    m = Transformer(m.cfg, weights)
    _, cache = m.run_with_cache(TOKENS)
    for head in range(3):
        both = m.W_E_pos @ qk(m, 0, head).AB @ m.W_E_pos.T
        for b, q, k in np.ndindex(2, 5, 5):
            if k <= q:
                pairs = [(i, j) for i in (TOKENS[b, q], 13 + q) for j in (TOKENS[b, k], 13 + k)]
                expected = sum(both[pair] for pair in pairs) / math.sqrt(5)
                assert cache["attn_scores", 0][b, head, q, k] == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("adjacent", [True, False])
def test_rotary_positions_turn_the_circuit_with_the_distance(adjacent: bool) -> None:
    m = random_model(positional_embedding_type="rotary", rotary_dim=4, rotary_base=50, rotary_adjacent_pairs=adjacent)
    m = Transformer(m.cfg, {name: np.zeros_like(w) if ".b_" in name else w for name, w in m.weights.items()})
    _, cache = m.run_with_cache(TOKENS)
    for head, q, k in np.ndindex(3, 5, 5):
        if k <= q:
            circuit = full_qk(m, 0, head, TOKENS[1, q], TOKENS[1, k], distance=q - k)
            # float64; the model turns queries and keys each by their own angle.
            assert circuit.AB[0, 0] / math.sqrt(5) == pytest.approx(cache["attn_scores", 0][1, head, q, k], rel=1e-6)


def test_what_a_model_does_not_have() -> None:
    rotary = random_model(positional_embedding_type="rotary", rotary_dim=4)
    with pytest.raises(ValueError, match="no W_pos"):
        positional_qk(rotary, 0, 0)
    distance: Any
    for distance in (-1, 11, 0.5):
        with pytest.raises(ValueError, match=f"distance must be a whole number between 0 and 10; got .*={distance}"):
            qk(rotary, 0, 0, distance)
    with pytest.raises(ValueError, match="Only rotary positions .*; got distance=2"):
        full_qk(random_model(), 0, 0, distance=2)
    for make in (qk, ov, full_qk, full_ov, positional_qk):
        with pytest.raises(ValueError, match=r"layer < 2 and head < 3; got \(0, 3\)"):
            make(random_model(), 0, 3)
    for tokens in ([13], [-1], 0.5, [], "a"):
        with pytest.raises(ValueError, match="Tokens must be an integer between 0 and 12; got"):
            full_ov(random_model(), 0, 0, tokens)
    with pytest.raises(ValueError, match=r"Tokens must have one axis; got shape \(1, 1\)"):
        full_ov(random_model(), 0, 0, [[1]])


@pytest.mark.parametrize("at_once", [1, 3, 6, 1 << 22])
def test_diagonal_accuracy_by_hand(at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("circuit_explainer.circuits.qk_ov._AT_ONCE", at_once)
    best = np.array([[3.0, 1, 2], [5, 4, 0], [1, 0, 2]])
    assert diagonal_accuracy(FactoredMatrix(best, np.eye(3))) == pytest.approx(2 / 3)
    assert diagonal_accuracy(FactoredMatrix(best, np.eye(3)), k=2) == 1
    # Nothing stands out in a matrix of zeros.
    assert diagonal_accuracy(FactoredMatrix(np.zeros((3, 1)), np.zeros((1, 3)))) == 0


def test_a_vocabulary_of_fifty_thousand_is_never_squared() -> None:
    cfg = Config(
        n_layers=2, d_model=16, n_ctx=8, d_head=4, n_heads=2, d_vocab=50_257, attn_only=True, normalization_type=None
    )
    rng = np.random.default_rng(0)
    shapes = {"embed.W_E": (50_257, 16), "unembed.W_U": (16, 50_257)}
    small = random_model(d_model=16, n_ctx=8, d_head=4, n_heads=2, d_vocab=2)
    big = {name: rng.standard_normal(shape, np.float32) for name, shape in shapes.items()}
    weights = {**small.weights, **big, "unembed.b_U": np.zeros(50_257)}
    model = Transformer(cfg, weights)
    circuit = full_ov(model, 1, 1)
    assert circuit.shape == (50_257, 50_257)
    row = model.W_E[7] @ model.W_V[1, 1] @ model.W_O[1, 1] @ model.W_U
    np.testing.assert_allclose(circuit[7].AB[0], row, rtol=1e-6, atol=1e-5)
    # More rows than are formed at once.
    block = circuit[:100].AB
    hits = [(row >= row[n]).sum() <= 5000 for n, row in enumerate(block)]
    assert 0 < sum(hits) < 100
    assert diagonal_accuracy(circuit, rows=np.arange(100), k=5000) == pytest.approx(sum(hits) / 100)
    # The head table needs no such square either.
    assert np.isfinite(head_scores(model).column("copying")).all()


@pytest.mark.parametrize("shape", [(3, 4), (2, 3, 3)])
def test_what_has_no_diagonal(shape: tuple[int, ...]) -> None:
    circuit = FactoredMatrix(np.ones((*shape[:-1], 2)), np.ones((*shape[:-2], 2, shape[-1])))
    with pytest.raises(ValueError, match=f"needs a square matrix; got shape {re.escape(str(shape))}"):
        diagonal_accuracy(circuit)


def test_rows_that_are_not_there() -> None:
    circuit = FactoredMatrix(np.eye(3), np.eye(3))
    assert diagonal_accuracy(circuit, 2) == diagonal_accuracy(circuit, [2, 0]) == 1
    rows: Any
    for rows in ([], [3], [-1], 0.5, "a"):
        with pytest.raises(ValueError, match="rows must be an integer between 0 and 2; got"):
            diagonal_accuracy(circuit, rows)
    with pytest.raises(ValueError, match=r"rows must have one axis; got shape \(1, 1\)"):
        diagonal_accuracy(circuit, [[1]])
    k: Any
    for k in (0, 1.5):
        with pytest.raises(ValueError, match=f"k must be a whole number of at least 1; got k={k}"):
            diagonal_accuracy(circuit, k=k)


def test_value_weighted_attention_equals_the_loop(any_model: Transformer) -> None:
    _, cache = any_model.run_with_cache(TOKENS)
    for layer in range(3):
        weighted = value_weighted_attention(any_model, cache, layer)
        for b, head, q, k in np.ndindex(*weighted.shape):
            value = cache["v", layer][b, k, head * cache["v", layer].shape[2] // any_model.cfg.n_heads]
            length = math.sqrt(sum((value @ any_model.W_O[layer, head]) ** 2))
            assert weighted[b, head, q, k] == pytest.approx(cache["pattern", layer][b, head, q, k] * length, rel=1e-9)


def test_the_resting_place_of_the_hand_written_head_moves_nothing(by_hand: Transformer) -> None:
    _, cache = by_hand.run_with_cache("the cat sat . the cat")
    assert cache["pattern", 1][0, 0, 3, 0] > 0.99
    weighted = value_weighted_attention(by_hand, cache, 1)[0, 0]
    np.testing.assert_allclose(weighted[:, 0], 0, atol=1e-6)
    np.testing.assert_allclose(weighted[[5, 6], [2, 3]], 1, atol=1e-6)


def test_the_shipped_circuits(by_hand: Transformer, trained: Transformer) -> None:
    """Tokens copy themselves (OV), and the previous-token head's positions want the one before (QK)."""
    # BOS is never copied.
    assert diagonal_accuracy(full_ov(by_hand, 1, 0)) == pytest.approx(32 / 33)
    for head in range(2):
        assert diagonal_accuracy(full_ov(trained, 1, head)) > 0.95
    for model, head in ((by_hand, 0), (trained, 1)):
        wanted = np.tril(positional_qk(model, 0, head).AB) + np.triu(np.full((64, 64), -np.inf), 1)
        assert (wanted[1:].argmax(axis=1) == np.arange(63)).mean() > 0.95
