"""Runs and charts for the tests of the views."""

import json
from collections.abc import Generator, Sequence
from types import GeneratorType
from typing import Any

import plotly.graph_objects as go

from circuit_explainer.charts import Chart
from circuit_explainer.core import Transformer
from circuit_explainer.workbench.playground import texts
from circuit_explainer.workbench.playground.interventions import parse_all
from circuit_explainer.workbench.playground.runs import Runs, steps
from circuit_explainer.workbench.playground.views import View


def finished(work: Any) -> Any:
    """What a generator returns; anything else is ready."""
    if not isinstance(work, GeneratorType):
        return work
    waiting: Generator[str, None, Any] = work
    while True:
        try:
            assert next(waiting)
        except StopIteration as end:
            return end.value


def runs_of(view: View, model: Transformer, text: str = "", edits: Sequence[str] = (), **values: Any) -> Runs:
    """The runs that the playground makes for a view; the other prompt is the one that it offers."""
    text = text or texts.control(model).default
    other = texts.other_control(model, text).default
    made = finished(steps(model, text, other, parse_all(edits, model.cfg), view.needed(model, values)))
    assert isinstance(made, Runs)
    return made


def drawn(view: View, runs: Runs, **values: Any) -> Chart:
    """The view's chart, looked at as a page would: figure, sentence, reading line and table."""
    chart = finished(view.draw(runs, **values))
    assert isinstance(chart, Chart)
    if "html" not in chart.figure:
        go.Figure(chart.figure)
    json.dumps(chart.figure, allow_nan=False)
    assert chart.summary.endswith(".")
    assert chart.reading.startswith("How to read it: ")
    assert "nan" not in chart.summary
    assert chart.table.rows
    assert len(set(chart.table.columns[:1])) == 1
    assert all(len(row) == len(chart.table.columns) and isinstance(row[0], str) for row in chart.table.rows)
    return chart


def column(chart: Chart, name: str) -> list[Any]:
    """A column of the chart's table."""
    return [row[chart.table.columns.index(name)] for row in chart.table.rows]
