"""Bars: predictions keep their order and their sum, contributions their signs and their sum."""

import json

import numpy as np
import plotly.graph_objects as go
import pytest

from circuit_explainer import charts


def test_predictions_are_ranked_and_nameless_symbols_share_one_bar() -> None:
    chart = charts.predictions(np.array([0.1, 0.5, 0.2, 0.15, 0.05]), ["<BOS>", "cat", "sat", "", ""])
    assert [row[0] for row in chart.table.rows] == ["cat", "sat", "<BOS>", "any other word"]
    assert chart.table.rows[-1][1] == pytest.approx(0.2)
    assert chart.summary == "The model’s best guess for the next word is “cat”, with probability 0.50."


def test_predictions_say_when_no_word_of_the_text_is_expected() -> None:
    chart = charts.predictions(np.array([0.1, 0.2, 0.4, 0.3]), ["<BOS>", "cat", "", ""])
    assert "is any other word, with probability 0.70" in chart.summary


def test_only_the_top_words_are_shown() -> None:
    chart = charts.predictions(np.full(10, 0.1), [f"w{n}" for n in range(10)], top=3)
    assert [row[0] for row in chart.table.rows] == ["w0", "w1", "w2"]


def test_contributions_name_the_largest_part_and_sum_to_the_logit() -> None:
    chart = charts.contributions(np.array([0.5, -1.0, 4.25]), ["embedding", "L0H0", "L1H0"], "sat")
    assert chart.summary == "The logit of “sat” is +3.75. The largest part comes from L1H0: +4.25."
    name, total = chart.table.rows[-1]
    assert (name, total) == ("Sum", 3.75)


def test_parts_that_add_nothing_are_left_out_and_small_ones_gathered() -> None:
    nothing = charts.contributions(np.array([1.0, 0.0, -0.004]), ["a", "b", "c"], "x")
    assert [row[0] for row in nothing.table.rows] == ["a", "Sum"]
    gathered = charts.contributions(np.array([1.0, 0.004, 0.003]), ["a", "b", "c"], "x")
    name, rest = gathered.table.rows[1]
    assert (name, f"{rest:.3f}") == ("the rest", "0.007")


def test_contributions_leave_room_for_negative_bars_only_where_there_are_some() -> None:
    def span(values: list[float]) -> list[float]:
        chart = charts.contributions(np.array(values), ["a", "b"], "x")
        return list(chart.figure["layout"]["xaxis"]["range"])

    assert span([1.0, 3.0])[0] == 0
    assert span([-1.0, 3.0])[0] < -1


def test_a_readers_markup_is_shown_and_not_obeyed() -> None:
    chart = charts.predictions(np.array([1.0]), ["<i>x</i>"])
    assert chart.figure["layout"]["yaxis"]["ticktext"] == ["&lt;i&gt;x&lt;/i&gt;"]


@pytest.mark.parametrize("make", [charts.predictions, lambda v, n: charts.contributions(v, n, "x")])
def test_sizes_that_do_not_agree_are_named(make) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match=r"must have shape \(2,\)\. Got \(3,\)"):
        make(np.ones(3), ["a", "b"])


def test_plotly_accepts_the_figures_and_they_are_strict_json() -> None:
    for chart in (
        charts.predictions(np.array([0.25, 0.75]), ["a", "b"]),
        charts.contributions(np.array([1.0, -1.0]), ["a", "b"], "x"),
    ):
        json.dumps(chart.figure, allow_nan=False)
        assert isinstance(chart.to_plotly(), go.Figure)
