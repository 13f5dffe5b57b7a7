import numpy as np
import pytest

from circuit_explainer import charts

TOKENS = ["cat", "sat", "cat"]


def test_the_products_add_up_to_the_dot_product() -> None:
    query, key = np.array([1.0, 2.0, -1.0]), np.array([3.0, -1.0, 0.0])
    chart = charts.dot_product(query, key, TOKENS, 2, 1)
    assert sum(float(str(row[3])) for row in chart.table.rows) == query @ key
    assert chart.table.columns[1:] == ("query of cat₂", "key of sat", "product")
    assert chart.summary == (
        "The query of “cat₂” and the key of “sat” have the dot product +1.00: of 3 components 1 add to it and 1 take "
        "away. The largest part comes from number 0 (+3.00)."
    )


def test_components_with_names() -> None:
    query, key = np.array([0.0, 2.0, 0.0]), np.array([3.0, 1.0, 4.0])
    chart = charts.dot_product(query, key, TOKENS, 0, 1, ["cat", "sat"])
    assert [row[0] for row in chart.table.rows] == ["cat", "sat"]
    assert chart.summary.endswith("all of it comes from one component, “sat”.")
    assert charts.dot_product(query, np.zeros(3), TOKENS, 0, 1).summary.endswith("no component is there in both.")


def test_what_does_not_fit() -> None:
    with pytest.raises(ValueError, match="query and key must have one shape"):
        charts.dot_product(np.ones(3), np.ones(2), TOKENS, 0, 1)
