from typing import Any

import numpy as np
import pytest

from circuit_explainer.core.cache.cut import cut

X = np.arange(60).reshape(3, 4, 5)


@pytest.mark.parametrize(
    ("where", "axis", "expected"),
    [
        (None, 0, X),
        (2, 1, X[:, 2]),
        (-1, -1, X[..., -1]),
        ((3,), 1, X[:, :3]),
        ((1, 3), -2, X[:, 1:3]),
        ((0, 5, 2), 2, X[..., 0:5:2]),
        ([2, 0], 0, X[[2, 0]]),
        (np.array([1]), 0, X[1:2]),
        (slice(1, None), 0, X[1:]),
        (np.int64(1), 0, X[1]),
    ],
    ids=str,
)
def test_parts_along_an_axis(where: Any, axis: int, expected: Any) -> None:
    np.testing.assert_array_equal(cut(X, where, axis), expected)
