"""Quantities over a training run: lines over the training step, the chosen step marked and told in the sentence."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

import numpy as np

from circuit_explainer.charts.chart import Array, Cell, Chart, Table
from circuit_explainer.charts.general.lines import lines
from circuit_explainer.charts.labels import listed

READING = (
    "How to read it: each line is one quantity, named at its right end. The dotted line upright marks the chosen step. "
    "Each mark of the axis below is ten times the one before; step 0 has no place on it and stands in the table."
)
TITLE = "training step"


def over_training(
    steps: Sequence[int],
    series: Mapping[str, Array],
    at: int | None = None,
    *,
    quantity: str,
    reading: str = READING,
    summary: str = "",
    y_range: Sequence[float] | None = None,
) -> Chart:
    """Return up to five lines over the training step, on a logarithmic axis.

    `steps` is [n], rising from 0 or more; `series` gives each line's numbers [n] by its name; `at` is the step that is
    marked and told, `quantity` what all lines measure, with its unit. `summary` replaces the sentence on what the
    lines are at that step. Step 0 has no logarithm: it stands in the table only. Raises ValueError when `at` is no
    step, fewer than two steps are above 0, or the sizes do not agree.
    """
    numbers = np.array(steps)
    drawn = numbers > 0
    if numbers.ndim != 1 or drawn.sum() < 2:
        raise ValueError(f"steps must hold at least two above 0. Got {list(steps)!r:.100}.")
    if at is not None and at not in steps:
        raise ValueError(f"at must be one of the steps. Got {at}.")
    for name, values in series.items():
        if values.shape != numbers.shape:
            raise ValueError(f"{name} must have shape {numbers.shape}. Got {values.shape}.")
    chart = lines(
        numbers[drawn],
        {name: values[drawn] for name, values in series.items()},
        x_title=TITLE,
        y_title=quantity,
        summary=summary or _told(steps, series, steps[-1] if at is None else at),
        reading=reading,
        at=at or None,
        log_x=True,
        y_range=y_range,
    )
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (f"{step:,}", *(float(values[n]) for values in series.values())) for n, step in enumerate(steps)
    )
    return dataclasses.replace(chart, table=Table(quantity, (TITLE, *series), rows))


def _told(steps: Sequence[int], series: Mapping[str, Array], at: int) -> str:
    n = list(steps).index(at)
    return f"At step {at:,}: {listed([f'{name} {values[n]:.2f}' for name, values in series.items()])}."
