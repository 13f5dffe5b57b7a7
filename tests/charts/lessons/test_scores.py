import numpy as np
import pytest

from circuit_explainer import charts

TOKENS = ["<BOS>", "cat", "sat", "cat", "ran"]


def test_only_keys_up_to_the_query_have_a_bar() -> None:
    chart = charts.scores(np.array([2.0, -1, 4, 0, -np.inf]), TOKENS, 3)
    assert [name for name, _ in chart.table.rows] == ["<BOS>", "cat₁", "sat", "cat₂"]
    assert chart.summary == (
        "The query of “cat₂” fits best with the key of “sat”: the score is +4.00. The next best is “<BOS>”, with +2.00."
    )
    low, high = chart.figure["layout"]["xaxis"]["range"]
    assert low < -1
    assert high > 4


def test_a_query_alone_fits_with_itself() -> None:
    chart = charts.scores(np.array([0.0, -np.inf]), ["<BOS>", "cat"], 0)
    assert chart.summary == "The query of “<BOS>” fits best with the key of itself: the score is 0.00."
    low, high = chart.figure["layout"]["xaxis"]["range"]
    assert low < high


def test_scores_below_zero_only() -> None:
    assert charts.scores(np.array([-3.0, -1]), ["a", "b"]).figure["layout"]["xaxis"]["range"][1] == 0


def test_what_does_not_fit() -> None:
    with pytest.raises(ValueError, match=r"row must have shape \(5,\). Got \(2,\)."):
        charts.scores(np.zeros(2), TOKENS)
