import json

import numpy as np
import plotly.graph_objects as go
import pytest

from circuit_explainer import charts

ROWS = {"query": np.array([0.5, -2.0, 0.0]), "key": np.array([0.0, 0.1, 0.25])}


def test_vectors_stand_above_each_other_and_share_their_components() -> None:
    chart = charts.vectors(ROWS, ["cat", "a b", "<c>"])
    first, second = chart.figure["data"]
    assert first["x"] == second["x"] == [0, 1, 2]
    upper, lower = (chart.figure["layout"][name]["domain"] for name in ("yaxis", "yaxis2"))
    assert lower[1] < upper[0]
    assert chart.figure["layout"]["yaxis"]["range"] == chart.figure["layout"]["yaxis2"]["range"]
    assert chart.figure["layout"]["xaxis"]["ticktext"] == ["cat", "a␣b", "&lt;c&gt;"]
    assert chart.summary == "Furthest from zero is query at “a␣b” (−2.00) and key at “<c>” (+0.25)."
    assert chart.table.rows[1] == ("a␣b", -2.0, 0.1)
    go.Figure(chart.figure)
    json.dumps(chart.figure, allow_nan=False)


def test_rows_may_have_scales_of_their_own() -> None:
    layout = charts.vectors(ROWS, same_scale=False).figure["layout"]
    assert layout["yaxis"]["range"][1] > 1.5 * layout["yaxis2"]["range"][1]


def test_many_names_would_overlap_and_components_without_names_are_counted() -> None:
    angles = [charts.vectors({"v": np.ones(n)}, ["cat"] * n).figure["layout"]["xaxis"]["tickangle"] for n in (8, 20)]
    assert angles == [-60, -90]
    assert charts.vectors({"v": np.ones(64)}).figure["layout"]["xaxis"]["title"] == {"text": "component"}
    many = charts.vectors({"v": np.ones(64)}, [f"n{n}" for n in range(64)]).figure["layout"]["xaxis"]
    assert many["showticklabels"] is False
    assert charts.vectors({"v": np.ones(64)}).figure["layout"]["xaxis"]["tickmode"] == "auto"


def test_a_row_without_numbers_below_zero_begins_at_zero() -> None:
    layout = charts.vectors(ROWS, same_scale=False).figure["layout"]
    assert layout["yaxis2"]["range"][0] == 0
    assert layout["yaxis"]["range"][0] < -2
    assert charts.vectors({"v": np.array([1e-9, -1e-9])}).figure["layout"]["yaxis"]["range"] == [0, 1]


def test_what_does_not_fit() -> None:
    with pytest.raises(ValueError, match=r"key must have shape \(3,\). Got \(2,\)."):
        charts.vectors({"query": np.ones(3), "key": np.ones(2)})
    with pytest.raises(ValueError, match="names must hold 3 names. Got 1."):
        charts.vectors({"query": np.ones(3)}, ["a"])
    with pytest.raises(ValueError, match="1 to 5 vectors. Got 0."):
        charts.vectors({})
