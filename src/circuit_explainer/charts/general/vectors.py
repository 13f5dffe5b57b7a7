"""Vectors as rows of upright bars, one bar a component, so that they can be compared place by place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from circuit_explainer.charts.chart import Array, Cell, Chart, Figure, Table, layout, typed
from circuit_explainer.charts.labels import hover_text, listed, margin, plotly_text, quoted, signed, ticks, visible

READING = (
    "How to read it: each row is one vector, each bar one of its components. Bars that point up are above zero. "
    "A component has the same place in every row."
)
MOST = 5
GAP = 0.08
# With more components than this an axis shows no names: they would overlap.
MAX_NAMES = 34
# So many names have room beside each other on a phone when they slant; more have to stand on end.
SLANTED = 16
# An axis with nothing but what float32 rounds to ends at 1.
FAINT = 1e-5


def vectors(
    rows: Mapping[str, Array],
    names: Sequence[str] = (),
    *,
    quantity: str = "component",
    summary: str = "",
    reading: str = READING,
    same_scale: bool = True,
) -> Chart:
    """Return up to five vectors, one above the other.

    `rows` gives each vector [n] by its name; `names` says what each component stands for. Without names the axis counts
    the components. `same_scale` gives all rows the same reach. `summary` replaces the sentence on the largest component
    of each. Raises ValueError when the sizes do not agree or there are more vectors.
    """
    if not 1 <= len(rows) <= MOST:
        raise ValueError(f"A chart has 1 to {MOST} vectors. Got {len(rows)}.")
    size = len(next(iter(rows.values())))
    for name, values in rows.items():
        if values.shape != (size,):
            raise ValueError(f"{name} must have shape ({size},). Got {values.shape}.")
    labels = [visible(name) for name in names] or [str(n) for n in range(size)]
    if len(labels) != size:
        raise ValueError(f"names must hold {size} names. Got {len(labels)}.")
    most = {name: int(np.abs(values).argmax()) for name, values in rows.items()}
    said = [f"{name} at {quoted(labels[at])} ({signed(float(rows[name][at]))})" for name, at in most.items()]
    cells: tuple[tuple[Cell, ...], ...] = tuple(
        (label, *(float(values[n]) for values in rows.values())) for n, label in enumerate(labels)
    )
    table = Table(f"{quantity[:1].upper()}{quantity[1:]}", (quantity, *rows), cells)
    return Chart(
        _figure(rows, labels, bool(names), same_scale, quantity),
        summary or f"Furthest from zero is {listed(said)}.",
        table,
        reading,
    )


def _figure(
    rows: Mapping[str, Array], labels: Sequence[str], are_names: bool, same_scale: bool, quantity: str
) -> Figure:
    spans = {name: _span(values) for name, values in rows.items()}
    if same_scale:
        spans = dict.fromkeys(rows, _span(np.concatenate(list(rows.values()))))
    height = (1 - GAP * (len(rows) - 1)) / len(rows)
    named = are_names and len(labels) <= MAX_NAMES
    if not are_names:
        marks: Figure = {"tickmode": "auto", "nticks": 8, "tickangle": 0, "title": {"text": plotly_text(quantity)}}
    else:
        marks = (
            {"tickangle": -60 if len(labels) <= SLANTED else -90} if named else {"showticklabels": False, "ticks": ""}
        )
    data, annotations, axes = [], [], {}
    for n, (name, values) in enumerate(rows.items()):
        key = str(n + 1) if n else ""
        top = 1 - n * (height + GAP)
        data.append(
            {
                "type": "bar",
                "x": list(range(len(labels))),
                "y": typed(values.astype(np.float32)),
                "yaxis": f"y{key}",
                "xaxis": "x",
                "hovertemplate": f"{hover_text(name)}, \u2068%{{x}}\u2069: %{{y:.3f}}<extra></extra>",
            }
        )
        axes[f"yaxis{key}"] = {
            "domain": [max(top - height, 0), top], "range": spans[name], "nticks": 4, "fixedrange": True, "anchor": "x",
        }  # fmt: skip
        annotations.append(
            {
                "text": plotly_text(name), "xref": "paper", "yref": "paper", "x": 0, "y": top, "xanchor": "left",
                "yanchor": "bottom", "showarrow": False,
            }
        )  # fmt: skip
    last = f"y{len(rows)}" if len(rows) > 1 else "y"
    across = ticks(labels, range=[-0.7, len(labels) - 0.3], anchor=last, **marks)
    room = 12 + margin(labels, 7.2) if named else 24 if are_names else 44
    return {
        "data": data,
        "layout": layout(
            xaxis=across, annotations=annotations, bargap=0.25, margin={"l": 48, "r": 8, "t": 24, "b": room}, **axes
        ),
    }


def _span(values: Array) -> list[float]:
    """Return the ends of an axis that holds these numbers and zero, with a little room beyond them."""
    low, high = min(float(values.min()), 0.0), max(float(values.max()), 0.0)
    if high - low < FAINT:
        return [0.0, 1.0]
    room = 0.05 * (high - low)
    return [low - room if low < 0 else 0.0, high + room]
