"""All heads at once: a small chart for each, by layer or by a score; pressing one opens it in the view of one head."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from circuit_explainer.charts import Chart, Table
from circuit_explainer.charts.labels import numbered, quoted, signed
from circuit_explainer.circuits.heads import Head, head_name
from circuit_explainer.core import ActivationCache, Transformer
from circuit_explainer.core.arrays import Array
from circuit_explainer.core.hooks import NamesFilter
from circuit_explainer.exhibits import Choice, Control
from circuit_explainer.exhibits.controls import Wire
from circuit_explainer.workbench.playground.runs import Runs
from circuit_explainer.workbench.playground.views import compared
from circuit_explainer.workbench.playground.views.grid import grid
from circuit_explainer.workbench.playground.views.heads_shown import CODE, LAYERS, ORDERS, parts, ranked, score
from circuit_explainer.workbench.playground.views.view import View, has_heads, run_control

READING = (
    "How to read it: each small chart is one head. Rows ask, columns answer; the brighter a cell, the more attention. "
    "Press a chart to open it."
)
DIFFERENCE = (
    "How to read it: each small chart is one head. Rows ask, columns answer. One colour is more attention than in the "
    "clean run, the other is less. Press a chart to open it."
)


def controls(model: Transformer, wires: Mapping[str, Wire]) -> dict[str, Control]:
    """The order, the part of the heads where they are many, and the run where there are two."""
    wire = wires.get("order")
    order = wire if isinstance(wire, str) and wire in ORDERS else LAYERS
    several = parts(model.cfg, order)
    part: dict[str, Control] = {"part": Choice(*several, label="Heads", steps=True)} if len(several) > 1 else {}
    return {"order": Choice(*ORDERS, label="Order by"), **part, **run_control(wires)}


def needed(model: Transformer, values: Mapping[str, Any]) -> NamesFilter:
    """The patterns: those of the layers shown, or of all where they are ordered by a score."""
    order = values.get("order", LAYERS)
    shown = range(model.cfg.n_layers * model.cfg.n_heads)
    if order == LAYERS:
        shown = shown[_part(model, order, values.get("part", ""))]
    return {f"blocks.{at // model.cfg.n_heads}.attn.hook_pattern" for at in shown}


def numbers(
    runs: Runs, logits: Array, cache: ActivationCache, order: str = LAYERS, part: str = "", run: str = ""
) -> Array:
    """The patterns of the heads shown, in their order: [head, query, key]."""
    return _stacked(cache, heads(runs, order, part)[0])


def heads(runs: Runs, order: str, part: str) -> tuple[list[Head], Array | None]:
    """The heads shown, in their order, and the score of each in the clean run, None by layer."""
    cfg, at = runs.model.cfg, _part(runs.model, order, part)
    if order == LAYERS:
        return [divmod(n, cfg.n_heads) for n in range(cfg.n_layers * cfg.n_heads)[at]], None
    patterns = np.concatenate([runs.clean["pattern", layer][0] for layer in range(cfg.n_layers)])
    every, found = ranked(cfg, patterns, runs.tokens, order)
    return every[at], None if found is None else found[at]


def draw(runs: Runs, order: str = LAYERS, part: str = "", run: str = "intervened") -> Chart:
    """The grid."""
    shown, found = heads(runs, order, part)
    clean = _stacked(runs.clean, shown)
    changed = None if runs.cache is None else _stacked(runs.cache, shown)
    labels, names = numbered(runs.labels), [head_name(*head) for head in shown]
    patterns, signs = compared.drawn(clean, changed, run), changed is not None and run == "difference"
    titles = names
    if found is not None and not np.isnan(found).any():
        # A difference of scores is the score of the difference.
        values = score(patterns, runs.tokens, order)
        titles = [
            f"{name} · {signed(x) if signs else f'{x:.2f}'}" for name, x in zip(names, values.tolist(), strict=True)
        ]
    by_layer = order == LAYERS and runs.model.cfg.n_heads <= 4
    figure = grid(
        patterns,
        labels,
        names,
        titles,
        columns=runs.model.cfg.n_heads if by_layer else 4,
        upwards=by_layer,
        signs=signs,
    )
    figure["layout"]["meta"] = {"press": [f"view=One head&head={name}" for name in names]}
    first = _part(runs.model, order, part).start == 0
    told = (
        _first(clean, labels, names, changed is not None)
        if found is None
        else _best(first, runs, changed, names, found, order)
    )
    if changed is not None:
        told += f" {_change(clean, changed, labels, names)}"
    return Chart(figure, told, _table(clean, changed, labels, names), DIFFERENCE if signs else READING)


def code(model: Transformer, order: str = LAYERS, part: str = "", run: str = "") -> list[str]:
    """The patterns shown, in TransformerLens."""
    at = _part(model, order, part)
    rows = f"[{at.start}:{at.stop}]"
    every = 'torch.cat([{}["pattern", layer][0] for layer in range(model.cfg.n_layers)])'
    if order == LAYERS:
        return [f"result = {every.format('cache')}{rows}  # [head, query, key]"]
    return [
        f"patterns = {every.format('clean')}  # [head, query, key]",
        *CODE[order],
        f"shown = scores.round(decimals=2).argsort(descending=True, stable=True){rows}",
        f"result = {every.format('cache')}[shown]",
    ]


def _part(model: Transformer, order: str, part: str) -> slice:
    several = parts(model.cfg, order)
    return several.get(part) or next(iter(several.values()))


def _stacked(cache: ActivationCache, shown: Sequence[Head]) -> Array:
    return np.stack([cache["pattern", layer][0, head] for layer, head in shown])


def _first(clean: Array, labels: Sequence[str], names: Sequence[str], of_two: bool) -> str:
    """Say where the last token looks in the head that has most of it in one place, the first token aside.

    That is of the clean run, which is named where there are `of_two`.
    """
    rows = clean[:, -1, 1:] if len(labels) > 1 else clean[:, -1]
    at, key = map(int, np.unravel_index(int(rows.argmax()), rows.shape))
    weight = float(rows[at, key])
    answer = key + (len(labels) > 1)
    where = "itself" if answer == len(labels) - 1 else quoted(labels[answer])
    run = " of the clean run" if of_two else ""
    return f"In {names[at]}{run} the last token, {quoted(labels[-1])}, looks at {where} with {weight:.2f}."


def _best(first: bool, runs: Runs, changed: Array | None, names: Sequence[str], found: Array, order: str) -> str:
    if np.isnan(found).any():
        why = "No token of this text comes twice" if len(runs.labels) > 1 else "There is one token"
        return f"{why}, so no head can be scored for “{order}”: they stand by layer."
    rest = "" if first else " of these"
    told = f"{names[0]} has the highest score{rest} for “{order}” on this text, {found[0]:.2f}"
    if changed is not None:
        told += f"; with your changes {score(changed[:1], runs.tokens, order)[0]:.2f}"
    return f"{told}."


def _change(clean: Array, changed: Array, labels: Sequence[str], names: Sequence[str]) -> str:
    at = compared.most_changed(clean, changed)
    if at is None:
        return "Your changes move none of these patterns."
    head, query, key = at
    where = "itself" if query == key else quoted(labels[key])
    return (
        f"The largest change: in {names[head]} {quoted(labels[query])} looks at {where} with {changed[at]:.2f} instead "
        f"of {clean[at]:.2f}."
    )


def _table(clean: Array, changed: Array | None, labels: Sequence[str], names: Sequence[str]) -> Table:
    """Every pair of tokens, or the last token only where that would be a very long table."""
    queries, keys = compared.below(clean)
    whole = len(queries) * len(names) * (1 if changed is None else 3) <= compared.MOST_CELLS
    if not whole:
        keys = np.arange(len(labels))
        queries = np.full(len(labels), len(labels) - 1)
    cells, columns = [], []
    for at, name in enumerate(names):
        heads_, found = compared.columns(
            clean[at, queries, keys], None if changed is None else changed[at, queries, keys], name
        )
        columns += [name] if changed is None else [f"{name}, {head}" for head in heads_]
        cells += found
    rows = [f"{labels[q]} looks at {'itself' if q == k else labels[k]}" for q, k in zip(queries, keys, strict=True)]
    caption = "Attention of each head from one token to another"
    if not whole:
        caption += f": that of the last token, “{labels[-1]}”, as all of it would be too long; open one head for more"
    return compared.table(caption, "Pair of tokens", rows, columns, cells)


ALL_HEADS = View("All heads", "Attention", ("order", "part", "run"), controls, needed, draw, numbers, code, has_heads)
