"""One head: where it looks, what that moves, and the scores before the softmax."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from circuit_explainer import charts
from circuit_explainer.charts import Chart, Table
from circuit_explainer.charts.general.matrix import MAX_LABELS
from circuit_explainer.charts.labels import numbered, quoted, signed
from circuit_explainer.circuits.heads import Head, all_heads, head_name, head_weight, values_by_head
from circuit_explainer.core import ActivationCache, Transformer
from circuit_explainer.core.arrays import Array
from circuit_explainer.core.hooks import NamesFilter
from circuit_explainer.core.run import ops
from circuit_explainer.exhibits import Choice, Control
from circuit_explainer.exhibits.controls import Wire
from circuit_explainer.workbench.playground.runs import Runs
from circuit_explainer.workbench.playground.views import compared
from circuit_explainer.workbench.playground.views.view import View, has_heads, run_control

PATTERN, MOVED, SCORES = "pattern", "value-weighted", "scores before softmax"
KINDS = (PATTERN, MOVED, SCORES)
QUANTITY = {PATTERN: "attention", MOVED: "attention × size", SCORES: "score"}
READINGS = {
    PATTERN: "The brighter the cell, the more attention goes from the row’s token to the column’s.",
    MOVED: "A cell is the attention times the length of what the column’s token hands over.",
    SCORES: "A cell is the fit of query and key, before the softmax of its row makes shares of it.",
}
ROWS = "How to read it: each row is a token that asks, each column a token that may answer."
DIFFERENCE = "A cell is how much more than in the clean run; one colour is more, the other less."


def controls(model: Transformer, wires: Mapping[str, Wire]) -> dict[str, Control]:
    """The head, where there are several, what is shown of it, and the run where there are two."""
    names = [head_name(*head) for head in all_heads(model.cfg)]
    head: dict[str, Control] = {"head": Choice(*names, default=names[-1], label="Head")} if len(names) > 1 else {}
    return {**head, "kind": Choice(*KINDS, label="Show"), **run_control(wires)}


def needed(model: Transformer, values: Mapping[str, Any]) -> NamesFilter:
    """Scores, pattern and values of the layer."""
    attn = f"blocks.{_head(model, values.get('head', ''))[0]}.attn.hook_"
    return {f"{attn}pattern", f"{attn}attn_scores", f"{attn}v"}


def numbers(
    runs: Runs, logits: Array, cache: ActivationCache, head: str = "", kind: str = PATTERN, run: str = ""
) -> Array:
    """What is shown: [query, key], NaN where a token would look ahead."""
    layer, at = _head(runs.model, head)
    values = cache["attn_scores" if kind == SCORES else "pattern", layer][0, at]
    if kind == MOVED:
        v = np.ascontiguousarray(values_by_head(runs.model.cfg, cache, layer)[0, :, at])
        values = values * np.linalg.norm(ops.product(v, head_weight(runs.model, "O", layer, at)), axis=-1)
    return np.where(np.triu(np.ones(values.shape, bool), 1), np.float32(np.nan), values)


def draw(runs: Runs, head: str = "", kind: str = PATTERN, run: str = "intervened") -> Chart:
    """The heatmap."""
    clean = numbers(runs, runs.clean_logits, runs.clean, head, kind)
    changed = None if runs.cache is None else numbers(runs, runs.clean_logits, runs.cache, head, kind)
    values, signs = compared.drawn(clean, changed, run), changed is not None and run == "difference"
    labels, name = numbered(runs.labels), head_name(*_head(runs.model, head))
    if kind == PATTERN and not signs:
        chart = charts.attention(np.nan_to_num(values), runs.labels)
        if len(labels) > MAX_LABELS:
            _crowded(chart)
        told = chart.summary if changed is None else _most(clean, labels, kind, True)
    else:
        chart = charts.matrix(
            values, labels, labels, quantity=f"{QUANTITY[kind]}{', difference' * signs}",
            row_title="from here (destination)", column_title="looks at (source)",
        )  # fmt: skip
        told = _most(clean, labels, kind, changed is not None)
    chart.figure["layout"]["meta"] = {"strip": True}
    if changed is not None:
        told += f" {_change(clean, changed, labels, kind)}"
    reading = f"{ROWS} {DIFFERENCE if signs else READINGS[kind]}"
    return replace(chart, summary=f"{name}: {told}", table=_table(clean, changed, labels, kind, name), reading=reading)


def code(model: Transformer, head: str = "", kind: str = PATTERN, run: str = "") -> list[str]:
    """The same in TransformerLens."""
    layer, at = _head(model, head)
    site = "attn_scores" if kind == SCORES else "pattern"
    lines = [f'values = cache["{site}", {layer}][0, {at}]  # [query, key]']
    if kind == MOVED:
        shared = model.cfg.n_heads // (model.cfg.n_key_value_heads or model.cfg.n_heads)
        lines += [
            f'moved = cache["v", {layer}][0, :, {at // shared}] @ model.W_O[{layer}, {at}]  # [key, d_model]',
            "values = values * moved.norm(dim=-1)",
        ]
    return [
        *lines,
        "later = torch.ones_like(values).triu(1).bool()  # a token does not look ahead",
        'result = values.masked_fill(later, float("nan"))',
    ]


def _head(model: Transformer, name: str) -> Head:
    heads = {head_name(*head): head for head in all_heads(model.cfg)}
    return heads.get(name) or list(heads.values())[-1]


def _crowded(chart: Chart) -> None:
    """Take away what would overlap where cells are small: labels, gaps and outlines."""
    chart.figure["data"][0] |= {"xgap": 0, "ygap": 0}
    for axis in ("xaxis", "yaxis"):
        chart.figure["layout"][axis] |= {"showticklabels": False, "ticks": ""}
    chart.figure["layout"] |= {"shapes": [], "margin": {"l": 36, "r": 8, "t": 8, "b": 32}}


def _most(values: Array, labels: Sequence[str], kind: str, of_two: bool) -> str:
    """Say where the last token has most in the clean run, which is named where there are `of_two`."""
    row = values[-1]
    key = int(row.argmax())
    where = "itself" if key == len(labels) - 1 else quoted(labels[key])
    last, most = quoted(labels[-1]), signed(float(row[key])) if kind == SCORES else f"{row[key]:.2f}"
    told = {
        PATTERN: f"{last} looks most at {where}, with {most}.",
        MOVED: f"what {last} gets comes most from {where}: {most}.",
        SCORES: f"the query of {last} fits best with the key of {where}: {most}.",
    }[kind]
    return f"in the clean run {told}" if of_two else told


def _change(clean: Array, changed: Array, labels: Sequence[str], kind: str) -> str:
    at = compared.most_changed(clean, changed)
    if at is None:
        return "Your changes move nothing here."
    write = signed if kind == SCORES else "{:.2f}".format
    before, after = write(float(clean[at])), write(float(changed[at]))
    to = "itself" if at[0] == at[1] else quoted(labels[at[1]])
    return f"The largest change is from {quoted(labels[at[0]])} to {to}: {after} instead of {before}."


def _table(clean: Array, changed: Array | None, labels: Sequence[str], kind: str, name: str) -> Table:
    """Every pair of tokens, or the last token only where that would be a very long table."""
    queries, keys = compared.below(clean)
    whole = len(queries) * (1 if changed is None else 3) <= compared.MOST_CELLS
    if not whole:
        keys = np.arange(len(labels))
        queries = np.full(len(labels), len(labels) - 1)
    heads, cells = compared.columns(
        clean[queries, keys], None if changed is None else changed[queries, keys], QUANTITY[kind]
    )
    rows = [f"{labels[q]} looks at {'itself' if q == k else labels[k]}" for q, k in zip(queries, keys, strict=True)]
    caption = f"{name}, {kind}, from one token to another"
    if not whole:
        caption += f": that of the last token, “{labels[-1]}”, as all of it would be too long"
    return compared.table(caption, "Pair of tokens", rows, heads, cells)


ONE_HEAD = View("One head", "Attention", ("head", "kind", "run"), controls, needed, draw, numbers, code, has_heads)
