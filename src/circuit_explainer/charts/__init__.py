"""Charts: arrays and labels in, a Plotly dict with its sentence and its table out. No colours: the page has them."""

from circuit_explainer.charts.attention import attention
from circuit_explainer.charts.bars import bars, contributions, predictions
from circuit_explainer.charts.chart import Chart, Table
from circuit_explainer.charts.heads import heads
from circuit_explainer.charts.lines import lines
from circuit_explainer.charts.matrix import matrix
from circuit_explainer.charts.picture import part, picture

__all__ = [
    "Chart",
    "Table",
    "attention",
    "bars",
    "contributions",
    "heads",
    "lines",
    "matrix",
    "part",
    "picture",
    "predictions",
]
