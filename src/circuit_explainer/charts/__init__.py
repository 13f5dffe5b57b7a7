"""Charts: arrays and labels in, a Plotly dict with its sentence and its table out. No colours: the page has them."""

from circuit_explainer.charts.chart import Chart, Table
from circuit_explainer.charts.general.attention import attention
from circuit_explainer.charts.general.bars import bars, contributions, predictions
from circuit_explainer.charts.general.cells import cells
from circuit_explainer.charts.general.compare import compare
from circuit_explainer.charts.general.heads import heads
from circuit_explainer.charts.general.lines import lines
from circuit_explainer.charts.general.matrix import matrix
from circuit_explainer.charts.general.points import points
from circuit_explainer.charts.general.strip import strip
from circuit_explainer.charts.general.vectors import vectors
from circuit_explainer.charts.lessons.attention_steps import ATTENTION_STEPS, attention_steps
from circuit_explainer.charts.lessons.circuit import INDUCTION_STEPS, induction_steps, softmax
from circuit_explainer.charts.lessons.continuations import continuations
from circuit_explainer.charts.lessons.dot_product import dot_product
from circuit_explainer.charts.lessons.followers import followers
from circuit_explainer.charts.lessons.full_circuit import full_circuit
from circuit_explainer.charts.lessons.hooks import HOOKS, activation, hook_map
from circuit_explainer.charts.lessons.logits import logits
from circuit_explainer.charts.lessons.over_training import over_training
from circuit_explainer.charts.lessons.paths import paths
from circuit_explainer.charts.lessons.pieces import pieces
from circuit_explainer.charts.lessons.query_key_value import handed_over, query_key_value, three_questions
from circuit_explainer.charts.lessons.score_use import score_use
from circuit_explainer.charts.lessons.scores import scores
from circuit_explainer.charts.lessons.stream import stream
from circuit_explainer.charts.lessons.token_vectors import token_vectors
from circuit_explainer.charts.lessons.weighted import weighted_attention
from circuit_explainer.charts.picture import part, picture

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
