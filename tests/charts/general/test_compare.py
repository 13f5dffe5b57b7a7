import json
from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest

from circuit_explainer import charts

TOLD: dict[str, Any] = {"quantity": "induction score", "column": "Head", "how": "without L0H1"}


def test_each_name_has_a_solid_and_a_hatched_bar() -> None:
    chart = charts.compare(np.array([0.9, 0.1]), np.array([0.02, 0.1]), ["L1H0", "L1H1"], **TOLD)
    clean, changed = chart.figure["data"]
    assert (clean["marker"]["pattern"]["shape"], changed["marker"]["pattern"]["shape"]) == ("", "/")
    assert all(one < two for one, two in zip(clean["y"], changed["y"], strict=True))
    assert chart.summary == (
        "The largest change is that of “L1H0”: induction score goes from 0.90 to 0.02 without L0H1 (−0.88)."
    )
    assert chart.table.rows[0][:3] == ("L1H0", 0.9, 0.02)
    assert chart.table.rows[0][3] == pytest.approx(-0.88)
    assert chart.figure["layout"]["xaxis"]["range"][0] == 0
    go.Figure(chart.figure)
    json.dumps(chart.figure, allow_nan=False)


def test_numbers_below_zero_have_their_room_and_sign() -> None:
    chart = charts.compare(np.array([-1.0]), np.array([2.0]), ["a"], **TOLD)
    low, high = chart.figure["layout"]["xaxis"]["range"]
    assert low < -1
    assert high > 2
    assert [bar["text"] for bar in chart.figure["data"]] == [["−1.00"], ["+2.00"]]
    ends = charts.compare(np.array([-1.0]), np.array([2.0]), ["a"], limit=4, **TOLD).figure["layout"]["xaxis"]["range"]
    assert ends == [-4, 4]


def test_where_nothing_changes_the_sentence_says_so() -> None:
    chart = charts.compare(np.array([0.9, 0.1]), np.array([0.904, 0.1]), ["L1H0", "L1H1"], **TOLD)
    assert chart.summary == "The induction score changes nowhere without L0H1."


def test_two_runs_of_any_name_can_be_compared() -> None:
    chart = charts.compare(np.array([0.9]), np.array([0.1]), ["L1H0"], was="with L0H1", **TOLD)
    assert [bar["name"] for bar in chart.figure["data"]] == ["with L0H1", "without L0H1"]
    assert chart.table.columns == ("Head", "with L0H1", "without L0H1", "difference")


def test_what_does_not_fit() -> None:
    with pytest.raises(ValueError, match=r"must have shape \(1,\). Got \(1,\) and \(2,\)."):
        charts.compare(np.ones(1), np.ones(2), ["a"], **TOLD)
