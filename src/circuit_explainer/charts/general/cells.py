"""A small table whose cells show their numbers, so that a reader can check the arithmetic by hand."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import numpy as np

from circuit_explainer.charts.chart import Array, Chart, Table
from circuit_explainer.charts.labels import shortened
from circuit_explainer.charts.picture import picture

READING = "How to read it: a cell is a number. The stronger its colour, the further from zero."
# Columns of a label: the narrowest phone has room for seven of them.
LABEL_WIDTH = 6
MINUS_INFINITY = "−∞"


def cells(
    values: Array,
    rows: Sequence[str],
    columns: Sequence[str],
    *,
    corner: str,
    quantity: str,
    summary: str,
    reading: str = READING,
    asks: int | None = None,
    answers: Sequence[tuple[int, int]] = (),
    sums: bool = False,
    by_column: bool = False,
    plain: Sequence[int] = (),
) -> Chart:
    """Return a table of numbers.

    `values` is [row, column], NaN for a cell that is not there; `rows` and `columns` are the labels as they shall be
    shown, `corner` says which is which, and `quantity` what the cells hold. The row `asks` is outlined as the
    destination, the cells `answers` as sources. `sums` sets the last row apart as the sum of the others. `by_column`
    gives each column its own scale of colours and its own decimals; the columns `plain` have no colour. Raises
    ValueError when the sizes do not agree.
    """
    if values.shape != (len(rows), len(columns)):
        raise ValueError(f"values must have shape (rows, columns) = {(len(rows), len(columns))}. Got {values.shape}.")
    sizes = np.where(np.isfinite(values), np.abs(values), 0)
    most = sizes.max(axis=0) if by_column else np.full(len(columns), sizes.max())
    head = "".join(f'<th scope="col">{escape(shortened(column, LABEL_WIDTH))}</th>' for column in columns)
    body = ""
    for r, (label, row) in enumerate(zip(rows, values, strict=True)):
        inner = "".join(
            _cell(float(x), float(m), (r, c) in answers, c not in plain)
            for c, (x, m) in enumerate(zip(row, most, strict=True))
        )
        kind = "destination" if r == asks else "sum" if sums and r == len(rows) - 1 else "row"
        body += f'<tr class="{kind}"><th scope="row">{escape(shortened(label))}</th>{inner}</tr>'
    html = (
        f'<table class="cells"><thead><tr><th scope="col">{escape(corner)}</th>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table>"
    )
    table = Table(
        quantity,
        (corner, *columns),
        tuple((label, *map(_told, row.tolist())) for label, row in zip(rows, values, strict=True)),
    )
    return picture(html, summary=summary, table=table, reading=reading)


def written(value: float, most: float) -> str:
    """Return a number with the true minus, and with fewer decimals where `most`, the largest beside it, is large."""
    if value == -np.inf:
        return MINUS_INFINITY
    text = f"{value:.{2 if most < 20 else 1 if most < 200 else 0}f}"
    return text.removeprefix("-") if not text.strip("-0.") else text.replace("-", "−")


def _cell(value: float, most: float, answers: bool, coloured: bool) -> str:
    if np.isnan(value):
        return "<td></td>"
    sign = "gone" if value == -np.inf else "plain" if not coloured else "below" if value < 0 else "above"
    tint = f' style="--share:{abs(value) / (most or 1.0):.2f}"' if sign in ("below", "above") else ""
    return f'<td class="{"source " if answers else ""}{sign}"{tint}>{written(value, most)}</td>'


def _told(value: float) -> str | float | None:
    return None if np.isnan(value) else MINUS_INFINITY if value == -np.inf else value
