import numpy as np
import pytest

from circuit_explainer import charts

ROWS = np.array([[1.0, -1], [2, 0], [1, -1], [3, 3]])


def test_equal_rows_are_named() -> None:
    chart = charts.token_vectors(ROWS, ["cat", "sat", "cat", "."])
    assert chart.summary == "Equal rows: “cat₁” and “cat₂”."
    assert [row[0] for row in chart.table.rows] == ["cat₁", "sat", "cat₂", "."]
    assert charts.token_vectors(ROWS[1:], ["a", "b", "c"]).summary == "All 3 rows differ from each other."


def test_many_groups_are_counted() -> None:
    said = charts.token_vectors(np.repeat(np.arange(5.0), 2)[:, None], list("aabbccddee")).summary
    assert said == "Equal rows: “a₁” and “a₂”; “b₁” and “b₂”; “c₁” and “c₂”; and 2 other groups."


def test_what_does_not_fit() -> None:
    with pytest.raises(ValueError, match=r"values must have shape \(2, d_model\). Got \(4, 2\)."):
        charts.token_vectors(ROWS, ["a", "b"])
