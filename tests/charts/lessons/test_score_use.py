import json

import numpy as np
import plotly.graph_objects as go
import pytest

from circuit_explainer.charts.lessons.score_use import score_use

NAMES = ["L0H0", "L0H1"]


def test_the_highest_score_and_the_costliest_cut_are_named() -> None:
    above = {"queries": np.array([-0.05, 0.01]), "keys": np.array([0.14, 0.07])}
    without = {"queries": np.array([0.96, 0.95]), "keys": np.array([0.96, 0.13])}
    chart = score_use(above, without, NAMES, 0.96, "L3H2")
    assert chart.summary == (
        "L0H0 by the keys has the highest score, +0.14: its cut takes the induction score of L3H2 from 0.96 to 0.96. "
        "The cut that costs most is that of L0H1 by the keys, +0.07: from 0.96 to 0.13."
    )
    named = chart.figure["layout"]["annotations"]
    assert [(one["text"], one["x"]) for one in named] == [("L0H0, keys", 0.14), ("L0H1, keys", 0.07)]
    assert named[1]["y"] == pytest.approx(0.83)
    assert chart.table.rows[3] == ("L0H1, keys", 0.07, 0.96, 0.13)
    low, high = chart.figure["layout"]["xaxis"]["range"]
    assert low < -0.05
    assert high > 0.14
    go.Figure(chart.figure)
    json.dumps(chart.figure, allow_nan=False)


def test_one_pair_may_be_both() -> None:
    chart = score_use({"keys": np.array([0.1, 0.2])}, {"keys": np.array([0.9, 0.1])}, NAMES, 1.0, "L1H1")
    assert chart.summary == (
        "L0H1 by the keys has the highest score, +0.20, and its cut costs L1H1 most: from 1.00 to 0.10."
    )
    assert len(chart.figure["layout"]["annotations"]) == 1


def test_a_pair_below_the_baseline_that_is_used_is_named_too() -> None:
    above, without = {"keys": np.array([0.1, -0.02])}, {"keys": np.array([0.1, 0.8])}
    chart = score_use(above, without, NAMES, 1.0, "L1H1")
    assert chart.summary.endswith(
        " L0H1 by the keys lies below the baseline, and its cut costs too: from 1.00 to 0.80."
    )
    assert len(chart.figure["layout"]["annotations"]) == 2


def test_what_does_not_fit() -> None:
    with pytest.raises(ValueError, match=r"keys must have shape \(2,\). Got \(1,\)."):
        score_use({"keys": np.ones(1)}, {"keys": np.ones(2)}, NAMES, 1.0, "L1H1")
    with pytest.raises(ValueError, match="the same inputs. Got \\['keys'\\] and \\['values'\\]."):
        score_use({"keys": np.ones(2)}, {"values": np.ones(2)}, NAMES, 1.0, "L1H1")
