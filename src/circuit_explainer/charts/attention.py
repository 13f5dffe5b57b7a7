"""One head's attention pattern as a heatmap: rows ask (destination), columns answer (source)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from circuit_explainer.charts.chart import Array, Chart, Figure, Table, layout, typed
from circuit_explainer.charts.labels import amount, margin, numbered, quoted, ticks

READING = (
    "How to read it: each row is a token that asks, each column a token that may answer. "
    "The brighter the cell, the more attention goes from the row’s token to the column’s."
)
INSET = 0.04  # of a cell


def attention(pattern: Array, tokens: Sequence[str], query: int = -1) -> Chart:
    """Return the chart of one head's pattern.

    `pattern` is [query, key], rows sum to 1; `tokens` are the labels of its positions; `query` is the position
    whose row is outlined and told in the sentence. Raises ValueError when the sizes do not agree.
    """
    check(pattern, tokens)
    labels = numbered(tokens)
    asks = range(len(tokens))[query]
    answers = int(np.argmax(pattern[asks, : asks + 1]))
    weight = float(pattern[asks, answers])
    summary = (
        f"{quoted(labels[asks])} looks at {quoted(labels[answers])} with {weight:.2f}: {amount(weight)}."
        if asks != answers
        else f"{quoted(labels[asks])} looks at itself with {weight:.2f}: {amount(weight)}."
    )
    return Chart(_figure(pattern, labels, asks, answers), summary, table(pattern, labels), READING)


def check(pattern: Array, tokens: Sequence[str]) -> None:
    """Raise ValueError unless `pattern` is [query, key] with a row and a column for each of `tokens`."""
    expected = (len(tokens), len(tokens))
    if pattern.shape != expected:
        raise ValueError(f"pattern must have shape (query, key) = {expected}. Got {pattern.shape}.")


def masked(pattern: Array) -> Array:
    """Return the pattern [query, key] in float32 with NaN where a token would look ahead: not 0, but not there."""
    later = np.triu(np.ones(pattern.shape, bool), 1)
    return np.where(later, np.nan, pattern).astype(np.float32)


def table(pattern: Array, labels: Sequence[str]) -> Table:
    """Return a row for each asking token and a column for each answering one."""
    rows = tuple(
        (label, *(float(x) for x in pattern[i, : i + 1]), *([None] * (len(labels) - i - 1)))
        for i, label in enumerate(labels)
    )
    return Table("Attention from the row’s token to the column’s token", ("From \\ to", *labels), rows)


def _figure(pattern: Array, labels: Sequence[str], asks: int, answers: int) -> Figure:
    n = len(labels)
    edge = [-0.5, n - 0.5]
    return {
        "data": [
            {
                "type": "heatmap",
                "z": typed(masked(pattern)),
                "zmin": 0,
                "zmax": 1,
                "xgap": 1,
                "ygap": 1,
                "hoverongaps": False,
                "hovertemplate": "%{y} looks at %{x}: %{z:.3f}<extra></extra>",
                "colorbar": {"title": {"text": "attention"}, "thickness": 12, "tickvals": [0, 0.5, 1]},
            }
        ],
        "layout": layout(
            xaxis=ticks(labels, title={"text": "looks at (source)"}, range=edge, tickangle=-60, side="bottom"),
            yaxis=ticks(labels, title={"text": "from here (destination)"}, range=edge[::-1]),
            margin={"l": margin(labels) + 24, "r": 8, "t": 8, "b": margin(labels) + 20},
            shapes=[
                _outline("casing", -0.5, n - 0.5, asks),
                _outline("destination", -0.5, n - 0.5, asks),
                _outline("casing", answers - 0.5, answers + 0.5, asks),
                _outline("source", answers - 0.5, answers + 0.5, asks),
            ],
        ),
    }


def _outline(role: str, x0: float, x1: float, row: int) -> Figure:
    # The page's template holds the colour and the dash of each role; inside the cells, so that no edge cuts it off.
    x0, x1, y0, y1 = x0 + INSET, x1 - INSET, row - 0.5 + INSET, row + 0.5 - INSET
    return {"type": "rect", "templateitemname": role, "visible": True, "x0": x0, "x1": x1, "y0": y0, "y1": y1}
