"""Hook explorer: any activation by its full name, one slice of it as a picture."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from circuit_explainer import charts
from circuit_explainer.charts import Chart, Table
from circuit_explainer.charts.labels import numbered, quoted, signed
from circuit_explainer.charts.lessons.hooks import AXES
from circuit_explainer.core import ActivationCache, Transformer
from circuit_explainer.core.arrays import Array
from circuit_explainer.core.hooks import NamesFilter
from circuit_explainer.core.shapes import activation_axes
from circuit_explainer.exhibits import Choice, Control
from circuit_explainer.exhibits.controls import Wire
from circuit_explainer.workbench.playground.runs import Runs
from circuit_explainer.workbench.playground.views.slices import chosen, cut, slices, written
from circuit_explainer.workbench.playground.views.view import View, run_control

# Positions of one picture, the last of a long text.
ROWS = 128
# Lying bars that have room for their numbers; more stand upright.
BARS = 24
# The activation that is minus infinity where a token would look ahead.
MASKED = "hook_attn_scores"
NAMES = {**AXES, "p": "position", "q": "query", "k": "key", "1": "one number"}


def controls(model: Transformer, wires: Mapping[str, Wire]) -> dict[str, Control]:
    """Which activation; of one with more axes, or a long one, which slice; and which run is drawn."""
    names = tuple(activation_axes(model.cfg))
    hook = str(wires.get("hook"))
    hook = hook if hook in names else default(model)
    parts = [each.label for each in slices(model, hook)]
    found: dict[str, Control] = {
        "hook": Choice(*names, default=default(model), label="Activation", groups=blocks(names))
    }
    if len(parts) > 1:
        found["piece"] = Choice(*parts, label="Slice")
    return {**found, **run_control(wires)}


def blocks(names: tuple[str, ...]) -> dict[str, int]:
    """The parts of the menu: how many activations stand before, in and behind each block."""
    counts: dict[str, int] = {}
    for name in names:
        inside = name.startswith("blocks.")
        part = f"block {name.split('.')[1]}" if inside else "at the end" if "." in name else "at the beginning"
        counts[part] = counts.get(part, 0) + 1
    return counts


def needed(model: Transformer, values: Mapping[str, Any]) -> NamesFilter:
    """The activation itself."""
    return str(values.get("hook") or default(model))


def default(model: Transformer) -> str:
    """The stream after the last layer; without layers the embedding."""
    last = model.cfg.n_layers - 1
    return "hook_embed" if last < 0 else f"blocks.{last}.hook_resid_post"


def numbers(
    runs: Runs, logits: Array, cache: ActivationCache, hook: str = "", piece: str = "", run: str = "intervened"
) -> Array:  # fmt: skip
    """The slice, [position], [position, column] or [query, key]; NaN for a score where nothing may look."""
    name = hook or default(runs.model)
    values = cache[name][cut(runs.model, name, piece)]
    return np.where(np.isinf(values), np.nan, values) if name.endswith(MASKED) else np.asarray(values)


def draw(runs: Runs, hook: str = "", piece: str = "", run: str = "intervened") -> Chart:
    """The slice as a heatmap, or bars where a position has one number."""
    model, name = runs.model, hook or default(runs.model)
    clean = numbers(runs, runs.clean_logits, runs.clean, name, piece)
    changed = None
    if runs.cache is not None and runs.logits is not None:
        changed = numbers(runs, runs.logits, runs.cache, name, piece)
    values = clean
    if changed is not None and run != "clean":
        values = changed if run == "intervened" else changed - clean
    letters = [axis for axis in activation_axes(model.cfg)[name][1:] if axis not in "hg"]
    called = name if not piece else f"{name}, {piece}"
    labels = numbered(runs.labels)
    start = chosen(model, name, piece).start
    told = sentence(runs, name, called, clean, changed, letters, start)
    last = min(len(labels), ROWS)
    if last < len(labels):
        told += f" The picture has the last {last} positions."
    if len(letters) == 1 or letters[-1] == "1":
        shown, quantity = values.reshape(-1)[-last:], name.rpartition(".")[2]
        if last > BARS:
            chart = charts.vectors({quantity: shown}, labels[-last:], quantity="token", summary=told)
        else:
            chart = charts.bars(shown, labels[-last:], quantity=quantity, column="Token", summary=told)
    else:
        columns = labels[-last:] if letters[-1] == "k" else [str(start + n) for n in range(values.shape[1])]
        shown = values[-last:, -last:] if letters[-1] == "k" else values[-last:]
        title = NAMES[letters[-1]]
        title += f", {columns[0]} to {columns[-1]}" if letters[-1] != "k" else ""
        chart = charts.matrix(
            shown, labels[-last:], columns,
            quantity="difference" if values is not clean and values is not changed else "value",
            row_title=NAMES[letters[0]], column_title=title, summary=told,
        )  # fmt: skip
    return replace(chart, table=table(called, labels, clean, changed))


def sentence(
    runs: Runs, name: str, called: str, clean: Array, changed: Array | None, letters: list[str], start: int
) -> str:
    """The shape of the activation, and the number furthest from zero in the slice, or the largest change."""
    whole = list(runs.clean[name].shape)
    axes = ", ".join(NAMES[axis] for axis in activation_axes(runs.model.cfg)[name])
    told = f"{name} has the shape {whole}: {axes}. "
    if changed is None:
        at = _furthest(clean)
        where = _where(runs, at, letters, start)
        return f"{told}In {called}, the number furthest from zero is {_said(clean[at])}, {where}."
    moved = np.where(np.isnan(changed - clean), 0, changed - clean)
    if not np.abs(moved).max() > 0:
        return f"{told}In {called}, the intervention changes nothing."
    at = _furthest(moved)
    told += f"In {called}, the number that changes most goes from {_said(clean[at])} in the clean run to "
    told += f"{_said(changed[at])} in the intervened one ({_said(moved[at])}), "
    return f"{told}{_where(runs, at, letters, start)}."


def _furthest(values: Array) -> tuple[int, ...]:
    sizes = np.where(np.isnan(values), -1, np.abs(values))
    return tuple(int(n) for n in np.unravel_index(sizes.argmax(), values.shape))


def _said(value: Any) -> str:
    return signed(float(value))


def _where(runs: Runs, at: tuple[int, ...], letters: list[str], start: int) -> str:
    labels = numbered(runs.labels)
    row = f"at {quoted(labels[at[0]])}"
    if len(at) < 2 or letters[-1] == "1":
        return row
    return (
        f"{row} for {quoted(labels[at[1]])}" if letters[-1] == "k" else f"{row}, {NAMES[letters[-1]]} {start + at[1]}"
    )


def table(called: str, labels: list[str], clean: Array, changed: Array | None) -> Table:
    """How long the slice's vector is at each position, and how far the intervention moves it."""
    one = _lengths(clean)
    if changed is None:
        rows: Any = zip(labels, one, strict=True)
        return Table(f"Length of each row of {called}", ("Position", "length"), tuple(rows))
    two, apart = _lengths(changed), _lengths(changed - clean)
    columns = ("Position", "clean: length", "intervened: length", "difference", "length of what is added")
    rows = zip(labels, one, two, [b - a for a, b in zip(one, two, strict=True)], apart, strict=True)
    return Table(f"Length of each row of {called}", columns, tuple(rows))


def _lengths(values: Array) -> list[float]:
    flat = np.nan_to_num(values.astype(float)).reshape(len(values), -1)
    return [float(length) for length in np.linalg.norm(flat, axis=1)]


def code(model: Transformer, hook: str = "", piece: str = "", run: str = "intervened") -> list[str]:
    """The slice in TransformerLens."""
    name = hook or default(model)
    part = f'cache["{name}"][{written(cut(model, name, piece))}]'
    if name.endswith(MASKED):  # minus infinity less minus infinity is no number
        return [f"part = {part}", 'result = part.masked_fill(part.isinf(), float("nan"))']
    return [f"result = {part}"]


HOOK_EXPLORER = View(
    "Hook explorer", "Activations", ("hook", "piece", "run"), controls, needed, draw, numbers, code
)  # fmt: skip
