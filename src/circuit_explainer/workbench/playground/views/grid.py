"""Small charts of patterns in rows and columns, one heatmap trace each."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from circuit_explainer.charts.chart import Figure, layout, typed
from circuit_explainer.charts.general.attention import HOVER
from circuit_explainer.charts.general.heads import MARGIN, caption, span
from circuit_explainer.charts.labels import ticks
from circuit_explainer.core.arrays import Array

# Shares of the chart between columns, and of a row above it for the titles.
GAP, TITLE = 0.03, 0.14
HIDDEN = {"showticklabels": False, "ticks": ""}


def grid(
    patterns: Array, labels: Sequence[str], names: Sequence[str], titles: Sequence[str], *, columns: int, upwards: bool,
    signs: bool,
) -> Figure:  # fmt: skip
    """The figure of patterns [head, query, key] with as many `names` and `titles`.

    They fill rows of `columns` charts from the left, from the top down or, with `upwards`, from the bottom up. With
    `signs` the numbers are differences, around zero.
    """
    n, size = len(labels), len(names)
    rows = -(-size // columns)
    later = np.triu(np.ones((n, n), bool), 1)
    shown = np.where(later, np.float32(np.nan), patterns.astype(np.float32, copy=False))
    limit = max(float(np.nanmax(np.abs(shown))), 0.01) if signs else 1.0
    # The labels are shown on hover only, and are the same on every axis.
    # A difference of nothing has the page's colour, so that only a frame shows where a chart stands.
    hidden = {**HIDDEN, **({"showline": True, "mirror": True} if signs else {})}
    across, down = ticks(labels, range=[-0.5, n - 0.5], **hidden), ticks(labels, range=[n - 0.5, -0.5], **hidden)
    data, annotations, axes = [], [], {}
    for at, name in enumerate(names):
        key = str(at + 1) if at else ""
        row, column = divmod(at, columns)
        x = span(column, columns, gap=GAP)
        y = span(row if upwards else rows - 1 - row, rows, TITLE, GAP)
        data.append(
            {
                "type": "heatmap",
                "z": typed(shown[at]),
                "zmin": -limit if signs else 0,
                "zmax": limit,
                **({"autocolorscale": True} if signs else {}),
                "xaxis": f"x{key}",
                "yaxis": f"y{key}",
                "showscale": False,
                "hoverongaps": False,
                "hovertemplate": f"{name}: {HOVER}<extra></extra>",
            }
        )
        axes[f"xaxis{key}"] = {**across, "domain": x, "anchor": f"y{key}"}
        axes[f"yaxis{key}"] = {**down, "domain": y, "anchor": f"x{key}"}
        annotations.append(caption(titles[at], x[0], y[1]))
    return {"data": data, "layout": layout(annotations=annotations, margin=MARGIN, **axes)}
