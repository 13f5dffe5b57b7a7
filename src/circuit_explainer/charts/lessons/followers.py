"""A bigram table: how likely each token is to follow another."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from circuit_explainer.charts.chart import Array, Chart
from circuit_explainer.charts.general.matrix import matrix
from circuit_explainer.charts.labels import quoted, visible

READING = (
    "How to read it: each row is the present token, each column one that may come next. The brighter a cell, the "
    "likelier. The likeliest of each row is outlined. Tokens that seldom come next have no column."
)


def followers(table: Array, rows: Sequence[str], columns: Sequence[str], top: int = 12) -> Chart:
    """Return the rows of a bigram table for a few tokens, with the columns that matter to them most.

    `table` is [row, next token], each row adding up to 1; `rows` are the labels of its rows, `columns` those of the
    vocabulary. The `top` columns that hold the largest numbers are shown, in the order of the vocabulary. Raises
    ValueError when the sizes do not agree.
    """
    if table.shape != (len(rows), len(columns)):
        raise ValueError(f"table must have shape {(len(rows), len(columns))}. Got {table.shape}.")
    kept = np.sort(np.argsort(-table.max(axis=0), kind="stable")[:top])
    best = table.argmax(axis=1)
    shares = table.max(axis=1)
    sure, unsure = int(shares.argmax()), int(shares.argmin())
    summary = f"The model is surest after {_told(rows, columns, best, shares, sure)}"
    if len(rows) > 1:
        summary += f" It is least sure after {_told(rows, columns, best, shares, unsure)}"
    return matrix(
        table[:, kept],
        rows,
        [columns[n] for n in kept],
        quantity="probability",
        row_title="this one",
        column_title="comes next",
        summary=summary,
        reading=READING,
        limit=1.0,
        marks=[(n, int(np.searchsorted(kept, at))) for n, at in enumerate(best) if at in kept],
    )


def _told(rows: Sequence[str], columns: Sequence[str], best: Array, shares: Array, row: int) -> str:
    return f"{quoted(visible(rows[row]))}: {quoted(visible(columns[best[row]]))} comes next with {shares[row]:.2f}."
