"""Charts: arrays and labels in, a Plotly dict with its sentence and its table out. No colours: the page has them."""

from circuit_explainer.charts.attention import attention
from circuit_explainer.charts.bars import contributions, predictions
from circuit_explainer.charts.chart import Chart, Table
from circuit_explainer.charts.heads import heads

__all__ = ["Chart", "Table", "attention", "contributions", "heads", "predictions"]
