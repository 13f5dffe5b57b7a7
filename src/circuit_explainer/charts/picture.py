"""Pictures: HTML or SVG in place of a Plotly figure, for structure that can be pressed; with sentence and table too.

A part with the attribute `data-set="head=L0H1"` sets the exhibit's control `head` when it is pressed; one with
`data-set="paths:direct"` switches the option `direct` of a control of several. `part` writes both.
"""

from __future__ import annotations

from html import escape

from circuit_explainer.charts.chart import Chart, Table

READING = "How to read it: follow the arrows. Information flows along them, from below to above and from left to right."


def picture(html: str, *, summary: str, table: Table, reading: str = READING) -> Chart:
    """Return a chart that is a picture. `html` is ready: every text in it that is a reader's must be escaped."""
    return Chart({"html": html}, summary, table, reading)


def part(html: str, control: str, value: str, name: str, *, pressed: bool | None = None) -> str:
    """Return SVG `html` as a part that can be pressed: it sets `control` to `value`.

    `name` says what pressing does. `pressed` tells, and makes it a switch, whether the option is on.
    """
    state = "" if pressed is None else f' aria-pressed="{str(pressed).lower()}"'
    joint = "=" if pressed is None else ":"
    return (
        f'<g class="part" role="button" tabindex="0" data-set="{escape(f"{control}{joint}{value}")}" '
        f'aria-label="{escape(name)}"{state}>{html}</g>'
    )
