"""Composition map: what later heads read of what earlier heads write, beside what random matrices would score."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from circuit_explainer import charts
from circuit_explainer.charts import Chart
from circuit_explainer.charts.labels import signed
from circuit_explainer.circuits import composition_scores, random_composition
from circuit_explainer.circuits.heads import all_heads, head_name, head_weight
from circuit_explainer.core import ActivationCache, Transformer
from circuit_explainer.core.arrays import Array
from circuit_explainer.core.hooks import NamesFilter
from circuit_explainer.core.run import ops
from circuit_explainer.exhibits import Choice, Control
from circuit_explainer.exhibits.controls import Wire
from circuit_explainer.workbench.playground.runs import Runs
from circuit_explainer.workbench.playground.views.heads import layer_and_head
from circuit_explainer.workbench.playground.views.view import View
from circuit_explainer.workbench.playground.views.weights import same_with_interventions

KINDS = {"queries": "Q", "keys": "K", "values": "V"}
# With more heads a map shows one later head; all pairs of a large model would take minutes.
HEADS = 40
WORK = 1 << 27  # multiplications, the same
# Pairs of random matrices behind the baseline; large ones hardly differ from each other.
SAMPLES, SAMPLES_LARGE, LARGE = 100, 10, 256
READING = (
    "How to read it: each row is an earlier head, each column a later one. A cell is how much of what the first "
    "writes the second reads, less what random matrices of this size would score: zero means no more than by chance."
)
READING_ONE = (
    "How to read it: each cell is an earlier head, its layer at the left and its number below. The cell is how much of "
    "what it writes the later head reads, less what random matrices of this size would score."
)


def controls(model: Transformer, wires: Mapping[str, Wire]) -> dict[str, Control]:
    """By which input the later head reads, and in a large model which head that is."""
    found: dict[str, Control] = {"through": Choice(*KINDS, default="keys", label="Read by")}
    if large(model):
        found["later"] = Choice(*later_heads(model), label="Later head")
    return found


def needed(model: Transformer, values: Mapping[str, Any]) -> NamesFilter:
    """Weights only."""
    return ()


def large(model: Transformer) -> bool:
    """Whether one later head is shown at a time."""
    cfg = model.cfg
    heads = cfg.n_layers * cfg.n_heads
    return heads > HEADS or heads**2 // 2 * cfg.d_model * cfg.d_head**2 > WORK


def later_heads(model: Transformer) -> list[str]:
    """The heads that have an earlier one, the topmost layer first."""
    cfg = model.cfg
    return [head_name(layer, head) for layer in reversed(range(1, cfg.n_layers)) for head in range(cfg.n_heads)]


def samples(model: Transformer) -> int:
    """How many pairs of random matrices the baseline is the mean of."""
    return SAMPLES_LARGE if model.cfg.d_model >= LARGE else SAMPLES


def with_one(model: Transformer, kind: str, later: tuple[int, int]) -> Array:  # -> [l, h]
    """The composition score of every earlier head with one later head, as `circuits.composition_scores` has it."""
    a, b = {"Q": ("Q", "K"), "K": ("K", "Q"), "V": ("V", "O")}[kind]
    # The later head's matrix is right @ other: [d, e] and [e, d].
    right = head_weight(model, a, *later).astype(float)
    other = head_weight(model, b, *later).astype(float)
    other = other if kind == "V" else other.T
    outer = ops.product(other, np.ascontiguousarray(other.T))
    scores = np.zeros((later[0], model.cfg.n_heads))
    size = _norm(ops.product(np.ascontiguousarray(right.T), right), outer)
    for layer, head in all_heads(model.cfg)[: later[0] * model.cfg.n_heads]:
        w_v, w_o = (head_weight(model, each, layer, head).astype(float) for each in ("V", "O"))
        left = ops.product(np.ascontiguousarray(w_v.T), w_v)
        middle = ops.product(w_o, right)
        sizes = size * _norm(left, ops.product(w_o, np.ascontiguousarray(w_o.T)))
        if sizes > 0:  # a head that writes or reads nothing composes with none
            scores[layer, head] = _norm(left, middle @ outer @ middle.T) / sizes
    return scores


def _norm(left: Array, right: Array) -> float:
    """The Frobenius norm of A B, of `left` = Aᵀ A and `right` = B Bᵀ."""
    return float(np.sqrt(max((left * right).sum(), 0.0)))


def numbers(
    runs: Runs, logits: Array, cache: ActivationCache, through: str = "keys", later: str = ""
) -> Array:  # fmt: skip
    """The scores above the baseline: of all pairs [l, h, l, h], NaN where none is, or with one head [l, h]."""
    model, kind = runs.model, KINDS[through]
    if not large(model):
        return composition_scores(model, kind, samples(model)).above_baseline
    baseline = random_composition(model.cfg.d_model, model.cfg.d_head, samples(model))
    return with_one(model, kind, layer_and_head(later or later_heads(model)[0])) - baseline.mean


def draw(runs: Runs, through: str = "keys", later: str = "") -> Chart:
    """The map as a heatmap."""
    model = runs.model
    above = numbers(runs, runs.clean_logits, runs.clean, through, later)
    baseline = random_composition(model.cfg.d_model, model.cfg.d_head, samples(model))
    if large(model):
        values, later = above, later or later_heads(model)[0]
        rows, columns = [f"layer {n}" for n in range(len(values))], [f"head {n}" for n in range(values.shape[1])]
        titles = ("earlier layer", f"earlier head, read by {later}")
    else:
        names = [head_name(*at) for at in all_heads(model.cfg)]
        count = len(names) - model.cfg.n_heads
        values = above.reshape(len(names), len(names))[:count, model.cfg.n_heads :]
        rows, columns = names[:count], names[model.cfg.n_heads :]
        titles = ("earlier head, which writes", "later head, which reads")
    r, c = (int(n) for n in np.unravel_index(np.nanargmax(values), values.shape))
    first, second = (head_name(r, c), later) if large(model) else (rows[r], columns[c])
    told = f"By its {through}, {second} reads most of {first}: {signed(float(values[r, c]))} above the "
    told += f"{baseline.mean:.2f} that random matrices score, {_deviations(float(values[r, c]) / baseline.deviation)}."
    if values[r, c] <= 0:
        told = f"By their {through}, later heads read no more of earlier ones than random matrices would: the highest "
        told += f"score, {first} with {second}, is {signed(float(values[r, c]))} beside their {baseline.mean:.2f}."
    chart = charts.matrix(
        values, rows, columns, quantity="score above chance", row_title=titles[0], column_title=titles[1],
        summary=told, reading=READING_ONE if large(model) else READING,
    )  # fmt: skip
    return same_with_interventions(runs, chart)


def _deviations(z: float) -> str:
    return f"{z:.0f} standard deviations of theirs"


def code(model: Transformer, through: str = "keys", later: str = "") -> list[str]:
    """The scores above the baseline in TransformerLens."""
    lines = [
        "rng = np.random.default_rng(0)",
        "chance = []",
        f"for _ in range({samples(model)}):",
        "    a, b, c, d = (rng.standard_normal((model.cfg.d_model, model.cfg.d_head)) for _ in range(4))",
        "    left, right = a @ b.T, c @ d.T",
        "    chance.append(np.linalg.norm(left @ right) / np.linalg.norm(left) / np.linalg.norm(right))",
    ]
    if not large(model):
        kind = KINDS[through]
        return [
            *lines,
            "layers = torch.arange(model.cfg.n_layers)",
            "earlier = layers[:, None] < layers  # [earlier layer, later layer]",
            f'scores = model.all_composition_scores("{kind}") - np.mean(chance)',
            'result = scores.masked_fill(~earlier[:, None, :, None], float("nan"))',
        ]
    layer, head = layer_and_head(later or later_heads(model)[0])
    right = {"queries": "model.QK[{}, {}]", "keys": "model.QK[{}, {}].T", "values": "model.OV[{}, {}]"}[through]
    return [
        *lines,
        f"right = {right.format(layer, head)}.AB",
        f"left = model.OV[:{layer}].AB  # [layer, head, d_model, d_model]",
        "scores = (left @ right).norm(dim=(-2, -1)) / left.norm(dim=(-2, -1)) / right.norm()",
        "result = scores - np.mean(chance)",
    ]


COMPOSITION = View(
    "Composition map", "Weights", ("through", "later"), controls, needed, draw, numbers, code,
    lambda model: model.cfg.n_layers > 1, by_run=False,
)  # fmt: skip
