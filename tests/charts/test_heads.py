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


def test_the_table_has_one_row_for_each_head_with_its_strongest_source() -> None:
    given = patterns(2, 2)
    rows = charts.heads(given, TOKENS).table.rows
    for row, (layer, head) in zip(rows, np.ndindex(2, 2), strict=True):
        strongest = int(given[layer, head, -1].argmax())
        assert row == (f"L{layer}H{head}", "", TOKENS[strongest], float(given[layer, head, -1].max()))


def test_one_head_is_a_grid_too() -> None:
    assert charts.heads(patterns(1, 1), TOKENS).figure["layout"]["xaxis"]["domain"] == [0, 1]


def test_wrong_axes_are_named() -> None:
    with pytest.raises(ValueError, match=r"must be \[layer, head, query, key\]\. Got 3 axes"):
        charts.heads(patterns(2, 2)[0], TOKENS)


def test_plotly_accepts_the_figure_and_it_is_strict_json() -> None:
    chart = charts.heads(patterns(2, 2), TOKENS)
    json.dumps(chart.figure, allow_nan=False)
    assert isinstance(chart.to_plotly(), go.Figure)
