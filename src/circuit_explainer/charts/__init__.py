"""Charts: arrays and labels in, a Plotly dict with its sentence and its table out. No colours: the page has them."""

from circuit_explainer.charts.attention import attention
from circuit_explainer.charts.attention_steps import ATTENTION_STEPS, attention_steps
from circuit_explainer.charts.bars import bars, contributions, predictions
from circuit_explainer.charts.cells import cells
from circuit_explainer.charts.chart import Chart, Table
from circuit_explainer.charts.circuit import INDUCTION_STEPS, induction_steps, softmax
from circuit_explainer.charts.compare import compare
from circuit_explainer.charts.continuations import continuations
from circuit_explainer.charts.dot_product import dot_product
from circuit_explainer.charts.followers import followers
from circuit_explainer.charts.full_circuit import full_circuit
from circuit_explainer.charts.heads import heads
from circuit_explainer.charts.hooks import HOOKS, activation, hook_map
from circuit_explainer.charts.lines import lines
from circuit_explainer.charts.logits import logits
from circuit_explainer.charts.matrix import matrix
from circuit_explainer.charts.over_training import over_training
from circuit_explainer.charts.paths import paths
from circuit_explainer.charts.picture import part, picture
from circuit_explainer.charts.pieces import pieces
from circuit_explainer.charts.points import points
from circuit_explainer.charts.query_key_value import handed_over, query_key_value, three_questions
from circuit_explainer.charts.score_use import score_use
from circuit_explainer.charts.scores import scores
from circuit_explainer.charts.stream import stream
from circuit_explainer.charts.strip import strip
from circuit_explainer.charts.token_vectors import token_vectors
from circuit_explainer.charts.vectors import vectors
from circuit_explainer.charts.weighted import weighted_attention

__all__ = [
    "ATTENTION_STEPS",
    "HOOKS",
    "INDUCTION_STEPS",
    "Chart",
    "Table",
    "activation",
    "attention",
    "attention_steps",
    "bars",
    "cells",
    "compare",
    "continuations",
    "contributions",
    "dot_product",
    "followers",
    "full_circuit",
    "handed_over",
    "heads",
    "hook_map",
    "induction_steps",
    "lines",
    "logits",
    "matrix",
    "over_training",
    "part",
    "paths",
    "picture",
    "pieces",
    "points",
    "predictions",
    "query_key_value",
    "score_use",
    "scores",
    "softmax",
    "stream",
    "strip",
    "three_questions",
    "token_vectors",
    "vectors",
    "weighted_attention",
]
