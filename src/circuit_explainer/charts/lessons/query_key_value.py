"""Query, key and value of tokens: in words where their components have names, and as bars."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import numpy as np

from circuit_explainer.charts.chart import Array, Chart, Table
from circuit_explainer.charts.general.vectors import vectors
from circuit_explainer.charts.labels import numbered, quoted, shortened, visible
from circuit_explainer.charts.picture import picture

WORDS_READING = (
    "How to read it: each line is one token. The word beside it stands for the largest component of its query, its key "
    "or its value."
)
BARS_READING = (
    "How to read it: each row is one vector of the same token, each bar one of its components. Each row has a scale of "
    "its own."
)
HANDED_READING = (
    "How to read it: above, the value of the token whose key fits best; below, what the token that asks receives. "
    "A component has the same place in both rows."
)
QUESTIONS = ("looks for", "offers", "hands over")
NOTHING, EVERY = "nothing", "anything"
# Components that differ by less than this part of the largest stand for no word.
FLAT = 0.01


def three_questions(
    query: Array, key: Array, value: Array, tokens: Sequence[str], names: Sequence[str], at: int = -1
) -> Chart:
    """Return what each token looks for, offers and hands over, in words.

    `query`, `key` and `value` are [position, d_head]; `tokens` are the labels of the positions; `names` says what the
    first components stand for. The sentence is about the token at `at`. Raises ValueError when the sizes do not agree.
    """
    for name, given in (("query", query), ("key", key), ("value", value)):
        if given.ndim != 2 or len(given) != len(tokens):
            raise ValueError(f"{name} must have shape ({len(tokens)}, d_head). Got {given.shape}.")
    labels = numbered(tokens)
    said = [[_meaning(vector[n], names) for vector in (query, key, value)] for n in range(len(tokens))]
    head = "".join(f"<span>{title}</span>" for title in ("token", *QUESTIONS))
    lines = "".join(
        f'<li><span><span class="chip">{escape(shortened(label))}</span></span>'
        f"{''.join(f'<span>{escape(shortened(word))}</span>' for word in row)}</li>"
        for label, row in zip(labels, said, strict=True)
    )
    looks, offers, hands = (_told(word, names) for word in said[at])
    summary = f"{quoted(labels[at])} looks for {looks}, offers {offers} and hands over {hands}."
    table = Table("What each token asks and answers", ("Token", *QUESTIONS), tuple(
        (label, *row) for label, row in zip(labels, said, strict=True)
    ))  # fmt: skip
    html = f'<ul class="chips"><li class="head">{head}</li>{lines}</ul>'
    return picture(html, summary=summary, table=table, reading=WORDS_READING)


def query_key_value(
    query: Array, key: Array, value: Array, tokens: Sequence[str], at: int, names: Sequence[str] = ()
) -> Chart:
    """Return the three vectors of the token at `at` as rows of bars.

    `query`, `key` and `value` are [d_head]; `tokens` are the labels of the text. `names` says what the first
    components stand for, where they stand for anything: only these are drawn. Raises ValueError when the sizes do not
    agree.
    """
    token = quoted(numbered(tokens)[at])
    if names:
        looks, offers, hands = (_told(_meaning(each, names), names) for each in (query, key, value))
        summary = f"{token} looks for {looks}, offers {offers} and hands over {hands}."
    else:
        lengths = (f"{np.linalg.norm(each):.2f}" for each in (query, key, value))
        summary = "The three vectors of {}: the query is {} long, the key {} and the value {}.".format(token, *lengths)
    rows = {"query": query, "key": key, "value": value}
    if names:
        rows = {name: row[: len(names)] for name, row in rows.items()}
    return vectors(rows, names, summary=summary, reading=BARS_READING, same_scale=False)


def handed_over(
    value: Array, received: Array, tokens: Sequence[str], asks: int, answers: int, names: Sequence[str] = ()
) -> Chart:
    """Return the value of the token at `answers` above what the token at `asks` receives.

    `value` and `received` are [d_head], a head's `v` and `z`; `tokens` are the labels of the text; `names` as for
    `query_key_value`. Raises ValueError when the sizes do not agree.
    """
    labels = numbered(tokens)
    missed = float(np.abs(value - received).max())
    asker, source = quoted(labels[asks]), quoted(labels[answers])
    whole = missed < FLAT * max(float(np.abs(value).max()), FLAT)
    summary = f"The key of {source} fits best. {asker} receives "
    summary += f"{_told(_meaning(received, names), names)}, " if names else ""
    summary += f"the value of {source}, whole." if whole else f"something that differs from the value of {source}."
    size = len(names) or len(value)
    rows = {
        f"value of {visible(labels[answers])}": value[:size],
        f"received by {visible(labels[asks])}": received[:size],
    }
    return vectors(rows, names, summary=summary, reading=HANDED_READING)


def _meaning(vector: Array, names: Sequence[str]) -> str:
    """Return the name of a vector's largest component; other words where there is none, or all are alike."""
    most = int(np.abs(vector).argmax())
    size = float(np.abs(vector[most]))
    if size < FLAT:
        return NOTHING
    if float(np.ptp(vector)) < FLAT * size:
        return EVERY
    return names[most] if most < len(names) else f"#{most}"


def _told(word: str, names: Sequence[str]) -> str:
    return quoted(visible(word)) if word in names else word
