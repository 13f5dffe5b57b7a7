"""The scores that one token gives to the tokens up to itself."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from circuit_explainer.charts.chart import Array, Chart
from circuit_explainer.charts.general.bars import bars
from circuit_explainer.charts.labels import numbered, quoted, signed

READING = (
    "How to read it: each bar is how well one token’s key fits the query. Bars to the right are above zero. "
    "Only the tokens up to the one that asks stand here."
)


def scores(row: Array, tokens: Sequence[str], asks: int = -1) -> Chart:
    """Return a bar for the score of each key that the query at `asks` may look at.

    `row` is [key], the query's scores for all positions; `tokens` are their labels; `asks` is the position of the
    query. Raises ValueError when the sizes do not agree.
    """
    if row.shape != (len(tokens),):
        raise ValueError(f"row must have shape ({len(tokens)},). Got {row.shape}.")
    at = range(len(tokens))[asks]
    labels, seen = numbered(tokens)[: at + 1], row[: at + 1]
    first, *others = np.argsort(-seen, kind="stable")[:2]
    told = f"The query of {quoted(labels[at])} fits best with the key of {_name(labels, first, at)}: "
    write = signed if bool((seen < 0).any()) else "{:.2f}".format
    told += f"the score is {write(float(seen[first]))}"
    if others:
        told += f". The next best is {_name(labels, others[0], at)}, with {write(float(seen[others[0]]))}"
    return bars(seen, labels, quantity="score", column="Key", summary=f"{told}.", reading=READING)


def _name(labels: Sequence[str], key: int, asks: int) -> str:
    return "itself" if key == asks else quoted(labels[key])
