"""The attention chart shows the pattern it was given, and its sentence and table tell the same."""

import base64
import json

import numpy as np
import plotly.graph_objects as go
import pytest

from circuit_explainer import charts

TOKENS = ["<BOS>", "the", "cat", "the"]
PATTERN = np.array(
    [[1, 0, 0, 0], [0.75, 0.25, 0, 0], [0.5, 0.125, 0.375, 0], [0.05, 0.02, 0.9, 0.03]],
    np.float32,
)


def heatmap(chart: charts.Chart) -> np.ndarray:
    data = chart.figure["data"][0]["z"]
    shape = [int(n) for n in data["shape"].split(",")]
    return np.frombuffer(base64.b64decode(data["bdata"]), "<f4").reshape(shape)


def test_the_heatmap_is_the_pattern_and_empty_above_the_diagonal() -> None:
    shown = heatmap(charts.attention(PATTERN, TOKENS))
    np.testing.assert_array_equal(shown[np.tril_indices(4)], PATTERN[np.tril_indices(4)])
    assert np.isnan(shown[np.triu_indices(4, 1)]).all()


def test_the_sentence_tells_the_strongest_source_of_the_last_token() -> None:
    assert charts.attention(PATTERN, TOKENS).summary == "“the₂” looks at “cat” with 0.90: almost all of its attention."


def test_the_sentence_follows_the_query() -> None:
    summary = charts.attention(PATTERN, TOKENS, query=1).summary
    assert summary == "“the₁” looks at “<BOS>” with 0.75: most of its attention."


def test_a_token_that_looks_at_itself() -> None:
    assert charts.attention(np.eye(2), ["a", "b"]).summary.startswith("“b” looks at itself with 1.00")


def test_one_token_looks_at_itself() -> None:
    chart = charts.attention(np.ones((1, 1)), ["<BOS>"])
    assert chart.summary == "“<BOS>” looks at itself with 1.00: all of its attention."


@pytest.mark.parametrize(
    ("row", "summary"),
    [
        (
            [0, 0.5, 0.5, 0],
            "“d” looks at “b” and “c” with 0.50 each: together all of its attention.",
        ),
        (
            [0.334, 0.333, 0, 0.333],
            "“d” looks at “a”, “b” and itself with 0.33 each: together all of its attention.",
        ),
        (
            [0.25, 0.25, 0.25, 0.25],
            "“d” looks at all 4 tokens up to itself with 0.25 each: together all of its attention.",
        ),
        (
            [0.1, 0.35, 0.3, 0.25],
            "“d” looks at “b” with 0.35: some of its attention, more than any other token gets.",
        ),
    ],
)
def test_tokens_whose_weights_print_alike_share_the_sentence(row: list[float], summary: str) -> None:
    pattern = np.vstack([np.eye(4)[:3], row])
    assert charts.attention(pattern, ["a", "b", "c", "d"]).summary == summary


def test_many_that_share_first_place_are_counted() -> None:
    pattern = np.vstack([np.eye(6)[:5], [0.22, 0.22, 0.22, 0.22, 0.06, 0.06]])
    chart = charts.attention(pattern, list("abcdef"))
    assert chart.summary == "“f” looks at 4 tokens with 0.22 each: together most of its attention."
    assert "source" not in {shape["templateitemname"] for shape in chart.figure["layout"]["shapes"]}


def test_two_that_share_first_place_are_both_outlined() -> None:
    shapes = charts.attention(np.array([[1, 0], [0.5, 0.5]]), ["a", "b"]).figure["layout"]["shapes"]
    sources = [(s["x0"] + s["x1"]) / 2 for s in shapes if s["templateitemname"] == "source"]
    assert sources == pytest.approx([0, 1])


def test_very_long_words_leave_the_sentence_short() -> None:
    chart = charts.attention(np.array([[1, 0], [1, 0]]), ["x" * 900, "y" * 900])
    assert len(chart.summary) < 120


def test_the_table_has_a_row_for_each_asking_token_and_no_future() -> None:
    table = charts.attention(PATTERN, TOKENS).table
    assert table.columns == ("From \\ to", "<BOS>", "the₁", "cat", "the₂")
    assert table.rows[1] == ("the₁", 0.75, 0.25, None, None)


def test_equal_tokens_keep_rows_of_their_own() -> None:
    axis = charts.attention(PATTERN, TOKENS).figure["layout"]["yaxis"]
    assert axis["tickvals"] == [0, 1, 2, 3]
    assert axis["ticktext"] == ["&lt;BOS&gt;", "the₁", "cat", "the₂"]


def test_destination_and_source_are_outlined_at_their_cells() -> None:
    shapes = {s["templateitemname"]: s for s in charts.attention(PATTERN, TOKENS).figure["layout"]["shapes"]}
    assert (shapes["destination"]["x0"] + shapes["destination"]["x1"]) / 2 == pytest.approx(1.5)
    assert (shapes["source"]["x0"] + shapes["source"]["x1"]) / 2 == pytest.approx(2)
    assert (shapes["source"]["y0"] + shapes["source"]["y1"]) / 2 == pytest.approx(3)


def test_a_readers_markup_is_shown_and_not_obeyed() -> None:
    chart = charts.attention(np.eye(2), ["<b>x</b>", "<a>&"])
    assert chart.figure["layout"]["xaxis"]["ticktext"] == ["&lt;b&gt;x&lt;/b&gt;", "&lt;a&gt;&amp;"]


def test_sizes_that_do_not_agree_are_named() -> None:
    with pytest.raises(ValueError, match=r"shape \(query, key\) = \(3, 3\)\. Got \(4, 4\)"):
        charts.attention(PATTERN, TOKENS[:3])


def test_plotly_accepts_the_figure_and_it_is_strict_json() -> None:
    chart = charts.attention(PATTERN, TOKENS)
    json.dumps(chart.figure, allow_nan=False)
    assert isinstance(chart.to_plotly(), go.Figure)


def test_names_in_a_hover_are_isolated_from_each_other() -> None:
    hover = charts.attention(PATTERN, TOKENS).figure["data"][0]["hovertemplate"]
    assert hover == "\u2068%{y}\u2069 looks at \u2068%{x}\u2069: %{z:.3f}<extra></extra>"
