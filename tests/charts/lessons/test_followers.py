import numpy as np
import pytest

from circuit_explainer import charts

TABLE = np.array([[0.0, 0.25, 0.75, 0.0], [0.9, 0.0, 0.0, 0.1]])


def test_the_columns_that_matter_stand_in_the_order_of_the_vocabulary() -> None:
    chart = charts.followers(TABLE, ["q", " "], ["a", "b", "u", "z"], top=3)
    assert chart.table.columns[1:] == ("a", "b", "u")
    assert chart.table.rows[0][1:] == (0.0, 0.25, 0.75)
    assert len(chart.figure["layout"]["shapes"]) == 4  # the likeliest of each row, each with its casing
    assert chart.summary == (
        "The model is surest after “␣”: “a” comes next with 0.90. It is least sure after “q”: “u” comes next with 0.75."
    )


def test_a_row_alone() -> None:
    assert charts.followers(TABLE[:1], ["q"], list("abuz")).summary.count(".") == 2


def test_what_does_not_fit() -> None:
    with pytest.raises(ValueError, match=r"table must have shape \(1, 4\). Got \(2, 4\)."):
        charts.followers(TABLE, ["q"], list("abuz"))
