"""Points in a plane, such as eigenvalues: each group with its own shape as well as its colour."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from circuit_explainer.charts.chart import Array, Chart, Figure, Table, layout, typed
from circuit_explainer.charts.labels import plotly_text

MOST = 5
SYMBOLS = ("circle", "diamond", "square", "cross", "triangle-up")


def points(
    groups: Mapping[str, tuple[Array, Array]],
    *,
    x_title: str,
    y_title: str,
    summary: str,
    reading: str,
    labels: Mapping[str, Sequence[str]] | None = None,
    square: bool = False,
) -> Chart:
    """Return up to five groups of points.

    `groups` gives the places x [n] and y [n] of each group by its name, and `labels` what to call its points.
    `square` makes a unit as long across as up. The names of the groups stand under the chart.
    Raises ValueError when the sizes do not agree or there are more groups.
    """
    if not 1 <= len(groups) <= MOST:
        raise ValueError(f"A chart has 1 to {MOST} groups of points. Got {len(groups)}.")
    for name, (x, y) in groups.items():
        if x.ndim != 1 or x.shape != y.shape:
            raise ValueError(f"{name} must have as many x as y, on one axis. Got {x.shape} and {y.shape}.")
    called = {
        name: list((labels or {}).get(name, [f"{name} {n}" for n in range(len(x))])) for name, (x, _) in groups.items()
    }
    rows = tuple((called[name][n], float(x[n]), float(y[n])) for name, (x, y) in groups.items() for n in range(len(x)))
    table = Table(f"{y_title} against {x_title}", ("Point", x_title, y_title), rows)
    return Chart(_figure(groups, called, x_title, y_title, square), summary, table, reading)


def _figure(
    groups: Mapping[str, tuple[Array, Array]], called: Mapping[str, list[str]], x_title: str, y_title: str, square: bool
) -> Figure:
    axis = {"fixedrange": True, "zeroline": True, "showgrid": True}
    return {
        "data": [
            {
                "type": "scatter",
                "mode": "markers",
                "x": typed(x.astype(np.float32)),
                "y": typed(y.astype(np.float32)),
                "marker": {"symbol": symbol},
                "name": plotly_text(name),
                "text": [plotly_text(text) for text in called[name]],
                "hovertemplate": "%{text}: %{x:.3f}, %{y:.3f}<extra></extra>",
            }
            for (name, (x, y)), symbol in zip(groups.items(), SYMBOLS, strict=False)
        ],
        "layout": {
            **layout(
                xaxis={**axis, "title": {"text": plotly_text(x_title)}},
                yaxis={
                    **axis, "title": {"text": plotly_text(y_title)},
                    **({"scaleanchor": "x", "scaleratio": 1} if square else {}),
                },
                margin={"l": 64, "r": 16, "t": 12, "b": 48},
            ),
            "showlegend": len(groups) > 1,
            "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        },
    }  # fmt: skip
