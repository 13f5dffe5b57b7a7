import re
from typing import Any

import numpy as np
import pytest

from circuit_explainer import charts
from circuit_explainer.charts.general.cells import written

NAMED: dict[str, Any] = {"corner": "to →", "quantity": "Scores", "summary": "Told."}
VALUES = np.array([[1.0, -2.0], [-np.inf, np.nan]])


def test_each_cell_shows_its_number_and_how_far_from_zero_it_is() -> None:
    chart = charts.cells(VALUES, ["<a>", "b"], ["x", "y"], **NAMED)
    html = chart.figure["html"]
    assert '<th scope="row">&lt;a&gt;</th>' in html
    assert '<td class="above" style="--share:0.50">1.00</td><td class="below" style="--share:1.00">−2.00</td>' in html
    assert '<td class="gone">−∞</td><td></td>' in html
    assert chart.table.rows == (("<a>", 1.0, -2.0), ("b", "−∞", None))
    assert chart.table.columns == ("to →", "x", "y")


def test_who_asks_who_answers_and_what_is_a_sum() -> None:
    chart = charts.cells(VALUES, ["a", "b"], ["x", "y"], **NAMED, asks=0, answers=[(0, 1)], sums=True)
    html = chart.figure["html"]
    assert re.findall(r'<tr class="(\w+)"', html) == ["destination", "sum"]
    assert '<td class="source below"' in html


def test_a_column_may_have_its_own_scale_or_none() -> None:
    values = np.array([[0.5, 100.0], [0.25, 300.0]])
    html = charts.cells(values, ["a", "b"], ["x", "y"], **NAMED, by_column=True).figure["html"]
    assert re.findall(r"--share:([\d.]+)", html) == ["1.00", "0.33", "0.50", "1.00"]
    assert re.findall(r">([\d.]+)</td>", html) == ["0.50", "100", "0.25", "300"]
    html = charts.cells(values, ["a", "b"], ["x", "y"], **NAMED, plain=[1]).figure["html"]
    assert html.count('class="plain"') == 2


def test_zeros_have_no_colour_and_no_sign() -> None:
    html = charts.cells(np.zeros((1, 1)), ["a"], ["x"], **NAMED).figure["html"]
    assert '<td class="above" style="--share:0.00">0.00</td>' in html
    assert written(-0.001, 1.0) == "0.00"


@pytest.mark.parametrize(("value", "most", "text"), [(-1.5, 2, "−1.50"), (-46.87, 59, "−46.9"), (250.2, 300, "250")])
def test_large_numbers_have_fewer_decimals(value: float, most: float, text: str) -> None:
    assert written(value, most) == text


def test_what_does_not_fit() -> None:
    with pytest.raises(ValueError, match=r"values must have shape \(rows, columns\) = \(1, 2\). Got \(2, 2\)."):
        charts.cells(VALUES, ["a"], ["x", "y"], **NAMED)
