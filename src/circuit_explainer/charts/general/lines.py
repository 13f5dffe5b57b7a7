"""Lines over a common axis, such as training steps: each with its own dash, named at its end beside a piece of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from circuit_explainer.charts.chart import Array, Cell, Chart, Figure, Table, layout, typed
from circuit_explainer.charts.labels import hover_text, listed, margin, plotly_text

READING = "How to read it: each line is one quantity, named at its right end. The horizontal axis is the same for all."
MOST = 5
DASHES = ("solid", "dash", "dot", "dashdot", "longdash")
# In pixels: the piece of a line beside its name, and the gap on either side of it.
PIECE, GAP = 22, 6
# Names are not in mono.
COLUMN = 7.2


def lines(
    x: Array,
    series: Mapping[str, Array],
    *,
    x_title: str,
    y_title: str,
    summary: str = "",
    reading: str = READING,
    at: float | None = None,
    log_x: bool = False,
    y_range: Sequence[float] | None = None,
) -> Chart:
    """Return up to five lines.

    `x` is [n], rising; `series` gives each line's numbers [n] by its name, NaN where it has none. `at` marks one place
    on the axis. With `log_x` the axis is logarithmic, so `x` has to be above 0. `summary` replaces the sentence on how
    each line begins and ends. Raises ValueError when the sizes do not agree, a line has no number or there are more
    lines.
    """
    if not 1 <= len(series) <= MOST:
        raise ValueError(f"A chart has 1 to {MOST} lines. Got {len(series)}.")
    for name, values in series.items():
        if values.shape != x.shape or x.ndim != 1:
            raise ValueError(f"{name} must have shape {x.shape}, with one axis. Got {values.shape}.")
        if np.isnan(values).all():
            raise ValueError(f"{name} must have a number somewhere. Got none.")
    there = {name: values[~np.isnan(values)] for name, values in series.items()}
    ends = [f"{name} goes from {values[0]:.2f} to {values[-1]:.2f}" for name, values in there.items()]
    told = f"From {x_title} {x[0]:g} to {x[-1]:g}, {listed(ends)}."
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (f"{at_x:g}", *(None if np.isnan(values[n]) else float(values[n]) for values in series.values()))
        for n, at_x in enumerate(x.tolist())
    )
    table = Table(y_title, (x_title, *series), rows)
    return Chart(_figure(x, series, x_title, y_title, at, log_x, y_range), summary or told, table, reading)


def _figure(
    x: Array,
    series: Mapping[str, Array],
    x_title: str,
    y_title: str,
    at: float | None,
    log_x: bool,
    y_range: Sequence[float] | None,
) -> Figure:
    places = _places(series, y_range)
    span = [float(np.log10(end)) if log_x else float(end) for end in (x[0], x[-1])]
    return {
        "data": [
            {
                "type": "scatter",
                "mode": "lines",
                "x": typed(x[~np.isnan(values)].astype(np.float32)),
                "y": typed(values[~np.isnan(values)].astype(np.float32)),
                "line": {"dash": dash},
                # A line at zero would lose its lower half.
                "cliponaxis": False,
                "name": plotly_text(name),
                "hovertemplate": f"{hover_text(name)}, {hover_text(x_title)} %{{x}}: %{{y:.3f}}<extra></extra>",
            }
            for (name, values), dash in zip(series.items(), DASHES, strict=False)
        ],
        "layout": layout(
            xaxis={
                "title": {"text": plotly_text(x_title)},
                "fixedrange": True,
                "range": span,
                "showgrid": False,
                "zeroline": False,
                **({"type": "log", "dtick": 1, "tickformat": ","} if log_x else {}),
            },
            yaxis={
                "title": {"text": plotly_text(y_title)},
                "fixedrange": True,
                "zeroline": False,
                "automargin": True,
                **({"range": list(y_range)} if y_range else {"rangemode": "tozero"}),
            },
            annotations=[_name(name, y) for name, y in places.items()],
            shapes=[
                *([] if at is None else [_mark(at)]),
                *(
                    _piece(places[name], number, dash)
                    for number, (name, dash) in enumerate(zip(series, DASHES, strict=False), 1)
                ),
            ],
            margin={"l": 48, "r": margin(list(series), COLUMN) + PIECE + 2 * GAP, "t": 12, "b": 48},
        ),
    }


def _places(series: Mapping[str, Array], y_range: Sequence[float] | None) -> dict[str, float]:
    """The height of each line's name: that of its end, moved apart where lines end close together."""
    ends = {name: float(values[~np.isnan(values)][-1]) for name, values in series.items()}
    every = np.concatenate(list(series.values()))
    low, high = y_range or (min(0.0, float(np.nanmin(every))), float(np.nanmax(every)))
    apart = (high - low) / 14
    places: dict[str, float] = {}
    floor = -np.inf
    for name in sorted(ends, key=lambda name: ends[name]):
        places[name] = floor = max(ends[name], floor + apart)
    over = max(0.0, floor - high)
    return {name: places[name] - over for name in series}


def _name(name: str, y: float) -> Figure:
    return {
        "text": plotly_text(name), "xref": "paper", "x": 1, "y": y, "xanchor": "left", "yanchor": "middle",
        "showarrow": False, "xshift": PIECE + 2 * GAP,
    }  # fmt: skip


def _piece(y: float, number: int, dash: str) -> Figure:
    """A piece of a line beside its name: lines that end together could not be told apart."""
    return {
        "type": "line", "templateitemname": f"series-{number}", "visible": True, "line": {"dash": dash},
        "xref": "paper", "xsizemode": "pixel", "xanchor": 1, "x0": GAP, "x1": GAP + PIECE, "y0": y, "y1": y,
    }  # fmt: skip


def _mark(at: float) -> Figure:
    return {
        "type": "line", "templateitemname": "here", "visible": True, "x0": at, "x1": at, "yref": "paper", "y0": 0,
        "y1": 1,
    }  # fmt: skip
