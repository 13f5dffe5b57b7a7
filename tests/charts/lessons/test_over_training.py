import json

import numpy as np
import plotly.graph_objects as go
import pytest

from circuit_explainer import charts

STEPS = (0, 10, 1000)
SERIES = {"repeats": np.array([4.9, 4.0, 0.1]), "even guess": np.array([4.14, 4.14, 4.14])}


def test_the_chosen_step_is_marked_and_told() -> None:
    chart = charts.over_training(STEPS, SERIES, 10, quantity="loss in nats")
    assert chart.summary == "At step 10: repeats 4.00 and even guess 4.14."
    assert chart.figure["layout"]["shapes"][0]["x0"] == 10
    assert chart.figure["layout"]["xaxis"]["range"] == [1, 3]
    assert chart.table.columns == ("training step", "repeats", "even guess")
    go.Figure(chart.figure)
    json.dumps(chart.figure, allow_nan=False)


def test_step_0_stands_in_the_table_only() -> None:
    chart = charts.over_training(STEPS, SERIES, 0, quantity="loss in nats")
    assert chart.summary == "At step 0: repeats 4.90 and even guess 4.14."
    assert [shape["templateitemname"] for shape in chart.figure["layout"]["shapes"]] == ["series-1", "series-2"]
    assert chart.table.rows[0] == ("0", 4.9, 4.14)
    assert [row[0] for row in chart.table.rows] == ["0", "10", "1,000"]


def test_without_a_step_the_end_is_told() -> None:
    assert charts.over_training(STEPS, SERIES, quantity="loss").summary.startswith("At step 1,000: repeats 0.10")


def test_what_does_not_fit() -> None:
    with pytest.raises(ValueError, match="at must be one of the steps. Got 11."):
        charts.over_training(STEPS, SERIES, 11, quantity="loss")
    with pytest.raises(ValueError, match=r"steps must hold at least two above 0. Got \[0, 1\]."):
        charts.over_training((0, 1), {"a": np.ones(2)}, quantity="loss")
    with pytest.raises(ValueError, match=r"a must have shape \(3,\). Got \(2,\)."):
        charts.over_training(STEPS, {"a": np.ones(2)}, quantity="loss")
