import math
from typing import Any

import numpy as np
import pytest

from circuit_explainer.core.run import ops

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
def test_products_equal_the_loops(monkeypatch: pytest.MonkeyPatch) -> None:
    a, b = RNG.standard_normal((2, 3, 5)), RNG.standard_normal((5, 7))
    expected = [[[sum(x * y for x, y in zip(row, col, strict=True)) for col in b.T] for row in rows] for rows in a]
    close(ops.product(a, b), expected)
    close(ops.stacked_product(a, b), expected)
    monkeypatch.setattr(ops, "STEPS", 2 * 5 * 7 + 1)  # two of the six rows at a time
    close(ops.product(a, b), expected)
    bias = RNG.standard_normal(7)
    close(ops.linear(a, b, bias), np.array(expected) + bias)
    by_head = RNG.standard_normal((3, 5, 7))
    x = RNG.standard_normal((2, 4, 3, 5))
    expected_by_head = [[[x[n, p, h] @ by_head[h] for h in range(3)] for p in range(4)] for n in range(2)]
    close(ops.product_by_head(x, by_head), expected_by_head)
    monkeypatch.setattr(ops, "LARGE", 0)
    close(ops.product_by_head(x, by_head), expected_by_head)
    close(ops.stacked_product(a, b), expected)


@pytest.mark.usefixtures("blas")
def test_softmax_of_huge_scores_and_of_a_row_of_nothing() -> None:
    scores = np.array([[1e30, 0.0, -math.inf], [-math.inf, -math.inf, -math.inf], [-1e30, -1e30, -math.inf]])
    assert ops.softmax(scores).tolist() == [[1, 0, 0], [0, 0, 0], [0.5, 0.5, 0]]


@pytest.mark.usefixtures("blas")
@pytest.mark.parametrize("scale", [1, 15, 40, 100, 1000])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_softmax_of_any_size_equals_the_definition(scale: float, dtype: Any) -> None:
    # Small scores and large ones, and rows far below the others.
    x = (RNG.standard_normal((3, 5, 7)) * scale - scale * (np.arange(5) == 2)[:, None]).astype(dtype)
    x[0, 1, 3:] = -math.inf
    expected = np.array([[softmax_of(row) for row in matrix] for matrix in x.tolist()])
    # A difference of scores up to 87, beyond which float32 has no exp, is rounded by up to 4e-6.
    tolerance = 1e-5 if dtype == np.float32 else 1e-13
    np.testing.assert_allclose(ops.softmax(x), expected, rtol=tolerance, atol=1e-30)
    before = x.copy()
    ops.softmax(x)
    np.testing.assert_array_equal(x, before)
    assert ops.softmax(x, out=x) is x
    np.testing.assert_array_equal(x, ops.softmax(before))


def softmax_of(row: list[float]) -> list[float]:
    raised = [math.exp(value - max(row)) for value in row]
    return [value / sum(raised) for value in raised]


@pytest.mark.usefixtures("blas")
def test_attention_head_by_head_equals_the_loops(monkeypatch: pytest.MonkeyPatch) -> None:
    q, k, v = RNG.standard_normal((3, 2, 7, 3, 5))
    close(ops.attention(q, k, v), slow_attention(q, k, v)[2])
    monkeypatch.setattr(ops, "MANY", 2 * 3 * 7 * 7 - 1)
    close(ops.attention(q, k, v), slow_attention(q, k, v)[2])


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
        close(ops.rms(x, 1e-3)[index], [math.sqrt(sum(value**2 for value in row) / 7 + 1e-3)])


def test_float32_stays_float32() -> None:
    q = RNG.standard_normal((1, 4, 2, 3)).astype(np.float32)
    scores = ops.attention_scores(q, q)
    kinds = [scores, ops.softmax(scores), ops.attend(ops.softmax(scores), q), *ops.layer_norm(q, 1e-5)]
    kinds += [
        ops.rms(q, 1e-5),
        ops.attention(q, q, q),
        ops.linear(q, q[0, 0].T, q[0, 0, :, 0]),
        ops.softmax(9 * scores),
    ]
    assert {array.dtype.name for array in kinds} == {"float32"}
