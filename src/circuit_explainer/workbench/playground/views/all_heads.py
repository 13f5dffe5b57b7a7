"""All heads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from circuit_explainer import charts
from circuit_explainer.charts import Chart
from circuit_explainer.core import ActivationCache, Transformer
from circuit_explainer.core.arrays import Array
from circuit_explainer.core.hooks import NamesFilter
from circuit_explainer.exhibits import Control
from circuit_explainer.exhibits.controls import Wire
from circuit_explainer.workbench.playground.runs import Runs
from circuit_explainer.workbench.playground.views.view import View, has_heads, run_control


def controls(model: Transformer, wires: Mapping[str, Wire]) -> dict[str, Control]:
    """Which run is drawn."""
    return run_control(wires)


def needed(model: Transformer, values: Mapping[str, Any]) -> NamesFilter:
    """Every pattern."""
    return lambda name: name.endswith("hook_pattern")


def numbers(runs: Runs, logits: Array, cache: ActivationCache, run: str = "clean") -> Array:
    """The patterns [layer, head, query, key]."""
    return np.stack([cache["pattern", layer][0] for layer in range(runs.model.cfg.n_layers)])


def draw(runs: Runs, run: str = "clean") -> Chart:
    """The chart."""
    return charts.heads(numbers(runs, runs.clean_logits, runs.clean), runs.labels)


def code(model: Transformer, run: str = "clean") -> list[str]:
    """The patterns in TransformerLens."""
    return ['result = torch.stack([cache["pattern", layer][0] for layer in range(model.cfg.n_layers)])']


ALL_HEADS = View("All heads", "Attention", ("run",), controls, needed, draw, numbers, code, has_heads)
