import json
from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest

from circuit_explainer import charts

VALUES = np.array([[0.5, -2.0, 1.0], [0.0, np.nan, 0.25]])
NAMED: dict[str, Any] = {"quantity": "weight", "row_title": "from", "column_title": "to"}


def test_signed_numbers_are_symmetric_and_told() -> None:
    chart = charts.matrix(VALUES, ["a", "b"], ["x", "y", "z"], **NAMED)
    trace = chart.figure["data"][0]
    assert (trace["zmin"], trace["zmax"], trace["autocolorscale"]) == (-2, 2, True)
    assert chart.summary == "The weight furthest from zero is −2.00, from “a” to “y”."
    assert chart.table.columns == ("from \\ to", "x", "y", "z")
    assert chart.table.rows == (("a", 0.5, -2.0, 1.0), ("b", 0.0, None, 0.25))
    assert "One colour is above zero" in chart.reading
    go.Figure(chart.figure).update_layout(template=None)
    json.dumps(chart.figure, allow_nan=False)
    # Beside them Plotly would set the title into the column of the numbers.
    assert chart.figure["data"][0]["colorbar"]["title"]["side"] == "top"


def test_numbers_of_one_sign_begin_at_zero() -> None:
    chart = charts.matrix(np.array([[1.0, 3.0]]), ["a"], ["x", "y"], **NAMED, limit=4, summary="Told.", reading="Read.")
    trace = chart.figure["data"][0]
    assert (trace["zmin"], trace["zmax"]) == (0, 4)
    assert "autocolorscale" not in trace
    assert (chart.summary, chart.reading) == ("Told.", "Read.")


def test_marked_cells_are_outlined_inside_themselves() -> None:
    chart = charts.matrix(VALUES, ["a", "b"], ["x", "y", "z"], **NAMED, marks=[(1, 2)])
    casing, source = chart.figure["layout"]["shapes"]
    assert (casing["templateitemname"], source["templateitemname"]) == ("casing", "source")
    assert 1.5 < source["x0"] < source["x1"] < 2.5
    assert 0.5 < source["y0"] < source["y1"] < 1.5


def test_many_labels_are_left_out() -> None:
    many = [str(n) for n in range(41)]
    chart = charts.matrix(np.ones((2, 41)), ["a", "b"], many, **NAMED)
    assert chart.figure["layout"]["xaxis"]["showticklabels"] is False
    assert "showticklabels" not in chart.figure["layout"]["yaxis"]


def test_what_does_not_fit() -> None:
    with pytest.raises(ValueError, match=r"values must have shape \(rows, columns\) = \(1, 3\). Got \(2, 3\)."):
        charts.matrix(VALUES, ["a"], ["x", "y", "z"], **NAMED)
    with pytest.raises(ValueError, match="at least one number"):
        charts.matrix(np.full((1, 1), np.nan), ["a"], ["x"], **NAMED)


def test_single_letters_stand_upright() -> None:
    upright, turned = (
        charts.matrix(np.eye(2), ["a", "b"], columns, **NAMED).figure["layout"]["xaxis"]["tickangle"]
        for columns in (["x", " "], ["x", "yz"])
    )
    assert (upright, turned) == (0, -60)
