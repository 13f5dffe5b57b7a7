"""Logit lens: what the model would predict if it stopped after each layer (nostalgebraist, 2020)."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from typing import Any

import numpy as np

from circuit_explainer.charts import Chart, Table, picture
from circuit_explainer.charts.labels import numbered, quoted, signed
from circuit_explainer.core import ActivationCache, Transformer
from circuit_explainer.core.arrays import Array
from circuit_explainer.core.hooks import NamesFilter
from circuit_explainer.exhibits import Control
from circuit_explainer.exhibits.controls import Wire
from circuit_explainer.workbench.playground.runs import Runs
from circuit_explainer.workbench.playground.views.guesses import grid
from circuit_explainer.workbench.playground.views.lens import Guesses, read, window
from circuit_explainer.workbench.playground.views.view import View, run_control
from circuit_explainer.workbench.playground.views.words import at, distinct, token_names

READING = (
    "How to read it: each column is a token of the text, each row a place in the model, the end at the top. "
    "A cell is what the model would expect next there, with its probability."
)
CHANGED = " In an outlined cell the guess of the clean run has lost or won a tenth or more."
MOVED = 0.1
DIFFERENCE = (
    "How to read it: each column is a token of the text, each row a place in the model, the end at the top. "
    "A cell is what the clean run expects next there, and by how much its probability changes."
)


def controls(model: Transformer, wires: Mapping[str, Wire]) -> dict[str, Control]:
    """Which run is drawn."""
    return run_control(wires)


def needed(model: Transformer, values: Mapping[str, Any]) -> NamesFilter:
    """The stream before each layer."""
    return lambda name: name.endswith("hook_resid_pre")


def numbers(runs: Runs, logits: Array, cache: ActivationCache, run: str = "intervened") -> Array:  # -> [stage, p]
    """The probability of the likeliest token at each place."""
    work = read(runs.model, logits, cache, window(runs.model, runs.tokens.shape[1]))
    while True:
        try:
            next(work)
        except StopIteration as done:
            return np.asarray(done.value.shares)


def draw(runs: Runs, run: str = "intervened") -> Generator[str, None, Chart]:
    """A table of guesses, layers from the bottom up."""
    model, length = runs.model, runs.tokens.shape[1]
    last = window(model, length)
    clean = yield from read(model, runs.clean_logits, runs.clean, last)
    changed = None
    if runs.cache is not None and runs.logits is not None:
        changed = yield from read(model, runs.logits, runs.cache, last, clean.tokens, " in the intervened run")
    places = ["embedding", *(f"after layer {layer}" for layer in range(model.cfg.n_layers))]
    labels = numbered(runs.labels)[-last:]
    drawn = changed if changed and run == "intervened" else clean
    both = changed is not None and run == "difference"
    shares = changed.other - clean.shares if changed and both else drawn.shares
    moved = np.abs(drawn.other - clean.shares) >= MOVED
    other = {(int(n), int(p)) for n, p in np.argwhere(moved)}
    html = grid(
        names(runs, drawn.tokens),
        shares,
        [place.removeprefix("after ") for place in places],
        labels,
        "After",
        other,
        both,
    )
    reading = DIFFERENCE if both else READING + (CHANGED if drawn is changed else "")
    told = sentence(runs, places, clean, changed)
    if last < length:
        told += f" Only the last {last} of {length} positions are read here: this model is large."
    return picture(html, summary=told, table=table(runs, places, labels, clean, changed), reading=reading)


def names(runs: Runs, tokens: Array) -> list[list[str]]:
    """What to call tokens [stage, p]."""
    there = distinct(tokens)
    called = dict(zip(there, token_names(runs, there), strict=True))
    return [[called[token] for token in row] for row in tokens.tolist()]


def sentence(runs: Runs, places: list[str], clean: Guesses, changed: Guesses | None) -> str:
    """How the guess after the last token comes about."""
    words = [quoted(row[-1]) for row in names(runs, clean.tokens)]
    shares = clean.shares[:, -1]
    end = len(places) - 1
    first = next(n for n in range(len(places)) if all(word == words[-1] for word in words[n:]))
    told = f"After the last token, {at(runs, -1)}, the model ends with {words[-1]} ({shares[-1]:.2f}). "
    if not end:
        told += "It has no layers, so the embedding alone decides."
    elif first == end:
        told += f"Up to {_place(places[end - 1])} another one is likelier, at last {words[end - 1]} "
        told += f"({shares[end - 1]:.2f})."
    elif first == 0:
        told += f"That is the likeliest token from the embedding on, there with {shares[0]:.2f}."
    else:
        told += f"That is the likeliest token from {_place(places[first])} on ({shares[first]:.2f}); "
        told += f"before, at {_place(places[first - 1])}, it is {words[first - 1]} ({shares[first - 1]:.2f})."
    if changed is not None:
        now = quoted(names(runs, changed.tokens)[-1][-1])
        left = float(changed.other[-1, -1])
        told += f" In the intervened run it ends with {now} ({changed.shares[-1, -1]:.2f})"
        moved = signed(left - float(shares[-1]))
        told += f": {moved}." if now == words[-1] else f"; {words[-1]} has {left:.2f} there ({moved})."
    return told


def table(runs: Runs, places: list[str], labels: list[str], clean: Guesses, changed: Guesses | None) -> Table:
    """A row for each place and position."""
    words = names(runs, clean.tokens)
    rows: list[tuple[str | float | None, ...]] = []
    after = names(runs, changed.tokens) if changed else words
    for p, label in enumerate(labels):
        for n, place in enumerate(places):
            cells: tuple[str | float | None, ...] = (f"{label}, {place}", words[n][p], float(clean.shares[n, p]))
            if changed:
                left = float(changed.other[n, p])
                cells += (after[n][p], float(changed.shares[n, p]), left - float(clean.shares[n, p]))
            rows.append(cells)
    columns: tuple[str, ...] = ("Token and place", "likeliest", "probability")
    if changed:
        columns = (
            "Token and place", "clean: likeliest", "its probability", "intervened: likeliest", "its probability ",
            "difference for the clean likeliest",
        )  # fmt: skip
    return Table("What the model would expect next after each layer", columns, tuple(rows))


def _place(place: str) -> str:
    return place.removeprefix("after ") if place != "embedding" else "the embedding"


def code(model: Transformer, run: str = "intervened") -> list[str]:
    """The probability of the likeliest token at each place, in TransformerLens."""
    stream = 'cache["resid_pre", layer]'
    if model.cfg.normalization_type:
        stream = f"model.ln_final({stream})"
    lines = [
        f"stages = [model.unembed({stream}) for layer in range(model.cfg.n_layers)] + [logits]",
        "result = torch.stack([stage[0].softmax(-1).max(-1).values for stage in stages])  # [stage, position]",
    ]
    last = window(model, model.cfg.n_ctx)
    return lines if last == model.cfg.n_ctx else [*lines, f"result = result[:, -{last}:]"]


LOGIT_LENS = View("Logit lens", "Predictions", ("run",), controls, needed, draw, numbers, code)
