"""The vectors of a text's tokens, one a row, and which of them are equal."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from circuit_explainer.charts.chart import Array, Chart
from circuit_explainer.charts.general.matrix import matrix
from circuit_explainer.charts.labels import listed, numbered, quoted

READING = (
    "How to read it: each row is the vector of one token, each cell one of its components. One colour is above zero, "
    "the other below. Equal rows have equal colours all along."
)
# A sentence names the tokens of this many groups of equal rows.
NAMED = 3


def token_vectors(values: Array, tokens: Sequence[str]) -> Chart:
    """Return the vectors of tokens as a heatmap, and say which are equal.

    `values` is [position, d_model]; `tokens` are the labels of the positions. Raises ValueError when the sizes do not
    agree.
    """
    if values.ndim != 2 or len(values) != len(tokens):
        raise ValueError(f"values must have shape ({len(tokens)}, d_model). Got {values.shape}.")
    labels = numbered(tokens)
    _, group = np.unique(values, axis=0, return_inverse=True)
    same = [np.flatnonzero(group.reshape(-1) == n).tolist() for n in dict.fromkeys(group.reshape(-1).tolist())]
    equal = [listed([quoted(labels[at]) for at in places]) for places in same if len(places) > 1]
    summary = f"All {len(labels)} rows differ from each other."
    if equal:
        more = f"; and {len(equal) - NAMED} other groups" if len(equal) > NAMED else ""
        summary = f"Equal rows: {'; '.join(equal[:NAMED])}{more}."
    chart = matrix(
        values,
        labels,
        [str(n) for n in range(values.shape[1])],
        quantity="number",
        row_title="token",
        column_title="component",
        summary=summary,
        reading=READING,
    )
    # Components have no names to show, so the axis counts them.
    layout = chart.figure["layout"]
    layout["xaxis"] |= {"tickmode": "auto", "nticks": 8, "tickangle": 0, "showticklabels": True, "ticks": "outside"}
    layout["margin"]["b"] = 44
    return chart
