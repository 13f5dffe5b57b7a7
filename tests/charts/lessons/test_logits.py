import json

import numpy as np
import plotly.graph_objects as go
import pytest

from circuit_explainer import charts

VALUES = np.array([0.0, 2.0, -1.0, 1.0])


def test_logits_stand_beside_their_probabilities() -> None:
    chart = charts.logits(VALUES, ["a b", "sat", "", "cat"], top=3)
    assert [row[0] for row in chart.table.rows] == ["sat", "cat", "a␣b", "the other 1 together"]
    shares = np.exp(VALUES) / np.exp(VALUES).sum()
    assert chart.table.rows[0][2] == pytest.approx(shares[1])
    assert sum(float(str(row[2])) for row in chart.table.rows) == pytest.approx(1)
    assert chart.summary == (
        "The largest logit, +2.00, is that of “sat”: its probability is 0.644. "
        "The next, +1.00, is that of “cat”: 0.237."
    )
    logits, probabilities = chart.figure["data"]
    assert (logits["xaxis"], probabilities["xaxis"]) == ("x", "x2")
    assert chart.figure["layout"]["xaxis"]["domain"][1] < chart.figure["layout"]["xaxis2"]["domain"][0]
    go.Figure(chart.figure)
    json.dumps(chart.figure, allow_nan=False)


def test_a_token_without_a_word_is_called_by_its_number() -> None:
    assert charts.logits(VALUES, ["", "", "", ""]).table.rows[0][0] == "#1"


def test_logits_below_zero_have_room() -> None:
    assert charts.logits(VALUES, list("abcd"), top=2).figure["layout"]["xaxis"]["range"][0] == 0
    assert charts.logits(VALUES, list("abcd")).figure["layout"]["xaxis"]["range"][0] < -1


def test_what_does_not_fit() -> None:
    with pytest.raises(ValueError, match=r"values must have shape \(2,\). Got \(4,\)."):
        charts.logits(VALUES, ["a", "b"])
