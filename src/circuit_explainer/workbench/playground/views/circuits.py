"""QK and OV circuits of one head: which tokens it wants, and what it does to the logits, by its weights alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from circuit_explainer import charts
from circuit_explainer.charts import Chart, Table
from circuit_explainer.charts.labels import quoted, signed
from circuit_explainer.circuits import eigenvalue_score, full_ov, full_qk
from circuit_explainer.core import ActivationCache, Transformer
from circuit_explainer.core.arrays import Array
from circuit_explainer.core.hooks import NamesFilter
from circuit_explainer.exhibits import Choice, Control, Slider
from circuit_explainer.exhibits.controls import Wire
from circuit_explainer.workbench.playground.runs import Runs
from circuit_explainer.workbench.playground.views.heads import head_control, layer_and_head
from circuit_explainer.workbench.playground.views.view import View, has_heads
from circuit_explainer.workbench.playground.views.weights import same_with_interventions
from circuit_explainer.workbench.playground.views.words import distinct, token_names

# The largest vocabulary whose circuits are shown whole, and the most tokens of a text: more have no labels on an axis.
WHOLE, SOME = 128, 40
TEXT, ALL = "tokens of the text", "all tokens"
QK, OV = "QK", "OV"
FURTHEST = 63


def controls(model: Transformer, wires: Mapping[str, Wire]) -> dict[str, Control]:
    """Which head, which circuit between which tokens, and with rotary positions how far apart they stand."""
    among = (TEXT, ALL) if model.cfg.d_vocab <= WHOLE else (TEXT,)
    circuit = Choice(*(f"{kind}, {which}" for kind in (QK, OV) for which in among), label="Circuit")
    found: dict[str, Control] = {**head_control(model), "circuit": circuit}
    chosen = str(wires.get("circuit", circuit.default))
    if model.cfg.positional_embedding_type == "rotary" and not chosen.startswith(OV) and model.cfg.n_ctx > 1:
        furthest = min(FURTHEST, model.cfg.n_ctx - 1)
        found["distance"] = Slider(0, furthest, 0, unit="positions", label="Key before the query by")
    return found


def needed(model: Transformer, values: Mapping[str, Any]) -> NamesFilter:
    """Weights only."""
    return ()


def among(runs: Runs, circuit: str) -> Array:
    """The tokens that are rows and columns, by number."""
    if circuit.endswith(ALL):
        return np.arange(runs.model.cfg.d_vocab)
    return np.array(distinct(runs.tokens)[:SOME])


def numbers(
    runs: Runs, logits: Array, cache: ActivationCache, head: str = "L0H0", circuit: str = f"{QK}, {TEXT}",
    distance: int = 0,
) -> Array:  # fmt: skip
    """The circuit between these tokens, [row, column]."""
    some, (layer, number) = among(runs, circuit), layer_and_head(head)
    if circuit.startswith(QK):
        return full_qk(runs.model, layer, number, some, some, distance).AB
    return full_ov(runs.model, layer, number, some, some).AB


def draw(runs: Runs, head: str = "L0H0", circuit: str = f"{QK}, {TEXT}", distance: int = 0) -> Chart:
    """The circuit as a heatmap."""
    model, qk = runs.model, circuit.startswith(QK)
    values = numbers(runs, runs.clean_logits, runs.clean, head, circuit, distance)
    some = among(runs, circuit)
    names = token_names(runs, some)
    first, largest = int(values.max(axis=1).argmax()), float(values.max())
    best = quoted(names[int(values[first].argmax())])
    row = quoted(names[first])
    diagonal = int((values.argmax(axis=1) == np.arange(len(values))).sum())
    rows = f"In {diagonal} of {len(values)} rows the largest number stands on the diagonal"
    rows += (
        f": there {'a token wants its own kind' if qk else 'the token looked at is raised most'}." if diagonal else "."
    )
    if qk:
        told = f"{head} as {row} asks fits best with {best} as key: {signed(largest)}, the largest score of all"
        told += f", {distance} positions apart. " if distance else ". "
        told += rows
    else:
        score = float(eigenvalue_score(full_ov(model, *layer_and_head(head))))
        told = f"When {head} looks at {row}, it raises {best} by {signed(largest)}, the most of all. "
        told += f"{rows} By eigenvalues the copying score of the head, over the whole vocabulary, is {signed(score)}: "
        told += f"{_copying(score)}."
    there = len(distinct(runs.tokens))
    if not circuit.endswith(ALL) and there > SOME:
        told += f" Only {SOME} of the {there} different tokens of the text stand here."
    chart = charts.matrix(
        values, names, names,
        quantity="score" if qk else "logit",
        row_title="token that asks" if qk else "token looked at",
        column_title="token that answers" if qk else "token foretold",
        summary=told, reading=reading(model, qk),
    )  # fmt: skip
    if len(some) > SOME:
        chart = replace(chart, table=by_row(chart.table, values, names))
    return same_with_interventions(runs, chart)


def by_row(table: Table, values: Array, names: list[str]) -> Table:
    """A row for each token with the column that has the most: all cells of a whole vocabulary would be too many."""
    best = values.argmax(axis=1)
    rows = zip(names, (names[n] for n in best), values.max(axis=1).tolist(), values.diagonal().tolist(), strict=True)
    row, _, column = table.columns[0].partition(" \\ ")
    columns = (row, f"{column} that has most", "number", "on the diagonal")
    return Table(f"{table.caption}: the largest of each row", columns, tuple(rows))


def reading(model: Transformer, qk: bool) -> str:
    """The line on how to read it, with what the circuit leaves out in this model."""
    told = "How to read it: "
    if qk:
        told += "a cell is how well the row’s token, as query, fits the column’s token, as key. "
        told += f"The model divides it by {model.cfg.d_head**0.5:.1f} before the softmax. "
    else:
        told += "a cell is what the head adds to the logit of the column’s token for looking at the row’s. "
    without = ["positions"] if qk and model.cfg.positional_embedding_type != "rotary" else []
    if model.cfg.normalization_type in ("LN", "RMS"):
        without.append("the weights of the normalization")
    without.append("biases")
    return f"{told}It is made of weights: {', '.join(without)} and other layers are not in it."


def _copying(score: float) -> str:
    if score > 0.5:
        return "evidence of copying"
    return "evidence against copying" if score < -0.5 else "no clear evidence of copying"


def code(
    model: Transformer, head: str = "L0H0", circuit: str = f"{QK}, {TEXT}", distance: int = 0
) -> list[str]:  # fmt: skip
    """The circuit in TransformerLens."""
    layer, number = layer_and_head(head)
    some = "torch.arange(model.cfg.d_vocab)" if circuit.endswith(ALL) else f"tokens[0].unique()[:{SOME}]"
    lines = [f"some = {some}"]
    if not circuit.startswith(QK):
        lines.append(f"OV = model.W_V[{layer}, {number}] @ model.W_O[{layer}, {number}]")
        return [*lines, "result = model.W_E[some] @ OV @ model.W_U[:, some]  # [looked at, foretold]"]
    lines.append(f"W_Q = model.W_Q[{layer}, {number}]")
    if distance:
        turn = f"model.blocks[{layer}].attn.apply_rotary"
        lines.append(
            f"W_Q = {turn}(W_Q[:, None, None], past_kv_pos_offset={distance})[:, 0, 0]  # turns as positions do"
        )
    lines.append(f"QK = W_Q @ model.W_K[{layer}, {number}].T")
    return [*lines, "result = model.W_E[some] @ QK @ model.W_E[some].T  # [asks, answers]"]


CIRCUITS = View(
    "QK and OV circuits", "Weights", ("head", "circuit", "distance"), controls, needed, draw, numbers, code, has_heads,
    by_run=False,
)  # fmt: skip
