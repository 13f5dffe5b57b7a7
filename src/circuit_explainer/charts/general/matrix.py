"""Any matrix of numbers as a heatmap: vectors of tokens, QK and OV circuits, scores of pairs of heads."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from circuit_explainer.charts.chart import Array, Chart, Figure, Table, layout, typed
from circuit_explainer.charts.general.attention import INSET
from circuit_explainer.charts.labels import margin, plotly_text, quoted, signed, ticks, visible, width

SIGNED_READING = (
    "How to read it: a cell is a number. One colour is above zero, the other below, and the stronger the colour, the "
    "further from zero."
)
READING = "How to read it: a cell is a number. The brighter the cell, the larger the number."
# With more labels than this an axis shows none: they would overlap.
MAX_LABELS = 40


def matrix(
    values: Array,
    rows: Sequence[str],
    columns: Sequence[str],
    *,
    quantity: str,
    row_title: str,
    column_title: str,
    summary: str = "",
    reading: str = "",
    limit: float | None = None,
    marks: Sequence[tuple[int, int]] = (),
) -> Chart:
    """Return a heatmap of any numbers, NaN for a cell that is not there.

    `values` is [row, column]; `rows` and `columns` are the labels; `quantity` names what a cell holds, with its unit.
    `summary` and `reading` replace the sentence on the largest number and the line on how to read it. `limit` is the
    number, in size, at which the colour is strongest; by default the largest. Cells in `marks` are outlined. Colours
    are signed where any number is below zero. Raises ValueError when the sizes do not agree or no number is there.
    """
    if values.shape != (len(rows), len(columns)):
        raise ValueError(f"values must have shape (rows, columns) = {(len(rows), len(columns))}. Got {values.shape}.")
    there = np.isfinite(values)
    if not there.any():
        raise ValueError("values must hold at least one number.")
    both = bool((values[there] < 0).any())
    most = float(np.abs(values[there]).max()) if limit is None else limit
    rows, columns = [visible(label) for label in rows], [visible(label) for label in columns]
    r, c = np.unravel_index(np.where(there, np.abs(values), -1).argmax(), values.shape)
    found = signed(float(values[r, c])) if both else f"{values[r, c]:.2f}"
    told = f"The {quantity} {'furthest from zero' if both else 'that is largest'} is {found}, "
    told += f"from {quoted(rows[r])} to {quoted(columns[c])}."
    table = Table(
        f"{quantity[:1].upper()}{quantity[1:]}",
        (f"{row_title} \\ {column_title}", *columns),
        tuple(
            (label, *(float(x) if np.isfinite(x) else None for x in row))
            for label, row in zip(rows, values, strict=True)
        ),
    )
    figure = _figure(values, rows, columns, quantity, (row_title, column_title), both, most or 1.0, marks)
    return Chart(figure, summary or told, table, reading or (SIGNED_READING if both else READING))


def _figure(
    values: Array,
    rows: Sequence[str],
    columns: Sequence[str],
    quantity: str,
    titles: tuple[str, str],
    both: bool,
    most: float,
    marks: Sequence[tuple[int, int]],
) -> Figure:
    gap = 1 if max(values.shape) <= MAX_LABELS else 0
    return {
        "data": [
            {
                "type": "heatmap",
                "z": typed(values.astype(np.float32)),
                "zmin": -most if both else 0,
                "zmax": most,
                # The page's template has one scale for numbers of one sign, the layout's has one for both.
                **({"autocolorscale": True} if both else {}),
                "xgap": gap,
                "ygap": gap,
                "hoverongaps": False,
                "hovertemplate": "\u2068%{y}\u2069, \u2068%{x}\u2069: %{z:.3f}<extra></extra>",
                # Beside numbers of different widths Plotly sets a title into their column.
                "colorbar": {
                    "title": {"text": plotly_text(quantity), "side": "top" if both else "right"},
                    "thickness": 12,
                    "nticks": 5,
                },
            }
        ],
        "layout": layout(
            xaxis=_axis(columns, titles[1], [-0.5, len(columns) - 0.5], tickangle=_angle(columns)),
            yaxis=_axis(rows, titles[0], [len(rows) - 0.5, -0.5]),
            # Labels on end take less of their room than upright ones.
            margin={"l": _room(rows) + 24, "r": 8, "t": 8, "b": _room(columns) + (28 if not _angle(columns) else 20)},
            shapes=[_outline(drawn, r, c) for r, c in marks for drawn in ("casing", "source")],
        ),
    }


def _axis(labels: Sequence[str], title: str, span: list[float], **parts: object) -> dict[str, object]:
    shown = {} if len(labels) <= MAX_LABELS else {"showticklabels": False, "ticks": ""}
    return ticks(labels, title={"text": plotly_text(title)}, range=span, **shown, **parts)


def _angle(labels: Sequence[str]) -> int:
    # Single letters stand upright; longer labels would overlap.
    return 0 if max(width(label) for label in labels) == 1 else -60


def _room(labels: Sequence[str]) -> int:
    return margin(labels) if len(labels) <= MAX_LABELS else 12


def _outline(role: str, row: int, column: int) -> Figure:
    x, y = (column - 0.5 + INSET, column + 0.5 - INSET), (row - 0.5 + INSET, row + 0.5 - INSET)
    return {
        "type": "rect", "templateitemname": role, "visible": True, "x0": x[0], "x1": x[1], "y0": y[0], "y1": y[1],
    }  # fmt: skip
