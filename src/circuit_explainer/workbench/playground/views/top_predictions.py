"""Top predictions: what the model expects at every position, and what it made of the token that does come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np

from circuit_explainer.charts import Chart, Table, picture
from circuit_explainer.charts.labels import numbered, quoted, shortened, signed
from circuit_explainer.core import ActivationCache, Transformer
from circuit_explainer.core.arrays import Array
from circuit_explainer.core.hooks import NamesFilter
from circuit_explainer.core.run import ops
from circuit_explainer.exhibits import Choice, Control
from circuit_explainer.exhibits.controls import Wire
from circuit_explainer.workbench.playground.runs import Runs
from circuit_explainer.workbench.playground.views.view import View, run_control
from circuit_explainer.workbench.playground.views.words import at, distinct, token_names

TOPS = (1, 3, 5, 10)
# Columns of a token under a chip.
WIDTH = 9
# Rows of logits that are turned into probabilities at once.
AT_ONCE = 64
READING = (
    "How to read it: each box is a token of the text. Under it stands what the model expects next there, with the "
    "probability. The token that does come next is underlined; where it is not among these, it stands last, with its "
    "rank."
)
DIFFERENCE = (
    "How to read it: each box is a token of the text. Under it stand the tokens whose probability changes most there, "
    "and by how much. The token that does come next is underlined."
)
Cell = str | float | None


@dataclass(frozen=True)
class Told:
    """At each position the first tokens [p, k] with their `shares`, and of the next one `share` and `rank` [p - 1]."""

    tokens: Array
    shares: Array
    share: Array
    rank: Array


def controls(model: Transformer, wires: Mapping[str, Wire]) -> dict[str, Control]:
    """How many tokens, and which run is drawn."""
    tops = [top for top in TOPS if top <= model.cfg.d_vocab]
    top: dict[str, Control] = {"top": Choice(*tops, default=min(3, tops[-1]), label="Tokens")} if len(tops) > 1 else {}
    return {**top, **run_control(wires)}


def needed(model: Transformer, values: Mapping[str, Any]) -> NamesFilter:
    """The logits say it all."""
    return ()


def shares_of(logits: Array) -> Array:  # [p, v] -> [p, v]
    """The probabilities, some rows at a time: a large vocabulary then needs no second copy on its way."""
    rows = [ops.softmax(logits[n : n + AT_ONCE]) for n in range(0, len(logits), AT_ONCE)]
    return np.concatenate(rows)


def first(values: Array, top: int) -> Array:  # [p, v] -> [p, k]
    """The numbers of the `top` largest of each row, the largest first; the smaller number first where two are equal."""
    top = min(top, values.shape[1])
    some = np.sort(np.argpartition(-values, top - 1, axis=1)[:, :top], axis=1)
    order = np.argsort(-np.take_along_axis(values, some, 1), axis=1, kind="stable")
    return np.take_along_axis(some, order, 1)


def tell(shares: Array, tokens: Array, top: int) -> Told:
    """What a run expects: `shares` are [p, v], `tokens` [p] those of the text."""
    best = first(shares, top)
    own = np.take_along_axis(shares[:-1], tokens[1:, None], 1)
    rank = (shares[:-1] > own).sum(axis=1) + 1
    return Told(best, np.take_along_axis(shares, best, 1), own[:, 0], rank)


def numbers(
    runs: Runs, logits: Array, cache: ActivationCache, top: int = 3, run: str = "intervened"
) -> Array:  # -> [p, k]
    """The probabilities of the likeliest tokens."""
    return tell(shares_of(logits[0]), runs.tokens[0], top).shares


def draw(runs: Runs, top: int = 3, run: str = "intervened") -> Chart:
    """A strip of tokens, each with what is expected after it."""
    tokens = runs.tokens[0]
    before = shares_of(runs.clean_logits[0])
    clean = tell(before, tokens, top)
    changed, moved, by = None, clean.tokens, clean.shares
    if runs.logits is not None:
        after = shares_of(runs.logits[0])
        changed = tell(after, tokens, top)
        after -= before
        moved = first(np.abs(after), top)
        by = np.take_along_axis(after, moved, 1)
    words = _names(runs, clean.tokens, tokens, moved, *([changed.tokens] if changed else []))
    labels = numbered(runs.labels)
    both = changed is not None and run == "difference"
    drawn = changed if changed is not None and run == "intervened" else clean
    chips = ""
    for p, label in enumerate(labels):
        coming = int(tokens[p + 1]) if p + 1 < len(tokens) else None
        ids, values = (moved[p], by[p]) if both else (drawn.tokens[p], drawn.shares[p])
        write = signed if both else "{:.2f}".format
        notes = [_note(words[int(t)], write(float(x)), int(t) == coming) for t, x in zip(ids, values, strict=True)]
        if coming is not None and coming not in ids.tolist() and not both:
            notes.append(_note(words[coming], f"{drawn.share[p]:.2f}<br>rank {drawn.rank[p]}", True))
        chips += f'<li class="token"><span class="chip">{escape(shortened(label))}</span>{"".join(notes)}</li>'
    table = _table(runs, words, clean, changed)
    reading = DIFFERENCE if both else READING
    return picture(
        f'<ol class="strip expected">{chips}</ol>', summary=sentence(runs, words, clean, changed), table=table,
        reading=reading,
    )  # fmt: skip


def sentence(runs: Runs, words: Mapping[int, str], clean: Told, changed: Told | None) -> str:
    """What is expected at the end, and how often the likeliest token is the one that comes."""
    best = int(clean.tokens[-1, 0])
    told = f"After the last token, {at(runs, -1)}, the model expects {quoted(words[best])} ({clean.shares[-1, 0]:.2f})."
    places = len(clean.rank)
    if places:
        told += f" At {int((clean.rank == 1).sum())} of the {places} places before, the likeliest token is the one "
        told += f"that comes; on average the one that comes has {clean.share.mean():.2f}."
    if changed is not None:
        now = int(changed.tokens[-1, 0])
        told += f" In the intervened run it expects {quoted(words[now])} ({changed.shares[-1, 0]:.2f}) at the end"
        if places:
            told += f", and is right at {int((changed.rank == 1).sum())} places: {changed.share.mean():.2f} on average "
            told += f"({signed(float(changed.share.mean() - clean.share.mean()))})"
        told += "."
    return told


def _names(runs: Runs, *tokens: Array) -> dict[int, str]:
    there = distinct(np.concatenate([each.reshape(-1) for each in tokens]))
    return dict(zip(there, token_names(runs, there), strict=True))


def _note(word: str, number: str, comes: bool) -> str:
    kind = "note comes" if comes else "note"
    return f'<span class="{kind}"><bdi>{escape(shortened(word, WIDTH))}</bdi> {number}</span>'


def _table(runs: Runs, words: Mapping[int, str], clean: Told, changed: Told | None) -> Table:
    kinds = [("", clean)] if changed is None else [("clean: ", clean), ("intervened: ", changed)]
    columns = ["After", "comes next"]
    for kind, _ in kinds:
        columns += [f"{kind}its probability", f"{kind}its rank"]
    columns += ["difference"] if changed else []
    for kind, told in kinds:
        for n in range(1, told.tokens.shape[1] + 1):
            columns += [f"{kind}{n}.", f"{kind}probability of {n}."]
    rows = []
    for p, label in enumerate(numbered(runs.labels)):
        last = p == len(clean.share)
        row: list[Cell] = [label, None if last else words[int(runs.tokens[0, p + 1])]]
        for _, told in kinds:
            row += [None, None] if last else [float(told.share[p]), float(told.rank[p])]
        if changed:
            row.append(None if last else float(changed.share[p] - clean.share[p]))
        for _, told in kinds:
            for token, share in zip(told.tokens[p].tolist(), told.shares[p].tolist(), strict=True):
                row += [words[token], share]
        rows.append(tuple(row))
    return Table("What the model expects after each token", tuple(columns), tuple(rows))


def code(model: Transformer, top: int = 3, run: str = "intervened") -> list[str]:
    """The probabilities of the likeliest tokens, in TransformerLens."""
    top = min(top, model.cfg.d_vocab)
    return [f"result = logits[0].softmax(-1).topk({top}).values  # [position, {top}]"]


TOP_PREDICTIONS = View("Top predictions", "Predictions", ("top", "run"), controls, needed, draw, numbers, code)
