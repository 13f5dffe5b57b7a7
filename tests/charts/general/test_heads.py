"""The grid of heads puts each head at its place: layers from the bottom, heads from the left."""

import json

import numpy as np
import plotly.graph_objects as go
import pytest

from circuit_explainer import charts

TOKENS = ["a", "b", "c"]


def patterns(layers: int, heads: int) -> np.ndarray:
    rng = np.random.default_rng(0)
    raw = np.tril(rng.random((layers, heads, 3, 3)))
    return np.asarray(raw / raw.sum(-1, keepdims=True))


def test_layers_stand_bottom_to_top_and_heads_left_to_right() -> None:
    layout = charts.heads(patterns(2, 3), TOKENS).figure["layout"]
    assert layout["yaxis"]["domain"][1] < layout["yaxis4"]["domain"][0]
    assert layout["xaxis"]["domain"][1] < layout["xaxis2"]["domain"][0]
    assert [note["text"] for note in layout["annotations"]] == ["L0H0", "L0H1", "L0H2", "L1H0", "L1H1", "L1H2"]


def test_a_known_heads_words_stand_beside_its_name() -> None:
    layout = charts.heads(patterns(1, 2), TOKENS, {(0, 1): "previous token"}).figure["layout"]
    assert layout["annotations"][1]["text"] == "L0H1 · previous token"


def test_the_table_has_every_weight_and_no_empty_cell() -> None:
    given = patterns(2, 3)
    table = charts.heads(given, ["a", "b", "a"], {(0, 1): "previous token"}).table
    assert table.columns == ("Pair of tokens", "L0H0", "L0H1 (previous token)", "L0H2", "L1H0", "L1H1", "L1H2")
    assert [row[0] for row in table.rows] == [
        "a₁ looks at itself",
        "b looks at a₁",
        "b looks at itself",
        "a₂ looks at a₁",
        "a₂ looks at b",
        "a₂ looks at itself",
    ]
    for row, (query, key) in zip(table.rows, zip(*np.tril_indices(3), strict=True), strict=True):
        assert row[1:] == tuple(given[:, :, query, key].ravel())


def test_the_sentence_tells_where_the_last_token_looks_in_each_head() -> None:
    given = np.zeros((1, 3, 3, 3))
    given[0, :, 0, 0] = given[0, :, 1, 1] = 1
    given[0, :, 2] = [[0.9, 0.06, 0.04], [0.1, 0.1, 0.8], [0.48, 0.48, 0.04]]
    assert charts.heads(given, TOKENS).summary == (
        "The last token, “c”, looks most in L0H0 at “a” (0.90), in L0H1 at itself (0.80), "
        "in L0H2 at “a” and “b” (0.48 each)."
    )


def test_very_long_words_leave_sentence_and_table_short() -> None:
    chart = charts.heads(patterns(1, 1), [letter * 900 for letter in "abc"])
    assert len(chart.summary) < 120
    assert max(len(str(row[0])) for row in chart.table.rows) < 70


def test_one_head_is_a_grid_too() -> None:
    assert charts.heads(patterns(1, 1), TOKENS).figure["layout"]["xaxis"]["domain"] == [0, 1]


def test_wrong_axes_are_named() -> None:
    with pytest.raises(ValueError, match=r"must be \[layer, head, query, key\]\. Got 3 axes"):
        charts.heads(patterns(2, 2)[0], TOKENS)


def test_plotly_accepts_the_figure_and_it_is_strict_json() -> None:
    chart = charts.heads(patterns(2, 2), TOKENS)
    json.dumps(chart.figure, allow_nan=False)
    assert isinstance(chart.to_plotly(), go.Figure)
