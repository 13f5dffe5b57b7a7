import json

import numpy as np
import plotly.graph_objects as go
import pytest

from circuit_explainer import charts
from circuit_explainer.charts.chart import typed

X = np.array([1, 10, 100])
SERIES = {"L0H0": np.array([0.0, 0.5, 0.9]), "L1H1": np.array([0.1, 0.2, 0.91])}


def test_each_line_has_its_dash_and_its_name_at_its_end() -> None:
    chart = charts.lines(X, SERIES, x_title="step", y_title="score", at=10, log_x=True)
    first, second = chart.figure["data"]
    assert first["line"]["dash"] != second["line"]["dash"]
    lower, upper = chart.figure["layout"]["annotations"]
    assert (lower["text"], upper["text"]) == ("L0H0", "L1H1")
    # The ends are 0.01 apart, and their names further.
    assert upper["y"] - lower["y"] > 0.05
    assert upper["y"] <= 0.91
    assert chart.figure["layout"]["xaxis"]["range"] == [0, 2]
    assert chart.figure["layout"]["shapes"][0]["x0"] == 10
    pieces = chart.figure["layout"]["shapes"][1:]
    assert [piece["line"]["dash"] for piece in pieces] == [first["line"]["dash"], second["line"]["dash"]]
    assert [piece["y0"] for piece in pieces] == [lower["y"], upper["y"]]
    assert chart.summary == "From step 1 to 100, L0H0 goes from 0.00 to 0.90 and L1H1 goes from 0.10 to 0.91."
    assert chart.table.rows[1] == ("10", 0.5, 0.2)
    go.Figure(chart.figure)
    json.dumps(chart.figure, allow_nan=False)


def test_names_and_titles_are_text() -> None:
    chart = charts.lines(X, {"<b>%{y}": X}, x_title="<i>%{x}", y_title="<a>")
    (trace,) = chart.figure["data"]
    assert trace["hovertemplate"] == "&lt;b&gt;%&#123;y}, &lt;i&gt;%&#123;x} %{x}: %{y:.3f}<extra></extra>"
    layout = chart.figure["layout"]
    assert [layout[axis]["title"]["text"] for axis in ("xaxis", "yaxis")] == ["&lt;i&gt;%{x}", "&lt;a&gt;"]


def test_what_does_not_fit() -> None:
    with pytest.raises(ValueError, match=r"a must have shape \(3,\), with one axis. Got \(2,\)."):
        charts.lines(X, {"a": np.ones(2)}, x_title="x", y_title="y")
    with pytest.raises(ValueError, match="1 to 5 lines. Got 6."):
        charts.lines(X, {str(n): np.ones(3) for n in range(6)}, x_title="x", y_title="y")


def test_a_line_may_have_no_number_at_some_places() -> None:
    x, nan = np.arange(3.0), np.nan
    chart = charts.lines(x, {"a": np.array([1.0, 2, 3]), "b": np.array([nan, 5, nan])}, x_title="step", y_title="loss")
    assert [row[2] for row in chart.table.rows] == [None, 5.0, None]
    assert "b goes from 5.00 to 5.00" in chart.summary
    assert chart.figure["data"][1]["x"] == typed(np.array([1.0], np.float32))
    with pytest.raises(ValueError, match=r"^b must have a number somewhere\. Got none\.$"):
        charts.lines(x, {"b": np.full(3, nan)}, x_title="step", y_title="loss")
