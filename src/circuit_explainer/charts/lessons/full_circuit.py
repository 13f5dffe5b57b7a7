"""A whole QK or OV circuit: every token, or position, against every other, and the diagonal that its rows agree on."""

from __future__ import annotations

import numpy as np

from circuit_explainer.charts.chart import Array, Chart, Figure
from circuit_explainer.charts.general.matrix import MAX_LABELS, matrix


def full_circuit(
    values: Array, *, quantity: str, row_title: str, column_title: str, first: int = 0, causal: bool = False
) -> Chart:
    """Return a square matrix as a heatmap, and say on which diagonal most rows have their largest number.

    `values` is [n, n]; `first` is the number of its first row and column; `quantity`, `row_title` and `column_title`
    are as in `matrix`. With `causal` the cells right of the diagonal are left out, since no query looks there.
    Raises ValueError when the matrix is not square.
    """
    if values.ndim != 2 or values.shape[0] != values.shape[1]:
        raise ValueError(f"values must be square. Got {values.shape}.")
    n = len(values)
    names = [str(first + i) for i in range(n)]
    shown = np.where(np.triu(np.ones((n, n), bool), 1), np.nan, values) if causal else values
    steps, counts = np.unique(np.arange(n) - np.nanargmax(shown, axis=1), return_counts=True)
    step, count = int(steps[counts.argmax()]), int(counts.max())
    if count > n / 2:
        side = "left" if step > 0 else "right"
        where = f"{abs(step)} to the {side} of the diagonal" if step else "on the diagonal"
        told = f"In {count} of {n} rows the largest {quantity} stands {where}."
    else:
        told = f"The rows do not agree: no more than {count} of {n} have the largest {quantity} on a common diagonal."
    chart = matrix(shown, names, names, quantity=quantity, row_title=row_title, column_title=column_title, summary=told)
    if n > MAX_LABELS:
        _count(chart.figure, first, n)
    return chart


def _count(figure: Figure, first: int, n: int) -> None:
    """Number the cells of a matrix that is too large for a label at each, and show every tenth number."""
    figure["data"][0] |= {"x0": first, "y0": first}
    for axis, span in (("xaxis", [first - 0.5, first + n - 0.5]), ("yaxis", [first + n - 0.5, first - 0.5])):
        shown = figure["layout"][axis]
        del shown["tickvals"], shown["ticktext"]
        shown |= {"tickmode": "linear", "tick0": 0, "dtick": 10, "showticklabels": True, "ticks": "outside"}
        shown |= {"tickangle": 0, "range": span}
    figure["layout"]["margin"] |= {"l": 56, "b": 44}
