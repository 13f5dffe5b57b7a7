"""Bars: predictions keep their order and their sum, contributions their signs and their sum."""

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest

from circuit_explainer import charts


def rows(chart: charts.Chart) -> list[tuple[str, Any]]:
    return [(str(name), value) for name, value in chart.table.rows]


def bars(chart: charts.Chart) -> list[str]:
    return list(chart.figure["layout"]["yaxis"]["ticktext"])


def test_predictions_are_ranked_and_the_table_has_what_is_left() -> None:
    chart = charts.predictions(np.array([0.05, 0.2, 0.6, 0.1, 0.05]), ["<BOS>", "sat", "cat", "", ""])
    assert bars(chart) == ["cat", "sat"]
    assert [name for name, _ in rows(chart)] == ["cat", "sat", "the other 3 together"]
    assert [value for _, value in rows(chart)] == pytest.approx([0.6, 0.2, 0.2])
    assert chart.summary == "The model’s best guess for the next word is “cat”, with probability 0.60."


def test_words_below_the_top_are_among_the_others() -> None:
    chart = charts.predictions(np.array([0.6, 0.2, 0.1, 0.06, 0.04]), list("abcde"), top=3)
    assert bars(chart) == ["a", "b", "c"]
    assert rows(chart)[-1] == ("the other 2 together", pytest.approx(0.1))
    assert rows(charts.predictions(np.array([0.6, 0.4]), ["a", "b"], top=1))[-1] == (
        "the other one",
        pytest.approx(0.4),
    )


def test_no_word_stands_out_where_all_are_about_as_likely() -> None:
    even = charts.predictions(np.full(33, 1 / 33), ["<BOS>", "cat", "sat", *[""] * 30])
    assert (
        even.summary
        == "No word stands out, old or new: the likeliest has probability 0.03, and an even guess would give each 0.03."
    )
    assert bars(even) == ["cat", "sat"]
    by_chance = np.full(64, 0.95 / 63)
    by_chance[40] = 0.05
    chart = charts.predictions(by_chance, ["<BOS>", "cat", *[""] * 62])
    assert chart.summary.startswith("No word stands out, old or new: the likeliest has probability 0.05, and")
    assert bars(chart) == ["cat"]


@pytest.mark.parametrize(("p", "stands_out"), [(4.9 / 64, False), (5.1 / 64, True)])
def test_a_word_stands_out_from_five_even_shares_on(p: float, stands_out: bool) -> None:
    probabilities = np.full(64, (1 - p) / 63)
    probabilities[1] = p
    summary = charts.predictions(probabilities, ["<BOS>", "cat", *[""] * 62]).summary
    assert ("best guess" in summary) == stands_out


def test_more_than_half_stands_out_among_few() -> None:
    summary = charts.predictions(np.array([0.1, 0.6, 0.3]), ["<BOS>", "a", "b"]).summary
    assert summary == "The model’s best guess for the next word is “a”, with probability 0.60."


def test_the_beginning_is_no_word_but_a_readers_word_of_that_name_is() -> None:
    likely = charts.predictions(np.array([0.9, 0.06, 0.04]), ["<BOS>", "a", "b"])
    assert "BOS" not in likely.summary + "".join(bars(likely))
    typed = charts.predictions(np.array([0.05, 0.9, 0.05]), ["<BOS>", "<BOS>", ""])
    assert typed.summary == "The model’s best guess for the next word is “<BOS>”, with probability 0.90."


def test_a_symbol_that_no_word_has_is_told_where_it_stands_out() -> None:
    chart = charts.predictions(np.array([0.0, 0.1, 0.7, 0.2]), ["<BOS>", "a", "", ""])
    assert chart.summary == "The model’s best guess for the next word is a new word, with probability 0.70."
    assert bars(chart) == ["a new word", "a"]
    assert rows(chart)[-1] == ("the other 2 together", pytest.approx(0.2))


def test_words_that_share_the_first_place_are_all_told() -> None:
    summary = charts.predictions(np.array([0.01, 0.482, 0.482, *[0.002] * 13]), ["<BOS>", "a", "b", *[""] * 13]).summary
    assert summary == "The model’s best guesses for the next word are “a” and “b”, each with probability 0.48."
    many = charts.predictions(np.repeat([0.14, 0.0005], [7, 40]), [*"abcdefg", *[""] * 40]).summary
    assert many == "The model holds 7 words equally likely, each with probability 0.14."


