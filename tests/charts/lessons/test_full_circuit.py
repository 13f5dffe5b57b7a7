from typing import Any

import numpy as np
import pytest

from circuit_explainer import charts

TITLES: dict[str, Any] = {"quantity": "score", "row_title": "asks", "column_title": "answers"}


def test_it_says_on_which_diagonal_the_largest_numbers_stand() -> None:
    said = [charts.full_circuit(np.eye(5, k=k), **TITLES).summary for k in (0, -1, 2)]
    assert said[0] == "In 5 of 5 rows the largest score stands on the diagonal."
    assert said[1] == "In 4 of 5 rows the largest score stands 1 to the left of the diagonal."
    assert said[2] == "In 3 of 5 rows the largest score stands 2 to the right of the diagonal."


def test_it_says_that_rows_do_not_agree() -> None:
    values = np.eye(4)[[3, 2, 1, 0]]
    said = charts.full_circuit(values, **TITLES).summary
    assert said == "The rows do not agree: no more than 1 of 4 have the largest score on a common diagonal."


def test_what_no_query_looks_at_is_left_out() -> None:
    values = np.eye(4, k=1) + np.eye(4, k=-1) / 2
    chart = charts.full_circuit(values, **TITLES, causal=True, first=1)
    assert chart.summary == "In 3 of 4 rows the largest score stands 1 to the left of the diagonal."
    assert chart.table.rows[1] == ("2", 0.5, 0.0, None, None)


def test_of_many_numbers_every_tenth_stands_at_the_axes() -> None:
    figure = charts.full_circuit(np.eye(63), **TITLES, first=1).figure
    assert (figure["data"][0]["x0"], figure["data"][0]["y0"]) == (1, 1)
    for axis, span in (("xaxis", [0.5, 63.5]), ("yaxis", [63.5, 0.5])):
        shown = figure["layout"][axis]
        assert "ticktext" not in shown
        assert (shown["tick0"], shown["dtick"], shown["showticklabels"], shown["range"]) == (0, 10, True, span)


def test_it_must_be_square() -> None:
    with pytest.raises(ValueError, match=r"values must be square. Got \(2, 3\)."):
        charts.full_circuit(np.ones((2, 3)), **TITLES)
