"""Charts: arrays and labels in, a Plotly dict with its sentence and its table out. No colours: the page has them."""

from circuit_explainer.charts.attention import attention
from circuit_explainer.charts.bars import bars, contributions, predictions
from circuit_explainer.charts.chart import Chart, Table
from circuit_explainer.charts.circuit import INDUCTION_STEPS, induction_steps, softmax
from circuit_explainer.charts.compare import compare
from circuit_explainer.charts.continuations import continuations
from circuit_explainer.charts.heads import heads
from circuit_explainer.charts.hooks import HOOKS, activation, hook_map
from circuit_explainer.charts.lines import lines
from circuit_explainer.charts.matrix import matrix
from circuit_explainer.charts.over_training import over_training
from circuit_explainer.charts.picture import part, picture
from circuit_explainer.charts.points import points
from circuit_explainer.charts.score_use import score_use
from circuit_explainer.charts.strip import strip
from circuit_explainer.charts.vectors import vectors

__all__ = [
    "HOOKS",
    "INDUCTION_STEPS",
    "Chart",
    "Table",
    "activation",
    "attention",
    "bars",
    "compare",
    "continuations",
    "contributions",
    "heads",
    "hook_map",
    "induction_steps",
    "lines",
    "matrix",
    "over_training",
    "part",
    "picture",
    "points",
    "predictions",
    "score_use",
    "softmax",
    "strip",
    "vectors",
]
