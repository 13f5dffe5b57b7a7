"""Lines over a run's steps, with marks for the step that is shown, the phase change and an even guess."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np

from circuit_explainer import charts
from circuit_explainer.charts import Chart, Table
from circuit_explainer.charts.chart import Array, Cell, Figure
from circuit_explainer.workbench.lab.story import Story

X = "training step"
LOG = "Each mark of the axis below is ten times the one before; step 0 stands in the table."
Kept = tuple[str, Array, Array]  # the name of a kept curve, its steps, its losses


def curves(
    story: Story, x: Array, series: dict[str, Array], at: int, y_title: str, summary: str, reading: str,
    y_range: tuple[float, float],
) -> Chart:  # fmt: skip
    """Return up to five lines over the steps `x`, each [n]; the moment `at` of the story is marked."""
    drawn = x > 0 if story.log else np.ones(len(x), bool)
    step = float(story.steps[at])
    chart = charts.lines(
        x[drawn],
        {name: values[drawn] for name, values in series.items()},
        x_title=X,
        y_title=y_title,
        summary=summary,
        reading=f"{reading}{LOG}" if story.log else reading.rstrip(),
        at=None if story.log and not step else step,
        log_x=story.log,
        y_range=y_range,
    )
    layout = chart.figure["layout"]
    if not story.log:
        layout["xaxis"]["range"] = [0, max(story.end, int(x[-1]))]
    layout["margin"]["t"] = 28
    if story.passed is not None:
        _phase(layout, story.passed)
    return dataclasses.replace(chart, table=table(x, series, y_title))


def table(x: Array, series: dict[str, Array], caption: str) -> Table:
    """Return a row for each step; NaN is an empty cell."""
    rows: list[tuple[Cell, ...]] = [
        (f"{step:,}", *(None if np.isnan(values[n]) else float(values[n]) for values in series.values()))
        for n, step in enumerate(x.tolist())
    ]
    return Table(caption, (X, *series), tuple(rows))


def _phase(layout: Figure, step: int) -> None:
    """Mark where the phase change is passed."""
    place = float(np.log10(step)) if layout["xaxis"].get("type") == "log" else float(step)
    layout["shapes"].append(
        {"type": "line", "templateitemname": "mark", "visible": True, "x0": step, "x1": step, "yref": "paper",
         "y0": 0, "y1": 1}
    )  # fmt: skip
    layout["annotations"].append(
        {"text": f"phase change, step {step:,}", "x": place, "yref": "paper", "y": 1, "yanchor": "bottom",
         "xanchor": "left", "xshift": -4, "showarrow": False}
    )  # fmt: skip


def even_guess(figure: Figure, story: Story, top: float) -> None:
    """Draw what an even guess costs, named on the axis."""
    layout = figure["layout"]
    layout["shapes"].append(
        {"type": "line", "templateitemname": "mark", "visible": True, "line": {"dash": "dash"}, "xref": "paper",
         "x0": 0, "x1": 1, "y0": story.even, "y1": story.even}
    )  # fmt: skip
    step = max(1, round(top / 5))
    marks = [n for n in range(0, int(top) + 1, step) if abs(n - story.even) > 0.06 * top]
    layout["yaxis"] |= {
        "tickmode": "array", "tickvals": [*marks, story.even],
        "ticktext": [*map(str, marks), f"ln {story.symbols}"], "range": [0, top],
    }  # fmt: skip


def together(curves: Sequence[Kept]) -> tuple[Array, dict[str, Array]]:
    """Return curves with steps of their own over all steps together, NaN where one has no number."""
    # np.unique would ask for numpy.ma, which the browser has in a part of its own.
    x = np.array(sorted({int(step) for _, steps, _ in curves for step in steps}))
    series = {}
    for name, steps, values in curves:
        series[name] = np.full(len(x), np.nan)
        series[name][np.searchsorted(x, steps)] = values
    return x, series
