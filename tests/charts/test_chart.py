"""Typed arrays survive the way to Plotly; charts are strict JSON and valid Plotly."""

import base64
import json

import numpy as np
import pytest

from circuit_explainer.charts import chart


def decoded(data: dict[str, str]) -> np.ndarray:
    array = np.frombuffer(base64.b64decode(data["bdata"]), np.dtype("<" + data["dtype"]))
    return array.reshape([int(n) for n in data.get("shape", str(array.size)).split(",")])


@pytest.mark.parametrize(
    ("values", "dtype"),
    [
        (np.array([[0.25, np.nan, 3.0]], np.float32), "f4"),
        (np.array([0.1, 0.2]), "f8"),
        (np.array([0.5, 0.25], np.float16), "f4"),
        (np.array([[1, 2], [3, 4], [5, 6]], np.int64), "i4"),
    ],
)
def test_typed_arrays_keep_their_values_and_their_shape(values: np.ndarray, dtype: str) -> None:
    data = chart.typed(values)
    assert data["dtype"] == dtype
    # float16 values are exact in float32.
    np.testing.assert_array_equal(decoded(data), values)


def test_a_transposed_array_is_written_in_the_order_it_reads() -> None:
    values = np.arange(6, dtype=np.float32).reshape(2, 3).T
    np.testing.assert_array_equal(decoded(chart.typed(values)), values)


def test_nan_never_reaches_the_json() -> None:
    text = json.dumps(chart.typed(np.array([np.nan, np.inf, -np.inf])), allow_nan=False)
    assert "NaN" not in text
    assert "Infinity" not in text
