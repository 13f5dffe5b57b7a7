"""Views of the weights alone, which no run and no intervention changes."""

from __future__ import annotations

from dataclasses import replace

from circuit_explainer.charts import Chart
from circuit_explainer.workbench.playground.runs import Runs

SAME = "It is made of weights alone, which interventions do not change: clean and intervened are the same."


def same_with_interventions(runs: Runs, chart: Chart) -> Chart:
    """Say so where an intervention is on."""
    return chart if runs.cache is None else replace(chart, summary=f"{chart.summary} {SAME}")
