"""Pictures: HTML or SVG in place of a Plotly figure, for structure that can be pressed; with sentence and table too.

A part with the attribute `data-set="head=L0H1"` sets the exhibit's control `head` when it is pressed; one with
`data-set="paths:direct"` switches the option `direct` of a control of several. `part` writes both.
"""

from __future__ import annotations

from circuit_explainer.charts.chart import Chart, Table
from circuit_explainer.diagrams.svg import part as part

READING = "How to read it: follow the arrows. Information flows along them, from below to above and from left to right."


def picture(html: str, *, summary: str, table: Table, reading: str = READING) -> Chart:
    """Return a chart that is a picture. `html` is ready: every text in it that is a reader's must be escaped."""
    return Chart({"html": html}, summary, table, reading)
