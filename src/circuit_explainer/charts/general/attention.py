"""One head's attention pattern as a heatmap: rows ask (destination), columns answer (source)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from circuit_explainer.charts.chart import Array, Chart, Figure, Table, layout, typed
from circuit_explainer.charts.labels import amount, listed, margin, numbered, quoted, ticks

READING = (
    "How to read it: each row is a token that asks, each column a token that may answer. "
    "The brighter the cell, the more attention goes from the row’s token to the column’s."
)
# Each name in isolation, so that one that runs from right to left leaves the rest of the line in order.
HOVER = "\u2068%{y}\u2069 looks at \u2068%{x}\u2069: %{z:.3f}"
INSET = 0.04  # of a cell
# A sentence names this many tokens that share first place, a chart outlines them; more are only counted.
NAMED = 3


def attention(pattern: Array, tokens: Sequence[str], query: int = -1) -> Chart:
    """Return the chart of one head's pattern.

    `pattern` is [query, key], rows sum to 1; `tokens` are the labels of its positions; `query` is the position
    whose row is outlined and told in the sentence. Raises ValueError when the sizes do not agree.
    """
    check(pattern, tokens)
    labels = numbered(tokens)
    asks = range(len(tokens))[query]
    row = pattern[asks, : asks + 1]
    answers = strongest(row)
    weight = float(row[answers[0]])
    where = f"{quoted(labels[asks])} looks at {named(answers, labels, asks)} with {weight:.2f}"
    if len(answers) > 1:
        summary = f"{where} each: together {amount(float(row[answers].sum()))}."
    else:
        summary = f"{where}: {amount(weight)}{', more than any other token gets' if weight < 0.4 else ''}."
    return Chart(_figure(pattern, labels, asks, answers), summary, table(pattern, labels), READING)


def strongest(weights: Array) -> list[int]:
    """Return the positions whose weight, printed with two decimals, is the largest; `weights` is [key]."""
    printed = [f"{weight:.2f}" for weight in weights]
    return [key for key, text in enumerate(printed) if text == printed[int(np.argmax(weights))]]


def named(keys: Sequence[int], labels: Sequence[str], asks: int) -> str:
    """Return the tokens at `keys` for a sentence about the token at `asks`; only how many, where they are many."""
    if len(keys) > NAMED:
        return f"all {len(keys)} tokens up to itself" if len(keys) == asks + 1 else f"{len(keys)} tokens"
    return listed(["itself" if key == asks else quoted(labels[key]) for key in keys])


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


def _figure(pattern: Array, labels: Sequence[str], asks: int, answers: Sequence[int]) -> Figure:
    n = len(labels)
    edge = (-0.5, n - 0.5)
    outlined = [("destination", *edge)]
    if len(answers) <= NAMED:
        outlined += [("source", key - 0.5, key + 0.5) for key in answers]
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
                "hovertemplate": HOVER + "<extra></extra>",
                "colorbar": {"title": {"text": "attention"}, "thickness": 12, "tickvals": [0, 0.5, 1]},
            }
        ],
        "layout": layout(
            xaxis=ticks(labels, title={"text": "looks at (source)"}, range=list(edge), tickangle=-60, side="bottom"),
            yaxis=ticks(labels, title={"text": "from here (destination)"}, range=list(edge[::-1])),
            margin={"l": margin(labels) + 24, "r": 8, "t": 8, "b": margin(labels) + 20},
            shapes=[_outline(drawn, x0, x1, asks) for role, x0, x1 in outlined for drawn in ("casing", role)],
        ),
    }


def _outline(role: str, x0: float, x1: float, row: int) -> Figure:
    # The page's template holds the colour and the dash of each role; inside the cells, so that no edge cuts it off.
    x0, x1, y0, y1 = x0 + INSET, x1 - INSET, row - 0.5 + INSET, row + 0.5 - INSET
    return {"type": "rect", "templateitemname": role, "visible": True, "x0": x0, "x1": x1, "y0": y0, "y1": y1}
