"""Runs for the tests of the views."""

from typing import Any

from circuit_explainer.charts import Chart
from circuit_explainer.core import Transformer
from circuit_explainer.core.steps import finished
from circuit_explainer.workbench.playground import runs
from circuit_explainer.workbench.playground.interventions import parse_all
from circuit_explainer.workbench.playground.runs import Runs
from circuit_explainer.workbench.playground.views import View

TEXT, OTHER = "the cat sat on the mat . the cat", "mat the . cat the on sat cat the"


def made(view: View, model: Transformer, *edits: str, text: str = TEXT, **values: Any) -> Runs:
    """The runs that the view gets, with nothing kept of earlier ones, so that they hold what it needs."""
    runs.clear()
    changes, needed = parse_all(edits, model.cfg), view.needed(model, values)
    if view.on_repeats:
        return finished(runs.steps_on_repeats(model, changes, needed))
    return finished(runs.steps(model, text, OTHER, changes, needed))


def drawn(view: View, model: Transformer, *edits: str, text: str = TEXT, **values: Any) -> Chart:
    """The chart of a view."""
    chart = view.draw(made(view, model, *edits, text=text, **values), **values)
    return chart if isinstance(chart, Chart) else finished(chart)
