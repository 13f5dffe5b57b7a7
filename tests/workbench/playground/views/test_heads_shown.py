"""Which heads are shown, and in which order."""

import numpy as np
import pytest

from circuit_explainer.circuits.heads import all_heads
from circuit_explainer.core import Config
from circuit_explainer.core.arrays import Array
from circuit_explainer.workbench.playground.views.heads_shown import BY_SCORE, LAYERS, ORDERS, parts, ranked, score


def cfg(n_layers: int, n_heads: int) -> Config:
    return Config(n_layers=n_layers, n_heads=n_heads, d_model=4, n_ctx=9, d_head=2, d_vocab=9, attn_only=True)


@pytest.mark.parametrize(
    ("layers", "heads", "order", "expected"),
    [
        (2, 2, LAYERS, {"layers 0 to 1": (0, 4)}),
        (1, 1, LAYERS, {"layer 0": (0, 1)}),
        (5, 4, LAYERS, {"layers 0 to 3": (0, 16), "layer 4": (16, 20)}),
        (2, 12, LAYERS, {"layer 0": (0, 12), "layer 1": (12, 24)}),
        (1, 20, LAYERS, {"L0H0 to L0H15": (0, 16), "L0H16 to L0H19": (16, 20)}),
        (5, 4, "induction", {"best 16": (0, 16), "17 to 20": (16, 20)}),
        (1, 2, "induction", {"best 2": (0, 2)}),
    ],
)
def test_the_parts(layers: int, heads: int, order: str, expected: dict[str, tuple[int, int]]) -> None:
    assert {name: (at.start, at.stop) for name, at in parts(cfg(layers, heads), order).items()} == expected


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize(("layers", "heads"), [(1, 1), (3, 5), (12, 12), (2, 40), (4, 16), (3, 17)])
def test_each_head_is_in_one_part(layers: int, heads: int, order: str) -> None:
    found = [n for at in parts(cfg(layers, heads), order).values() for n in range(layers * heads)[at]]
    assert found == list(range(layers * heads))
    assert all(at.stop - at.start <= 16 for at in parts(cfg(layers, heads), order).values())


def by_hand(pattern: Array, tokens: list[int], order: str) -> float:
    n = len(tokens)
    if order == "previous token":
        return float(np.mean([pattern[i, i - 1] for i in range(1, n)]))
    if order == "current token":
        return float(np.mean([pattern[i, i] for i in range(1, n)]))
    if order == "first token":
        return float(np.mean([pattern[i, 0] for i in range(1, n)]))
    shift = 1 if order == "induction" else 0
    sums = [
        sum(pattern[i, j + shift] for j in range(i) if tokens[j] == tokens[i])
        for i in range(n)
        if tokens[i] in tokens[:i]
    ]
    return float(np.mean(sums))


@pytest.mark.parametrize("order", BY_SCORE)
def test_heads_stand_by_their_score(order: str) -> None:
    rng = np.random.default_rng(1)
    tokens = [0, 3, 4, 3, 5, 4, 3]
    patterns = np.tril(rng.random((15, 7, 7))).astype(np.float32)
    expected = [by_hand(pattern, tokens, order) for pattern in patterns]
    # float32 sums of seven numbers.
    np.testing.assert_allclose(score(patterns, np.array([tokens]), order), expected, rtol=1e-5)
    heads, found = ranked(cfg(3, 5), patterns, np.array([tokens]), order)
    places = sorted(range(15), key=lambda n: (-round(expected[n], 2), n))
    assert heads == [all_heads(cfg(3, 5))[n] for n in places]
    assert found is not None
    np.testing.assert_allclose(found, [expected[n] for n in places], rtol=1e-5)


def test_equal_heads_and_heads_without_a_score_stand_by_layer() -> None:
    patterns = np.tile(np.tril(np.ones((3, 3), np.float32)), (4, 1, 1))
    heads, found = ranked(cfg(2, 2), patterns, np.array([[0, 1, 2]]), "induction")
    assert heads == all_heads(cfg(2, 2))
    assert found is not None
    assert np.isnan(found).all()
    assert ranked(cfg(2, 2), patterns, np.array([[0, 1, 2]]), "current token")[0] == all_heads(cfg(2, 2))
