import json

import numpy as np
import plotly.graph_objects as go
import pytest

from circuit_explainer import charts

PARTS = {"embedding": np.array([1.0, 0, 0]), "layer 0": np.array([0, 0, -2.0]), "layer 1": np.zeros(3)}
END = np.array([1.0, 0, -2.0])
TOKENS = ["cat", "sat", "cat"]
NAMES = ["cat", "sat", "before:cat"]


def test_what_each_part_writes_stands_above_the_sum() -> None:
    chart = charts.stream(PARTS, END, TOKENS, 2, NAMES)
    assert chart.table.columns[1:] == ("embedding", "layer 0", "layer 1", "stream at the end")
    assert chart.summary == (
        "What is written for “cat₂”: embedding “cat” (+1.00); layer 0 “before:cat” (−2.00); layer 1 nothing. "
        "The sum is the stream at the end, exactly."
    )
    go.Figure(chart.figure)
    json.dumps(chart.figure, allow_nan=False)


def test_the_stream_after_each_part() -> None:
    chart = charts.stream(PARTS, END, TOKENS, 0, NAMES, running=True)
    assert chart.table.columns[1:] == ("embedding", "after layer 0", "after layer 1")
    assert chart.table.rows[2] == ("before:cat", 0.0, -2.0, -2.0)


def test_without_names_the_sentence_tells_lengths() -> None:
    said = charts.stream(PARTS, END + 1e-7, TOKENS, 1).summary
    assert said.startswith("What is written for “sat”: embedding 1.00 long; layer 0 2.00 long; layer 1 nothing.")
    assert said.endswith("but for rounding.")


def test_a_part_that_is_missing_is_told() -> None:
    with pytest.raises(ValueError, match="must add up to the stream at the end. They miss it by 2."):
        charts.stream({"embedding": PARTS["embedding"]}, END, TOKENS, 0)