def test_contributions_name_the_largest_parts_and_sum_to_the_logit() -> None:
    chart = charts.contributions(np.array([0.5, -1.0, 4.25]), ["embedding", "L0H0", "L1H0"], "sat")
    assert chart.summary == (
        "The logit of “sat” is +3.75: what pushes it up most is L1H0 (+4.25); what pushes it down most is L0H0 (−1.00)."
    )
    name, total = chart.table.rows[-1]
    assert (name, total) == ("Sum", 3.75)


@pytest.mark.parametrize(
    ("values", "summary"),
    [
        ([1.0, 2.0], "The logit of “x” is +3.00: what pushes it up most is b (+2.00)."),
        ([-1.0, -2.0], "The logit of “x” is −3.00: what pushes it down most is b (−2.00)."),
        ([0.0, 0.0], "The logit of “x” is 0.00: no part of the model adds anything to it."),
        ([0.004, 0.004], "The logit of “x” is +0.01: what pushes it up most is all parts (+0.01)."),
    ],
)
def test_contributions_of_one_sign_or_none(values: list[float], summary: str) -> None:
    assert charts.contributions(np.array(values), ["a", "b"], "x").summary == summary


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


def test_the_margin_is_as_wide_as_the_label_that_is_shown() -> None:
    def room(word: str) -> int:
        return int(charts.predictions(np.array([1.0]), [word]).figure["layout"]["margin"]["l"])

    assert room("<" * 5) == room("x" * 5) < room("<" * 10) == room("x" * 10)


@pytest.mark.parametrize("make", [charts.predictions, lambda v, n: charts.contributions(v, n, "x")])
def test_sizes_that_do_not_agree_are_named(make: Callable[..., charts.Chart]) -> None:
    with pytest.raises(ValueError, match=r"must have shape \(2,\)\. Got \(3,\)"):
        make(np.ones(3), ["a", "b"])


def test_plotly_accepts_the_figures_and_they_are_strict_json() -> None:
    for chart in (
        charts.predictions(np.array([0.25, 0.75]), ["a", "b"]),
        charts.contributions(np.array([1.0, -1.0]), ["a", "b"], "x"),
    ):
        json.dumps(chart.figure, allow_nan=False)
        assert isinstance(chart.to_plotly(), go.Figure)


@pytest.mark.parametrize("values", [[-157.95, 109.71], [3.0, -0.25], [-3.0, -1.0], [2.0, 0.5], [0.0, 0.0]])
def test_numbers_have_room_beside_their_bars_on_the_narrowest_phone(values: list[float]) -> None:
    chart = charts.bars(np.array(values), ["<BOS>", "cat"], quantity="score", column="token")
    low, high = chart.figure["layout"]["xaxis"]["range"]
    margin = chart.figure["layout"]["margin"]
    pixels = (288 - margin["l"] - margin["r"]) / (high - low)
    assert low <= 0 <= high
    for value, text in zip(values, chart.figure["data"][0]["text"], strict=True):
        room = (value - low if value < 0 else high - value) * pixels
        assert room >= 8 * len(text)  # px of a digit


def test_bars_of_any_quantity() -> None:
    chart = charts.bars(np.array([0.5, -2.0]), ["a", " "], quantity="value", column="component")
    assert chart.summary == "“␣” has the largest value, −2.00."
    assert chart.table.columns == ("component", "value")
    assert chart.table.rows == (("a", 0.5), ("␣", -2.0))
    above = charts.bars(np.array([0.5, 2.0]), ["a", "b"], quantity="score", column="head")
    assert above.figure["data"][0]["text"] == ["0.50", "2.00"]
    words = charts.bars(np.array([0.5]), ["even guess"], quantity="loss", column="model", tokens=False)
    assert words.table.rows == (("even guess", 0.5),)
    with pytest.raises(ValueError, match=r"values must have shape \(1,\)"):
        charts.bars(np.ones(2), ["a"], quantity="score", column="head")
