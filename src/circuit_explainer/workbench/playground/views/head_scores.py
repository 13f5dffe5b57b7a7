"""The head table as a chart: what each head does on random repeated tokens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from circuit_explainer import charts
from circuit_explainer.charts import Chart
from circuit_explainer.charts.chart import Cell
from circuit_explainer.circuits.copying import copying_eigenvalues
from circuit_explainer.circuits.heads import all_heads, head_name
from circuit_explainer.circuits.repeats import some_repeats
from circuit_explainer.circuits.scores import SEQUENCES, columns_of_run
from circuit_explainer.circuits.scores import needed as needed_name
from circuit_explainer.circuits.table import SCORES
from circuit_explainer.core import ActivationCache, Transformer
from circuit_explainer.core.arrays import Array
from circuit_explainer.core.hooks import NamesFilter
from circuit_explainer.exhibits import Choice, Control
from circuit_explainer.exhibits.controls import Wire
from circuit_explainer.workbench.playground.runs import Runs
from circuit_explainer.workbench.playground.views import compared, score_code
from circuit_explainer.workbench.playground.views.view import View, has_heads, run_control

ALL = "all scores"
BY_WEIGHTS = "copying_eigenvalues"
# Multiplications beyond which the score of the weights alone would keep a browser busy for many seconds.
MOST_WORK = 1e9
MOST_ROWS, MOST_BARS = 24, 16
# A head that does one of these stands among the first of many.
JOBS = ("previous token", "duplicate token", "induction")
WHERE = f"Measured on {SEQUENCES} sequences of random tokens, each of them twice, not on your text."
READING = (
    "How to read it: each row is a head, each column a score. Scores of attention lie between 0 and 1, "
    f"those of copying between −1 and 1. {WHERE}"
)
BARS = "How to read it: each bar is the score of one head. " + WHERE
BOTH = (
    "How to read it: each head has two bars, the solid one of the clean run, the hatched one with your changes. "
    + WHERE
)


def offered(model: Transformer) -> tuple[str, ...]:
    """The scores of a model, in words; that of the weights is left out where it would take very long."""
    cfg = model.cfg
    long = cfg.d_model * cfg.d_model * cfg.d_vocab > MOST_WORK
    return tuple(name.replace("_", " ") for name in SCORES if not (long and name == BY_WEIGHTS))


def controls(model: Transformer, wires: Mapping[str, Wire]) -> dict[str, Control]:
    """Which score, and the run where there are two and all scores are shown."""
    score = Choice(ALL, *offered(model), label="Score")
    return {"score": score, **(run_control(wires) if wires.get("score", ALL) == ALL else {})}


def needed(model: Transformer, values: Mapping[str, Any]) -> NamesFilter:
    """Patterns and values of all layers."""
    return needed_name


def numbers(runs: Runs, logits: Array, cache: ActivationCache, score: str = ALL, run: str = "") -> Array:
    """One score of every head [head], or all of them [head, score]."""
    found = {name.replace("_", " "): values for name, values in _columns(runs, cache).items()}
    if score != ALL:
        return found[score].reshape(-1)
    return np.stack([found[name].reshape(-1) for name in offered(runs.model)], axis=1)


def draw(runs: Runs, score: str = ALL, run: str = "intervened") -> Chart:
    """All scores as a table of colours, or one of them as bars."""
    names = [head_name(*head) for head in all_heads(runs.model.cfg)]
    clean = numbers(runs, runs.clean_logits, runs.clean, ALL)
    changed = None if runs.cache is None else numbers(runs, runs.clean_logits, runs.cache, ALL)
    titles = list(offered(runs.model))
    if score == ALL:
        chart = _all(clean, changed, names, titles, run)
        return replace(chart, summary=_told(clean, changed, names, titles, "induction"), reading=READING)
    at = titles.index(score)
    one, other = clean[:, at], None if changed is None else changed[:, at]
    order: list[int] = np.argsort(-one, kind="stable")[:MOST_BARS].tolist()
    shown, quantity = [names[n] for n in order], f"{score} score"
    if other is None:
        chart = charts.bars(one[order], shown, quantity=quantity, column="Head", reading=BARS, tokens=False)
    else:
        how = "with your changes"
        chart = charts.compare(
            one[order],
            other[order],
            shown,
            quantity=quantity,
            column="Head",
            how=how,
            was="clean",
            reading=BOTH,
            tokens=False,
        )
    heads, cells = compared.columns(one, other, quantity)
    table = compared.table(f"The {quantity} of each head", "Head", names, heads, cells)
    return replace(chart, summary=_told(clean, changed, names, titles, score), table=table)


def code(model: Transformer, score: str = ALL, run: str = "") -> list[str]:
    """The scores in TransformerLens."""
    if score != ALL:
        return [*score_code.START, *score_code.lines(score, model), "result = scores.flatten()  # [head]"]
    lines = [*score_code.START, "found = []"]
    for name in offered(model):
        lines += [f"# {name}", *score_code.lines(name, model), "found.append(scores)"]
    return [*lines, "result = torch.stack(found, dim=-1).flatten(0, 1)  # [head, score]"]


def _columns(runs: Runs, cache: ActivationCache) -> dict[str, Array]:
    model = runs.model
    found = columns_of_run(model, cache, some_repeats(model, SEQUENCES))
    if BY_WEIGHTS.replace("_", " ") in offered(model):
        found[BY_WEIGHTS] = copying_eigenvalues(model)
    return found


def _all(clean: Array, changed: Array | None, names: Sequence[str], titles: Sequence[str], run: str) -> Chart:
    rows: list[int] = list(range(len(names)))
    if len(names) > MOST_ROWS:
        most = clean[:, [titles.index(job) for job in JOBS]].max(axis=1)
        rows = sorted(np.argsort(-most, kind="stable")[:MOST_ROWS].tolist())
    difference = changed is not None and run == "difference"
    chart = charts.matrix(
        compared.drawn(clean, changed, run)[rows], [names[n] for n in rows], titles,
        quantity="score, difference" if difference else "score", row_title="head", column_title="score", limit=1.0,
    )  # fmt: skip
    # Words, not tokens: their spaces stay spaces, and they stand whole, on end.
    chart.figure["layout"]["xaxis"]["ticktext"] = list(titles)
    chart.figure["layout"]["margin"]["b"] = 160
    heads: list[str] = []
    cells: list[list[Cell]] = []
    for at, title in enumerate(titles):
        columns, found = compared.columns(clean[:, at], None if changed is None else changed[:, at], title)
        heads += [title] if changed is None else [f"{title}, {column}" for column in columns]
        cells += found
    return replace(chart, table=compared.table("Scores of each head", "Head", names, heads, cells))


def _told(clean: Array, changed: Array | None, names: Sequence[str], titles: Sequence[str], score: str) -> str:
    values = clean[:, titles.index(score)]
    if np.isnan(values).all():
        return f"There is nothing to score for “{score}”."
    best = int(np.nan_to_num(values, nan=-2).argmax())
    told = f"{names[best]} has the highest score for “{score}”, {values[best]:.2f}"
    if changed is None:
        return f"{told}."
    told += f"; with your changes {changed[best, titles.index(score)]:.2f}."
    at = compared.most_changed(clean, changed)
    if at is None:
        return f"{told} Your changes move no score."
    if at == (best, titles.index(score)):
        return told
    return (
        f"{told} The largest change is that of {names[at[0]]}, “{titles[at[1]]}”: {changed[at]:.2f} instead of "
        f"{clean[at]:.2f}."
    )


def _fits(model: Transformer) -> bool:
    return has_heads(model) and model.cfg.n_ctx >= 3 and model.cfg.d_vocab >= 2


HEAD_SCORES = View(
    "Head scores", "Attention", ("score", "run"), controls, needed, draw, numbers, code, _fits, on_repeats=True
)
