import math
from typing import Any

import numpy as np
import pytest

from circuit_explainer.core import ops

RNG = np.random.default_rng(0)


def close(actual: Any, expected: Any) -> None:
    # float64 against float64 sums of a few dozen terms: a few units in the last place.
    np.testing.assert_allclose(actual, expected, rtol=1e-13, atol=1e-14)


@pytest.fixture(params=[True, False], ids=["blas", "no blas"])
def blas(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ops, "BLAS", request.param)


def slow_attention(q: Any, k: Any, v: Any) -> tuple[Any, Any, Any]:
    """Number by number, from the definition."""
    batch, pos, heads, width = q.shape
    scores = np.full((batch, heads, pos, pos), -math.inf)
    pattern = np.zeros((batch, heads, pos, pos))
    z = np.zeros_like(q)
    for b in range(batch):
        for h in range(heads):
            for i in range(pos):
                for j in range(i + 1):
                    dot = sum(float(q[b, i, h, e]) * float(k[b, j, h, e]) for e in range(width))
                    scores[b, h, i, j] = dot / math.sqrt(width)
                total = sum(math.exp(scores[b, h, i, j]) for j in range(i + 1))
                for j in range(i + 1):
                    pattern[b, h, i, j] = math.exp(scores[b, h, i, j]) / total
                    z[b, i, h] += pattern[b, h, i, j] * v[b, j, h]
    return scores, pattern, z


@pytest.mark.usefixtures("blas")
def test_attention_equals_the_loops() -> None:
    q, k, v = RNG.standard_normal((3, 2, 7, 3, 5))
    scores, pattern, z = slow_attention(q, k, v)
    close(ops.attention_scores(q, k), scores)
    close(ops.softmax(scores), pattern)
    close(ops.attend(pattern, v), z)


@pytest.mark.usefixtures("blas")
def test_products_equal_the_loops() -> None:
    a, b = RNG.standard_normal((2, 3, 5)), RNG.standard_normal((5, 7))
    expected = [[[sum(x * y for x, y in zip(row, col, strict=True)) for col in b.T] for row in rows] for rows in a]
    close(ops.product(a, b), expected)
    close(ops.stacked_product(a, b), expected)


@pytest.mark.usefixtures("blas")
def test_softmax_of_huge_scores_and_of_a_row_of_nothing() -> None:
    scores = np.array([[1e30, 0.0, -math.inf], [-math.inf, -math.inf, -math.inf], [-1e30, -1e30, -math.inf]])
    assert ops.softmax(scores).tolist() == [[1, 0, 0], [0, 0, 0], [0.5, 0.5, 0]]


@pytest.mark.usefixtures("blas")
def test_log_softmax_equals_the_definition() -> None:
    x = RNG.standard_normal((4, 6))
    expected = [[value - math.log(sum(map(math.exp, row))) for value in row] for row in x]
    close(ops.log_softmax(x), expected)
    assert ops.log_softmax(np.array([1000.0, 0.0])).tolist() == [0, -1000]


def test_layer_norm_equals_the_definition() -> None:
    x = RNG.standard_normal((2, 3, 7))
    centred, scale = ops.layer_norm(x, 1e-3)
    for index in np.ndindex(2, 3):
        row = x[index].tolist()
        mean = sum(row) / 7
        variance = sum((value - mean) ** 2 for value in row) / 7
        close(centred[index], [value - mean for value in row])
        close(scale[index], [math.sqrt(variance + 1e-3)])


def test_float32_stays_float32() -> None:
    q = RNG.standard_normal((1, 4, 2, 3)).astype(np.float32)
    scores = ops.attention_scores(q, q)
    kinds = [scores, ops.softmax(scores), ops.attend(ops.softmax(scores), q), *ops.layer_norm(q, 1e-5)]
    assert {array.dtype.name for array in kinds} == {"float32"}
