import json
from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest

from circuit_explainer import charts

TOLD: dict[str, Any] = {"x_title": "real part", "y_title": "imaginary part", "summary": "Told.", "reading": "Read."}


def test_groups_differ_in_shape_and_each_point_has_its_row() -> None:
    groups = {"L0H0": (np.array([1.0, 2.0]), np.array([0.0, -1.0])), "L1H1": (np.array([3.0]), np.array([0.5]))}
    chart = charts.points(groups, **TOLD, labels={"L1H1": ["<largest>"]}, square=True)
    first, second = chart.figure["data"]
    assert first["marker"]["symbol"] != second["marker"]["symbol"]
    assert second["text"] == ["&lt;largest&gt;"]
    assert chart.table.rows == (("L0H0 0", 1.0, 0.0), ("L0H0 1", 2.0, -1.0), ("<largest>", 3.0, 0.5))
    assert chart.figure["layout"]["showlegend"] is True
    assert chart.figure["layout"]["yaxis"]["scaleanchor"] == "x"
    go.Figure(chart.figure)
    json.dumps(chart.figure, allow_nan=False)


def test_one_group_needs_no_legend() -> None:
    chart = charts.points({"a": (np.ones(1), np.ones(1))}, **TOLD)
    assert chart.figure["layout"]["showlegend"] is False


def test_what_does_not_fit() -> None:
    with pytest.raises(ValueError, match=r"a must have as many x as y, on one axis. Got \(2,\) and \(1,\)."):
        charts.points({"a": (np.ones(2), np.ones(1))}, **TOLD)
    with pytest.raises(ValueError, match="1 to 5 groups of points. Got 6."):
        charts.points({str(n): (np.ones(1), np.ones(1)) for n in range(6)}, **TOLD)
