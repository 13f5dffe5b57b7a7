"""A chart outside the site: as a plotly.py figure, with its sentence for a title. Needs plotly.

On the site the page lends its colours to a figure; here the figure brings those of the site's light scheme.
"""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

from circuit_explainer.charts.labels import plotly_text

if TYPE_CHECKING:
    from circuit_explainer.charts.chart import Chart

WIDTH = 80  # characters of the sentence in a line
SERIES = ("#0072b2", "#a84b00", "#006b4f", "#6b5b00", "#8c3a6b")
TEMPLATE: dict[str, Any] = {
    "data": {"heatmap": [{"colorscale": "Cividis"}], "bar": [{"marker": {"color": "#0a4f8a"}}]},
    "layout": {
        "colorscale": {"sequential": "Cividis"},
        "colorway": list(SERIES),
        "plot_bgcolor": "#ffffff",
        "shapes": [
            {"name": "destination", "type": "rect", "visible": False, "line": {"color": "#6f3c00", "width": 2}},
            {"name": "casing", "type": "rect", "visible": False, "line": {"color": "#ffffff", "width": 6}},
            {
                "name": "source",
                "type": "rect",
                "visible": False,
                "line": {"color": "#00514c", "width": 2, "dash": "5px"},
            },
            {"name": "here", "type": "line", "visible": False, "line": {"color": "#6f3c00", "width": 2, "dash": "dot"}},
            *(
                {"name": f"series-{n}", "type": "line", "visible": False, "line": {"color": color, "width": 2}}
                for n, color in enumerate(SERIES, 1)
            ),
        ],
    },
}


def to_plotly(chart: Chart) -> Any:
    """Return the chart as a ``plotly.graph_objects.Figure``, 480 pixels high. Raises ImportError without plotly."""
    import plotly.graph_objects as go

    lines = [plotly_text(line) for line in textwrap.wrap(chart.summary, WIDTH)]
    margin = chart.figure["layout"].get("margin", {})
    figure = go.Figure(chart.figure)
    figure.update_layout(
        template=TEMPLATE,
        title={"text": "<br>".join(lines), "font": {"size": 14}, "x": 0, "xanchor": "left", "xref": "paper"},
        margin={**margin, "t": margin.get("t", 0) + 24 + 20 * len(lines)},
        height=460 + 20 * len(lines),
    )
    return figure
